"""Names of templates and schedules: one word, in any script."""

import re

from casework.errors import Invalid
from casework.forms import clean
from rules.wording import Wording

LONGEST = 40
_WORD = re.compile(r"[\w.-]+")


def read_name(written: str, *, where: str = "name") -> str:
    """Return a name as it is kept; raise Invalid for one that is empty or no single word."""
    name = clean(written, where=where, longest=LONGEST)
    if not _WORD.fullmatch(name):
        raise Invalid(
            Wording(f"“{name}”不能作名称", f"{name!r} cannot be a name"),
            remedy=Wording(
                "请用一个词，可含汉字、字母、数字和 . _ -，例如 每月 或 monthly-2026。",
                "Use one word of letters, digits and . _ -, such as monthly-2026.",
            ),
            where=where,
        )
    return name
