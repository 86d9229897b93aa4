"""When look-backs are drawn: monthly, quarterly, before a term starts, after a holiday.

A timing is one word of text, kept as data: "monthly:5", "quarterly:10", "before-term:5wd",
"after-holiday:2wd". A day that is not worked moves to the next working day.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from rules.faults import Unfit
from rules.wording import Wording
from rules.workdays import Calendar, TermKind

_DAY = timedelta(days=1)
# A weekend of two days is no holiday, nor is a single day off.
_SHORTEST_HOLIDAY = 3


class TimingKind(StrEnum):
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    BEFORE_TERM = "before-term"
    AFTER_HOLIDAY = "after-holiday"

    @property
    def label(self) -> Wording:
        return _LABELS[self]

    @property
    def counts_workdays(self) -> bool:
        return self in {TimingKind.BEFORE_TERM, TimingKind.AFTER_HOLIDAY}


@dataclass(frozen=True, slots=True)
class Timing:
    """``number`` is a day of the month (of the quarter's first month), or a count of workdays."""

    kind: TimingKind
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "monthly:5", "每月:5", "before-term:5wd", "开学前:5"; raise Unfit."""
        plain = unicodedata.normalize("NFKC", text).strip().lower()
        found = _WRITTEN.fullmatch(plain)
        kind = _KINDS.get(found["kind"].replace("_", "-")) if found else None
        if found is None or kind is None:
            raise _unreadable(text)
        number = int(found["number"])
        most = _MOST_WORKDAYS if kind.counts_workdays else _LAST_SAFE_DAY
        if not 1 <= number <= most or (found["unit"] and not kind.counts_workdays):
            raise _unreadable(text)
        return cls(kind, number)

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.number}{'wd' if self.kind.counts_workdays else ''}"

    @property
    def label(self) -> Wording:
        zh, en = _SENTENCES[self.kind]
        return Wording(zh.format(self.number), en.format(self.number))

    def occurrences(self, calendar: Calendar, first: date, last: date) -> list[date]:
        """Return the days from ``first`` to ``last`` on which it falls, in order, once each."""
        days = {day for day in self._days(calendar, first, last) if first <= day <= last}
        return sorted(days)

    def _days(self, calendar: Calendar, first: date, last: date) -> Iterator[date]:
        match self.kind:
            case TimingKind.MONTHLY:
                yield from _by_months(calendar, first, last, self.number, 1)
            case TimingKind.QUARTERLY:
                yield from _by_months(calendar, first, last, self.number, 3)
            case TimingKind.BEFORE_TERM:
                for term in calendar.terms:
                    if term.kind is TermKind.TERM:
                        yield calendar.estimate(term.start, -self.number).day
            case TimingKind.AFTER_HOLIDAY:
                for end in _holiday_ends(calendar):
                    yield calendar.estimate(end, self.number).day


def _by_months(
    calendar: Calendar, first: date, last: date, number: int, months: int
) -> Iterator[date]:
    # One earlier: its day may be moved into the stretch by a holiday.
    index = (first.year * 12 + first.month - 1) // months * months - months
    while index <= last.year * 12 + last.month - 1:
        year, month = divmod(index, 12)
        yield _worked(calendar, date(year, month + 1, number))
        index += months


def _worked(calendar: Calendar, day: date) -> date:
    return day if calendar.likely_workday(day) else calendar.estimate(day, 1).day


def _holiday_ends(calendar: Calendar) -> Iterator[date]:
    """Yield the last day of every run of days off that holds a statutory holiday."""
    seen: set[date] = set()
    for day in sorted(calendar.off):
        if day in seen or not calendar.covers(day):
            continue
        start, end = day, day
        while not calendar.likely_workday(end + _DAY):
            end += _DAY
        while start > calendar.first and not calendar.likely_workday(start - _DAY):
            start -= _DAY
        run = {start + timedelta(days=n) for n in range((end - start).days + 1)}
        seen |= run
        if len(run) >= _SHORTEST_HOLIDAY:
            yield end


def _unreadable(text: str) -> Unfit:
    return Unfit(
        Wording(f"无法识别的排期“{text}”", f"{text!r} is not a timing"),
        remedy=Wording(
            "例如 monthly:5（每月 5 日）、quarterly:10（每季度首月 10 日）、"
            "before-term:5wd（开学前 5 个工作日）、after-holiday:2wd（节后第 2 个工作日）；"
            f"日期为 1 到 {_LAST_SAFE_DAY}。",
            "For example monthly:5, quarterly:10, before-term:5wd, after-holiday:2wd; "
            f"days of a month are 1 to {_LAST_SAFE_DAY}.",
        ),
    )


_LAST_SAFE_DAY = 28  # every month has it
_MOST_WORKDAYS = 60
_WRITTEN = re.compile(r"(?P<kind>[a-z_-]+|[一-鿿]+)\s*:\s*(?P<number>[0-9]{1,2})\s*(?P<unit>wd)?")
_LABELS = {
    TimingKind.MONTHLY: Wording("每月", "monthly"),
    TimingKind.QUARTERLY: Wording("每季度", "quarterly"),
    TimingKind.BEFORE_TERM: Wording("开学前", "before a term starts"),
    TimingKind.AFTER_HOLIDAY: Wording("节后", "after a holiday"),
}
_KINDS = {kind.value: kind for kind in TimingKind} | {kind.label.zh: kind for kind in TimingKind}
_SENTENCES = {
    TimingKind.MONTHLY: ("每月 {} 日", "monthly on day {}"),
    TimingKind.QUARTERLY: ("每季度首月 {} 日", "on day {} of each quarter's first month"),
    TimingKind.BEFORE_TERM: ("开学前 {} 个工作日", "{} working days before each term"),
    TimingKind.AFTER_HOLIDAY: ("节后第 {} 个工作日", "{} working days after each holiday"),
}
