"""Parts of the house that are data, read from TOML: one way to read them, one to name them."""

import tomllib
from hashlib import sha256
from typing import TypeVar

from pydantic import ValidationError

from rules.faults import key_of, problem_of, remedy_of, toml_problem
from rules.parts import Part
from rules.wording import Trouble, Wording

P = TypeVar("P", bound=Part)
BYTE_ORDER_MARK = "\ufeff"  # Windows' Notepad writes one
MEND = Wording("请按提示的行列修改。", "Mend the line and column named.")


class TextTrouble(Trouble):
    """A text that cannot be adopted; ``where`` is its file and key."""


def read_part(part: type[P], text: str, *, where: str, trouble: type[Trouble] = TextTrouble) -> P:
    """Parse and check a text; raise ``trouble`` naming file and key for the first fault found."""
    try:
        return part.model_validate(tomllib.loads(text.removeprefix(BYTE_ORDER_MARK)))
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        place = f"{where}: {key_of(first)}" if where else key_of(first)
        raise trouble(problem_of(first), remedy=remedy_of(first), where=place) from fault
    except (ValueError, RecursionError) as fault:
        raise trouble(toml_problem(fault), remedy=MEND, where=where) from fault


def digest(text: str) -> str:
    """Return the version of a text: the first 12 hexadecimal digits of its SHA-256."""
    return sha256(text.encode()).hexdigest()[:12]
