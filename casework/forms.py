"""What a person typed, read into what the rules take; each fault names its field and remedy."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from casework.errors import Invalid
from rules.actions import Action, Given
from rules.case import Level, Listing, Obstacle
from rules.decisions import Filled
from rules.inspections.kinds import InspectionKind
from rules.inspections.periods import Cadence
from rules.ladder import OrderLevel
from rules.moves import TABLE
from rules.orders import OrderCause
from rules.wording import Wording

LONGEST_TEXT = 5_000
LONGEST_NAME = 200

_DAY = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
# Controls but tab and line ends, and halves of characters.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

Word = TypeVar("Word", Level, Listing, Obstacle, OrderCause, OrderLevel, InspectionKind, Cadence)


def read_form(action: Action, typed: Mapping[str, str]) -> Filled:
    """Return the fields of ``action`` as typed values; blank ones are left out.

    Raise Invalid for a field the action does not take, a date or code that cannot be read, or
    text that is too long or holds control characters.
    """
    row = TABLE[action]
    takes = {*row.needs, *row.may} - {Given.EVIDENCE}
    filled = {}
    for name, value in typed.items():
        field = _field(name, action, takes)
        text = clean(value, where=field.value)
        if text:
            filled[field] = _READERS.get(field, _text)(field, text)
    return filled


def clean(value: str, *, where: str, longest: int = LONGEST_TEXT) -> str:
    """Return ``value`` without outer white space.

    Raise Invalid when it is longer than ``longest`` or holds control characters or halves of
    characters, which no database or reader could give back.
    """
    text = value.strip()
    if len(text) > longest:
        raise Invalid(
            Wording(f"超过 {longest} 字", f"longer than {longest} characters"),
            remedy=Wording("请缩短，或作为附件上传。", "Shorten it, or attach a file."),
            where=where,
        )
    if _UNWRITABLE.search(text):
        raise Invalid(
            Wording("含有无法保存的控制字符", "holds control characters that cannot be stored"),
            remedy=Wording("请删去后重新填写。", "Type it again without them."),
            where=where,
        )
    return text


_NO_REASON = Wording("没有写原因", "the reason is missing")
_SAY_WHY = Wording("请写明原因。", "Say why.")


def read_reason(
    text: str, *, longest: int, missing: Wording = _NO_REASON, remedy: Wording = _SAY_WHY
) -> str:
    """Return the reason somebody gave, clean; raise Invalid in these words when there is none."""
    reason = clean(text, where="reason", longest=longest)
    if not reason:
        raise Invalid(missing, remedy=remedy, where="reason")
    return reason


def read_yes(text: str, known: Mapping[str, int], *, where: str) -> int:
    """Return 1 or 0 by the words ``known`` for yes and no, in small letters; raise Invalid."""
    found = known.get(text.strip().lower())
    if found is None:
        raise Invalid(
            Wording(f"“{text[:40]}”既不是“是”也不是“否”", f"{text[:40]!r} is neither yes nor no"),
            remedy=Wording("请填“是”或“否”。", "Say yes or no."),
            where=where,
        )
    return found


def read_day(text: str, *, where: str) -> date:
    """Return an ISO date, also written with / or . (``2026/3/5``, ``2026.3.5``); raise Invalid."""
    written = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    with suppress(ValueError):  # the 30th of February
        if written:
            return date(int(written[1]), int(written[2]), int(written[3]))
    raise Invalid(
        Wording(f"“{text}”不是日期", f"{text!r} is not a date"),
        remedy=Wording("请按 2026-03-05 填写。", "Write it as 2026-03-05."),
        where=where,
    )


def read_word(words: type[Word], text: str, *, where: str) -> Word:
    """Return the member meant by its value or either label; raise Invalid naming the choices."""
    for word in words:
        if text in {word.value, word.label.zh, word.label.en}:
            return word
    raise Invalid(
        Wording(f"“{text}”不在可选范围", f"{text!r} is not a choice"),
        remedy=Wording(
            "可填：" + "、".join(word.label.zh for word in words) + "。",
            "Choose from: " + ", ".join(word.value for word in words) + ".",
        ),
        where=where,
    )


def _field(name: str, action: Action, takes: set[Given]) -> Given:
    if name in takes:
        return Given(name)
    listed = sorted(takes)
    raise Invalid(
        Wording(f"“{action.label.zh}”没有这一项", f"{action.value} takes no such field"),
        remedy=Wording(
            "可填：" + "、".join(f"{f.value}({f.label.zh})" for f in listed) + "。",
            "It takes: " + ", ".join(listed) + ".",
        ),
        where=name,
    )


def _text(_field: Given, text: str) -> str:
    return text


def _name(field: Given, text: str) -> str:
    return clean(text, where=field.value, longest=LONGEST_NAME)


def _day(field: Given, text: str) -> date:
    return read_day(text, where=field.value)


def _word(words: type[Word]) -> Callable[[Given, str], StrEnum]:
    def read(field: Given, text: str) -> StrEnum:
        return read_word(words, text, where=field.value)

    return read


_READERS: dict[Given, Callable[[Given, str], Any]] = {
    Given.DEADLINE: _day,
    Given.NEW_DUE: _day,
    Given.LEVEL: _word(Level),
    Given.OBSTACLE: _word(Obstacle),
    Given.KIND: _word(Listing),
    Given.CAUSE: _word(OrderCause),
    Given.SUPERVISOR: _word(OrderLevel),
    **dict.fromkeys((Given.OWNER, Given.DEPARTMENT, Given.DUPLICATE_OF), _name),
}
