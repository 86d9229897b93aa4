"""Which days' closings a look-back looks at, said relative to the day it is drawn, or outright."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from rules.faults import Unfit
from rules.wording import Wording


class Period(NamedTuple):
    """The first and the last day, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first.isoformat()}..{self.last.isoformat()}"


class Recent(StrEnum):
    """A stretch that ended before the day it is asked on."""

    LAST_MONTH = "last-month"
    LAST_QUARTER = "last-quarter"
    LAST_HALF_YEAR = "last-half-year"
    LAST_YEAR = "last-year"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


def read_period(text: str, day: date) -> Period:
    """Return the days that ``text`` means on ``day``; raise Unfit.

    "last-month" (上月), "last-quarter" (上季度), "last-half-year" (上半年度), "last-year" (上年),
    "90d" (the 90 days before ``day``), "2026-03", "2026Q1", "2026", or "2026-01-05..2026-03-02".
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    for word in Recent:
        if plain in {word.value, word.label.zh}:
            return _before(day, _MONTHS[word])
    for form, reader in _READERS:
        if found := form.fullmatch(plain):
            return _read(reader, found, day, text)
    raise _unreadable(text)


def _before(day: date, months: int) -> Period:
    """Return the last whole stretch of so many months; stretches begin in January."""
    index = day.year * 12 + (day.month - 1) // months * months
    return Period(_month_start(index - months), _month_start(index) - _DAY)


def _month_start(index: int) -> date:
    year, month = divmod(index, 12)
    return date(year, month + 1, 1)


def _read(
    reader: Callable[[re.Match[str], date], Period], found: re.Match[str], day: date, text: str
) -> Period:
    try:
        period = reader(found, day)
    except (ValueError, OverflowError):  # the 30th of February, the year 0
        raise _unreadable(text) from None
    if period.last < period.first:
        raise Unfit(
            Wording(f"“{text}”的结束早于开始", f"{text!r} ends before it starts"),
            remedy=Wording("请改正起止日期。", "Correct the two dates."),
        )
    return period


def _days(found: re.Match[str], day: date) -> Period:
    return Period(day - timedelta(days=int(found["count"])), day - _DAY)


def _month(found: re.Match[str], _day: date) -> Period:
    return _whole(int(found["year"]), int(found["month"]), 1)


def _quarter(found: re.Match[str], _day: date) -> Period:
    return _whole(int(found["year"]), int(found["quarter"]) * 3 - 2, 3)


def _year(found: re.Match[str], _day: date) -> Period:
    return _whole(int(found["year"]), 1, 12)


def _between(found: re.Match[str], _day: date) -> Period:
    return Period(date.fromisoformat(found["first"]), date.fromisoformat(found["last"]))


def _whole(year: int, month: int, months: int) -> Period:
    first = date(year, month, 1)
    return Period(first, _month_start(year * 12 + month - 1 + months) - _DAY)


def _unreadable(text: str) -> Unfit:
    return Unfit(
        Wording(f"无法识别的期间“{text}”", f"{text!r} is not a period"),
        remedy=Wording(
            "例如 last-month（上月）、last-quarter（上季度）、90d、2026-03、2026Q1、"
            "2026-01-05..2026-03-02。",
            "For example last-month, last-quarter, 90d, 2026-03, 2026Q1, 2026-01-05..2026-03-02.",
        ),
    )


_DAY = timedelta(days=1)
_MONTHS = {
    Recent.LAST_MONTH: 1,
    Recent.LAST_QUARTER: 3,
    Recent.LAST_HALF_YEAR: 6,
    Recent.LAST_YEAR: 12,
}
_LABELS = {
    Recent.LAST_MONTH: Wording("上月", "last month"),
    Recent.LAST_QUARTER: Wording("上季度", "last quarter"),
    Recent.LAST_HALF_YEAR: Wording("上半年度", "last half year"),
    Recent.LAST_YEAR: Wording("上年", "last year"),
}
_ISO = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Period]], ...] = (
    (re.compile("(?P<count>[1-9][0-9]{0,3})[d天日]"), _days),
    (re.compile("(?P<year>[0-9]{4})-(?P<month>[0-9]{2})"), _month),
    (re.compile("(?P<year>[0-9]{4})[Qq](?P<quarter>[1-4])"), _quarter),
    (re.compile("(?P<year>[0-9]{4})"), _year),
    (re.compile(rf"(?P<first>{_ISO})\.\.(?P<last>{_ISO})"), _between),
)
