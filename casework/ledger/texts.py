"""A text cell as we keep it, or the reason we do not."""

import re
from functools import lru_cache

from rules.wording import Wording

LONGEST_DESCRIPTION = 2000
LONGEST_FIELD = 200

_EDGES = "".join(map(chr, [*range(1, 33), 127, *range(128, 160), 0xA0, 0x3000, 0xFEFF]))
_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UNUSABLE = re.compile(r"[\x00\ud800-\udfff\ufffd]")
_EXCEL_ERRORS = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"}
)

DAMAGED = Wording(
    "文字里有损坏的字符（NUL、半个代理对或 U+FFFD）。",
    "The text holds a damaged character (NUL, half a surrogate pair or U+FFFD).",
)
FORMULA_ERROR = Wording("单元格是公式错误值。", "The cell is a formula's error.")


def read_text(raw: str, longest: int) -> str | Wording:
    """Return ``raw`` without outer blanks and control characters, or why it cannot be kept."""
    # Plain one-line text, nearly all there is, needs no regular expression.
    if raw.isprintable() and "\ufffd" not in raw:
        text = raw.strip()
    elif _UNUSABLE.search(raw):
        return DAMAGED
    else:
        text = _CONTROLS.sub("", raw).strip(_EDGES)
    if len(text) > longest:
        return _too_long(len(text), longest)
    return FORMULA_ERROR if text in _EXCEL_ERRORS else text


@lru_cache(maxsize=16384)
def read_short_text(raw: str) -> str | Wording:
    """Like ``read_text``, remembered: names and places repeat down a ledger."""
    return read_text(raw, LONGEST_FIELD)


def _too_long(length: int, longest: int) -> Wording:
    return Wording(
        f"有 {length} 字，最多 {longest} 字。",
        f"It has {length} characters; at most {longest} are kept.",
    )
