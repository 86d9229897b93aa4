"""What a person typed, read into what the rules take; each fault names its field and remedy."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from casework.errors import Invalid
from rules.actions import Action, Given
from rules.case import Level, Listing, Obstacle
from rules.decisions import Filled
from rules.moves import TABLE
from rules.wording import Wording

LONGEST_TEXT = 5_000
LONGEST_NAME = 200

Word = TypeVar("Word", Level, Listing, Obstacle)


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
            remedy=Wording("请缩短,或作为附件上传。", "Shorten it, or attach a file."),
            where=where,
        )
    if any(_unwritable(char) for char in text):
        raise Invalid(
            Wording("含有无法保存的控制字符", "holds control characters that cannot be stored"),
            remedy=Wording("请删去后重新填写。", "Type it again without them."),
            where=where,
        )
    return text


def read_day(text: str, *, where: str) -> date:
    """Return an ISO date, also written with / or . (``2026/3/5``, ``2026.3.5``); raise Invalid."""
    parts = unicodedata.normalize("NFKC", text).replace("/", "-").replace(".", "-").split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError as fault:
        raise Invalid(
            Wording(f"“{text}”不是日期", f"{text!r} is not a date"),
            remedy=Wording("请按 2026-03-05 填写。", "Write it as 2026-03-05."),
            where=where,
        ) from fault


def read_word(words: type[Word], text: str, *, where: str) -> Word:
    """Return the member meant by its value or either label; raise Invalid naming the choices."""
    for word in words:
        if text in {word.value, word.label.zh, word.label.en}:
            return word
    raise Invalid(
        Wording(f"“{text}”不在可选范围", f"{text!r} is not a choice"),
        remedy=Wording(
            "可填:" + "、".join(word.label.zh for word in words) + "。",
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
            "可填:" + "、".join(f"{f.value}({f.label.zh})" for f in listed) + "。",
            "It takes: " + ", ".join(listed) + ".",
        ),
        where=name,
    )


def _unwritable(char: str) -> bool:
    kind = unicodedata.category(char)
    return kind == "Cs" or (kind == "Cc" and char not in "\n\r\t")


def _text(_field: Given, text: str) -> str:
    return text


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
}
