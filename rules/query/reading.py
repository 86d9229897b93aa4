"""How the value of a field is read: days, numbers, truths, words of a list, names."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from rules.query.meanings import Meant, Period, Span, whole

Reader = Callable[[str], Meant | None]
"""Return what a text means, None when it means nothing to this reader."""

_BOUNDS = re.compile(r"(.*?)(?:\.\.|~|至)(.*)")
_COMPARED = re.compile(r"(>=|<=|≥|≤|>|<)(.+)")
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_DAY = re.compile(r"(\d{4})([-/.年])(\d{1,2})(?:[-/.月](\d{1,2})日?|月)?")
_YEAR = re.compile(r"(\d{4})年?")
_QUARTER = re.compile(r"(\d{4})(?:年第?|-)?(?:q([1-4])|([1-4一二三四])季度)")
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4}
_YES = frozenset(("yes", "true", "是", "有"))
_NO = frozenset(("no", "false", "否", "无"))
_MOST = 99_999


def read_name(text: str) -> Meant | None:
    return text.strip() or None


def read_truth(text: str) -> Meant | None:
    folded = text.casefold()
    return True if folded in _YES else False if folded in _NO else None


def word_reader(words: Iterable[StrEnum], aliases: Mapping[str, StrEnum]) -> Reader:
    """Return a reader of the words by value, Chinese or English label, or alias."""
    known = {name.casefold(): word for word in words for name in names_of(word)}
    known |= {name.casefold(): word for name, word in aliases.items()}
    return lambda text: known.get(text.casefold().replace("-", "_"), known.get(text.casefold()))


def names_of(word: StrEnum) -> tuple[str, str, str]:
    label = word.label  # type: ignore[attr-defined] # every enum of the rules that is shown has one
    return word.value, label.zh, label.en


def read_period(text: str) -> Meant | None:
    """Read a day, month, quarter, year, ``from..to`` or ``>= day``."""
    if compared := _COMPARED.fullmatch(text):
        return _compared_period(compared[1], _whole_period(compared[2]))
    if not (bounds := _BOUNDS.fullmatch(text)):
        return _whole_period(text)
    first, last = (_whole_period(each) if each else Period(None, None) for each in bounds.groups())
    if first is None or last is None or first.first is last.last is None:
        return None
    if first.first and last.last and first.first > last.last:
        return None
    return Period(first.first, last.last)


def span_reader(*units: str) -> Reader:
    """Return a reader of whole numbers, compared or ranging, with or without a unit.

    The first of the units is the one it is printed with.
    """
    number = re.compile(rf"(\d{{1,9}})\s*(?:{'|'.join(units)})?" if units else r"(\d{1,9})")
    unit = units[0] if units else ""

    def read(text: str) -> Meant | None:
        folded = text.casefold()
        if compared := _COMPARED.fullmatch(folded):
            return _compared_span(compared[1], _whole_number(compared[2], number), unit)
        if bounds := _BOUNDS.fullmatch(folded):
            return _ranging(*(each and _whole_number(each, number) for each in bounds.groups()),
                            unit=unit)  # fmt: skip
        found = _whole_number(folded, number)
        return None if found is None else Span(found, found, unit)

    return read


def _whole_number(text: str, number: re.Pattern[str]) -> int | None:
    found = number.fullmatch(text.strip())
    return int(found[1]) if found and int(found[1]) <= _MOST else None


def _ranging(low: int | str | None, high: int | str | None, *, unit: str) -> Span | None:
    """Return the span between two bounds, '' being no bound and None one that is unreadable."""
    if low is None or high is None or low == high == "":
        return None
    least = low if isinstance(low, int) else None
    most = high if isinstance(high, int) else None
    if least is not None and most is not None and least > most:
        return None
    return Span(least, most, unit)


def _compared_span(sign: str, number: int | None, unit: str) -> Span | None:
    if number is None or (sign == "<" and number == 0):
        return None
    match sign:
        case ">":
            return Span(number + 1, None, unit)
        case ">=" | "≥":
            return Span(number, None, unit)
        case "<":
            return Span(None, number - 1, unit)
        case _:
            return Span(None, number, unit)


def _compared_period(sign: str, period: Period | None) -> Period | None:
    if period is None or period.first is None or period.last is None:
        return None
    match sign:
        case ">":
            return Period(period.last + timedelta(days=1), None)
        case ">=" | "≥":
            return Period(period.first, None)
        case "<":
            return Period(None, period.first - timedelta(days=1))
        case _:
            return Period(None, period.last)


def _whole_period(text: str) -> Period | None:
    folded = text.strip().casefold()
    try:
        return _quarter(folded) or _day_or_month(folded) or _year(folded)
    except ValueError:  # the 30th of February
        return None


def _year(text: str) -> Period | None:
    found = _YEAR.fullmatch(text)
    return whole(_on(found[1], 1, 1), 12) if found else None


def _quarter(text: str) -> Period | None:
    found = _QUARTER.fullmatch(text)
    if not found:
        return None
    number = int(found[2] or 0) or _NUMERALS.get(found[3]) or int(found[3])
    return whole(_on(found[1], number * 3 - 2, 1), 3)


def _day_or_month(text: str) -> Period | None:
    found = _DAY.fullmatch(text)
    if not found:
        return None
    if found[4]:
        day = _on(found[1], int(found[3]), int(found[4]))
        return Period(day, day)
    return whole(_on(found[1], int(found[3]), 1), 1)


def _on(year: str, month: int, day: int) -> date:
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        raise ValueError(year)
    return date(int(year), month, day)
