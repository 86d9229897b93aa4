"""The State Council's working calendar, make-up days included, as it was known on a given day.

``published`` sums the notices issued up to a day (their files are data in code form, see
``rules.calendar``); ``Calendar.overlay`` adds what the committee entered by hand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from rules.calendar import days_of, notices
from rules.overrides import DayOverride, Term, TermKind, fingerprint, in_term
from rules.wording import Trouble, Wording

__all__ = [
    "CHINA", "Calendar", "CalendarEnds", "DayOverride", "Estimate", "Term", "TermKind",
    "china_day", "close_of", "day_due", "open_of", "published",
]  # fmt: skip

# No summer time since 1991, so a fixed offset is exact and needs no time zone data.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")

_DAY = timedelta(days=1)
# 《全国年节及纪念日放假办法》(2024) gives 13 days; a year with fewer entered is not all there.
_STATUTORY_DAYS = 13
# The earliest December day a next year's notice has moved: the 29th (notices of 2008 and 2019).
_FIRST_MOVABLE = 29


class CalendarEnds(Trouble):
    """A day no notice covers was asked about; nothing is guessed unless ``estimate`` is used."""


class Estimate(NamedTuple):
    """A day, and whether it rests on a guess about days no notice covers yet."""

    day: date
    estimated: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked from ``first`` to ``last``, and by which version (its identity)."""

    version: str
    first: date = field(compare=False)
    last: date = field(compare=False)
    off: Mapping[date, str] = field(compare=False, repr=False)
    on: Mapping[date, str] = field(compare=False, repr=False)
    terms: tuple[Term, ...] = field(default=(), compare=False)
    _workdays: tuple[int, ...] = field(init=False, compare=False, repr=False)  # ordinals
    _before: tuple[int, ...] = field(init=False, compare=False, repr=False)  # per day, and the end

    def __post_init__(self) -> None:
        start, stop = self.first.toordinal(), self.last.toordinal() + 1
        workdays = tuple(n for n in range(start, stop) if self._works(date.fromordinal(n)))
        worked = set(workdays)
        before = accumulate((n in worked for n in range(start, stop)), initial=0)
        object.__setattr__(self, "_workdays", workdays)
        object.__setattr__(self, "_before", tuple(before))

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def is_workday(self, day: date) -> bool:
        """Raises CalendarEnds beyond coverage."""
        at = self._position(day)
        return self._before[at + 1] > self._before[at]

    def likely_workday(self, day: date) -> bool:
        """As is_workday, but past ``last`` Monday to Friday and the days entered by hand count."""
        if day < self.first:
            raise self._ends(day)
        return self._works(day)

    def add_workdays(self, day: date, n: int) -> date:
        """The n-th working day after ``day`` (before it when n is negative); n = 0 is ``day``.

        Raises CalendarEnds when start or answer is not covered.
        """
        found = self._nth(day, n)
        if found is None:
            raise self._ends(self.last + _DAY if n > 0 else self.first - _DAY)
        return found

    def estimate(self, day: date, n: int) -> Estimate:
        """As add_workdays, but guesses past ``last`` as likely_workday does, and says so."""
        found = self._nth(day, n) if day <= self.last else None
        if found is not None:
            return Estimate(found, estimated=False)
        return Estimate(self._step(day, n), estimated=True)

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative when end is earlier.

        add_workdays(start, workdays_between(start, d)) is d for every working day d.
        """
        to, since = self._position(end), self._position(start)
        if to >= since:
            return self._before[to + 1] - self._before[since + 1]
        return self._before[to] - self._before[since]

    def is_school_day(self, day: date) -> bool:
        """A working day in term; without terms entered around it, any working day."""
        return self.is_workday(day) and in_term(self.terms, day)

    def likely_school_day(self, day: date) -> bool:
        """As is_school_day, but past ``last`` as likely_workday does."""
        return self.likely_workday(day) and in_term(self.terms, day)

    def name_of(self, day: date) -> str:
        """The holiday's name, or '' on any other day."""
        return self.off.get(day, "")

    def warning(self, day: date) -> Wording | None:
        """What to say loudly when ``day`` is as far as somebody's due dates reach."""
        if not self.covers(day):
            return Wording(self._ends(day).say("zh"), self._ends(day).say("en"))
        if day > self.last.replace(day=_FIRST_MOVABLE - 1):
            return Wording(
                f"{self.last.year + 1} 年放假通知尚未录入，{day} 前后仍可能调休。",
                f"The notice for {self.last.year + 1} is not entered; it may still move {day}.",
            )
        return None

    def overlay(self, days: Iterable[DayOverride], terms: Iterable[Term] = ()) -> "Calendar":
        """Return this calendar with days and terms entered by hand; later ones win.

        The version gains a hash of what was entered. A following year becomes covered once its
        notice is all there: 1 January, 1 October and at least 13 days off.
        """
        days, terms = tuple(days), tuple(terms)
        if not days and not terms:
            return self
        off, on = dict(self.off), dict(self.on)
        for override in days:
            chosen, other = (off, on) if override.off else (on, off)
            other.pop(override.day, None)
            chosen[override.day] = override.name
        version = f"{self.version.partition('+')[0]}+{fingerprint(self.version, days, terms)}"
        last, terms = _reach(self.last, off), self.terms + terms
        return replace(self, version=version, last=last, off=off, on=on, terms=terms)

    def _works(self, day: date) -> bool:
        return day in self.on or (day.weekday() < 5 and day not in self.off)

    def _position(self, day: date) -> int:
        if not self.first <= day <= self.last:
            raise self._ends(day)
        return day.toordinal() - self.first.toordinal()

    def _nth(self, day: date, n: int) -> date | None:
        at = self._position(day)
        if n == 0:
            return day
        rank = self._before[at + 1] + n - 1 if n > 0 else self._before[at] + n
        if 0 <= rank < len(self._workdays):
            return date.fromordinal(self._workdays[rank])
        return None

    def _step(self, day: date, n: int) -> date:
        step = _DAY if n > 0 else -_DAY
        for _ in range(abs(n)):
            day += step
            while not self.likely_workday(day):
                day += step
        return day

    def _ends(self, day: date) -> CalendarEnds:
        return CalendarEnds(
            Wording(
                f"工作日历 {self.version} 只覆盖 {self.first} 至 {self.last}，不含 {day}。",
                f"Calendar {self.version} covers {self.first} to {self.last}, not {day}.",
            ),
            remedy=_ENTER_NOTICE if day > self.last else _CHECK_DATE,
        )


_ENTER_NOTICE = Wording(
    "请用 bihuan calendar 录入国务院办公厅当年放假通知的全部日期。",
    "Enter all the days of that year's State Council notice with `bihuan calendar`.",
)
_CHECK_DATE = Wording("请核对日期。", "Check the date.")


def published(as_of: date | None = None) -> Calendar:
    """The calendar as known on ``as_of``, a day in China; the newest when None.

    Raises CalendarEnds for a day before the first notice we hold (14 December 2006).
    """
    count = sum(as_of is None or notice.issued <= as_of for notice in notices())
    if not count:
        problem = Wording(f"{as_of} 尚无已收录的放假通知。", f"No notice was out on {as_of}.")
        raise CalendarEnds(problem, remedy=_CHECK_DATE)
    return _sum_of(count)


def china_day(moment: datetime) -> date:
    """The date in China at an aware moment. Raises ValueError for a naive one."""
    if moment.utcoffset() is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(CHINA).date()


def open_of(day: date) -> datetime:
    """00:00 of ``day`` in China."""
    return datetime.combine(day, time(), CHINA)


def close_of(day: date) -> datetime:
    """24:00 of ``day`` in China: the first moment that is late for something due that day.

    《民法典》 Art. 203: the last day of a period ends at twenty-four hours. ``due_at`` is kept as
    this moment, and late means now >= due_at.
    """
    return open_of(day + _DAY)


def day_due(due_at: datetime) -> date:
    """The last day in China on which one is still on time: the inverse of close_of.

    For a limit in hours, the date of its moment (midnight itself closes the day before).
    """
    return china_day(due_at - datetime.resolution)


@cache
def _sum_of(count: int) -> Calendar:
    known = notices()[:count]
    newest = {notice.year: notice for notice in known}
    named = [day for notice in newest.values() for day in days_of(notice)]
    return Calendar(
        version=known[-1].version,
        first=date(min(newest), 1, 1),
        last=date(max(newest), 12, 31),
        off={each.day: each.name for each in named if each.off},
        on={each.day: each.name for each in named if not each.off},
    )


def _reach(last: date, off: Mapping[date, str]) -> date:
    while _is_complete(last.year + 1, off):
        last = last.replace(year=last.year + 1)
    return last


def _is_complete(year: int, off: Mapping[date, str]) -> bool:
    entered = sum(day.year == year for day in off)
    return entered >= _STATUTORY_DAYS and date(year, 1, 1) in off and date(year, 10, 1) in off
