"""The stretches of time a filing is about: days, ISO weeks, months, quarters, years, campaigns."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rules.faults import Unfit
from rules.wording import Wording

DAY = timedelta(days=1)
_LONGEST_CAMPAIGN = timedelta(days=366)


class PeriodKind(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    CAMPAIGN = "campaign"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


@dataclass(frozen=True, slots=True)
class Period:
    """``key`` names it for good: "2026-11-24", "2026-W48", "2026-11", "2026Q4", "2026", or a
    campaign's days "2026-11-01..2026-12-15". Both days belong to it.
    """

    kind: PeriodKind
    key: str
    first: date
    last: date

    @property
    def before(self) -> date:
        """Return the day before it begins."""
        return self.first - DAY

    @property
    def label(self) -> Wording:
        year, month, day = self.first.year, self.first.month, self.first.day
        match self.kind:
            case PeriodKind.DAY:
                return Wording(f"{year}年{month}月{day}日", self.key)
            case PeriodKind.WEEK:
                days = Wording(f"{self.first:%m-%d}至{self.last:%m-%d}",
                               f"{self.first:%m-%d} to {self.last:%m-%d}")  # fmt: skip
                nth = int(self.key[6:])
                return Wording(f"{self.key[:4]}年第{nth}周（{days.zh}）", f"{self.key} ({days.en})")
            case PeriodKind.MONTH:
                return Wording(f"{year}年{month}月", self.key)
            case PeriodKind.QUARTER:
                return Wording(f"{year}年第{self.key[-1]}季度", self.key)
            case PeriodKind.YEAR:
                return Wording(f"{year}年", self.key)
            case PeriodKind.CAMPAIGN:
                return Wording(f"{self.first}至{self.last}", f"{self.first} to {self.last}")


def period_on(kind: PeriodKind, day: date) -> Period:
    """Return the period of a kind that ``day`` lies in; a campaign has days of its own (Unfit)."""
    match kind:
        case PeriodKind.DAY:
            return Period(kind, day.isoformat(), day, day)
        case PeriodKind.WEEK:
            # GB/T 7408 (ISO 8601): a week is of the year that its Thursday lies in.
            year, week, weekday = day.isocalendar()
            first = day - (weekday - 1) * DAY
            return Period(kind, f"{year}-W{week:02d}", first, first + 6 * DAY)
        case PeriodKind.MONTH:
            return _months(kind, f"{day:%Y-%m}", day.year, day.month, 1)
        case PeriodKind.QUARTER:
            nth = (day.month + 2) // 3
            return _months(kind, f"{day.year:04d}Q{nth}", day.year, nth * 3 - 2, 3)
        case PeriodKind.YEAR:
            return _months(kind, f"{day.year:04d}", day.year, 1, 12)
        case PeriodKind.CAMPAIGN:
            raise _unreadable(kind, day.isoformat())


def read_period(kind: PeriodKind, text: str) -> Period:
    """Return the period written as its key; any day of it is understood too. Raise Unfit."""
    plain = unicodedata.normalize("NFKC", text).strip().upper().replace(" ", "")
    try:
        if kind is PeriodKind.CAMPAIGN:
            return _campaign(plain)
        if _ISO.fullmatch(plain):
            return period_on(kind, date.fromisoformat(plain))
        return period_on(kind, _day_of(kind, plain))
    except (ValueError, OverflowError) as fault:  # the 30th of February, week 54, the year 0
        raise _unreadable(kind, text) from fault


def before(period: Period) -> Period | None:
    """Return the period before this one; campaigns do not follow one another (None)."""
    if period.kind is PeriodKind.CAMPAIGN or period.first.toordinal() == 1:
        return None
    return period_on(period.kind, period.before)


def recent(kind: PeriodKind, today: date, count: int) -> list[Period]:
    """Return the period that ``today`` lies in and those before it, the newest first; campaigns
    have days of their own (none).
    """
    found = [] if kind is PeriodKind.CAMPAIGN else [period_on(kind, today)]
    while found and len(found) < count:
        found.append(period_on(kind, found[-1].before))
    return found


def ended_between(kind: PeriodKind, after: date, today: date) -> Iterator[Period]:
    """Yield the periods that end after the day ``after`` and before ``today``, in order."""
    period = period_on(kind, after + DAY)
    while period.last < today:
        yield period
        period = period_on(kind, period.last + DAY)


def _campaign(plain: str) -> Period:
    first, _, last = plain.partition("..")
    begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    if not begins <= ends <= begins + _LONGEST_CAMPAIGN:
        raise ValueError(plain)
    return Period(PeriodKind.CAMPAIGN, f"{begins}..{ends}", begins, ends)


def _day_of(kind: PeriodKind, plain: str) -> date:
    found = _WRITTEN[kind].fullmatch(plain)
    if not found:
        raise ValueError(plain)
    year, nth = int(found["year"]), int(found.groupdict().get("nth") or 1)
    match kind:
        case PeriodKind.WEEK:
            return date.fromisocalendar(year, nth, 1)
        case PeriodKind.QUARTER:
            return date(year, nth * 3 - 2, 1)
        case _:
            return date(year, nth, 1)


def _months(kind: PeriodKind, key: str, year: int, month: int, months: int) -> Period:
    following, nth = divmod(year * 12 + month - 1 + months, 12)
    last = date(following, nth + 1, 1) - DAY if following <= date.max.year else date.max
    return Period(kind, key, date(year, month, 1), last)


def _unreadable(kind: PeriodKind, text: str) -> Unfit:
    example = _EXAMPLES[kind]
    return Unfit(
        Wording(f"“{text[:40]}”不是{kind.label.zh}期", f"{text[:40]!r} is not a {kind.label.en}"),
        remedy=Wording(f"例如 {example}。", f"For example {example}."),
    )


_ISO = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WRITTEN = {
    PeriodKind.DAY: _ISO,
    PeriodKind.WEEK: re.compile("(?P<year>[0-9]{4})-?W(?P<nth>[0-9]{1,2})"),
    PeriodKind.MONTH: re.compile("(?P<year>[0-9]{4})-(?P<nth>[0-9]{1,2})"),
    PeriodKind.QUARTER: re.compile("(?P<year>[0-9]{4})-?Q(?P<nth>[1-4])"),
    PeriodKind.YEAR: re.compile("(?P<year>[0-9]{4})"),
}
_EXAMPLES = {
    PeriodKind.DAY: "2026-11-24",
    PeriodKind.WEEK: "2026-W48",
    PeriodKind.MONTH: "2026-11",
    PeriodKind.QUARTER: "2026Q4",
    PeriodKind.YEAR: "2026",
    PeriodKind.CAMPAIGN: "2026-11-01..2026-12-15",
}
_LABELS = {
    PeriodKind.DAY: Wording("日", "day"),
    PeriodKind.WEEK: Wording("周", "week"),
    PeriodKind.MONTH: Wording("月", "month"),
    PeriodKind.QUARTER: Wording("季度", "quarter"),
    PeriodKind.YEAR: Wording("年", "year"),
    PeriodKind.CAMPAIGN: Wording("专项", "campaign"),
}
