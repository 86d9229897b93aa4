"""The periods of a plan: when an inspection is due again, by cadence and calendar.

A period is named so that it can be asked for twice and given once: 2026-11-24, 2026-W48, 2026-11,
2026-Q4, 2026. It opens on its first day and is due on its last working one.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from rules.wording import Wording
from rules.workdays import Calendar, TermKind

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


class Cadence(StrEnum):
    """How often: 每日一自查 and 双周、月、季、年 of the seed (专项整治方案 2020 二.5, 三.6)."""

    DAILY = "daily"
    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    TERM = "term"
    YEARLY = "yearly"
    ONCE = "once"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    Cadence.DAILY: Wording("每日", "daily"),
    Cadence.WEEKLY: Wording("每周", "weekly"),
    Cadence.BIWEEKLY: Wording("双周", "every two weeks"),
    Cadence.MONTHLY: Wording("每月", "monthly"),
    Cadence.QUARTERLY: Wording("每季度", "quarterly"),
    Cadence.TERM: Wording("每学期", "each term"),
    Cadence.YEARLY: Wording("每年", "yearly"),
    Cadence.ONCE: Wording("一次", "once"),
}
_MONTHS = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3, Cadence.YEARLY: 12}


class Span(NamedTuple):
    """When a plan runs: from its first day until its last; None goes on."""

    first_on: date
    until: date | None = None


class Period(NamedTuple):
    """``opens_on`` and ``due_on`` are days in China, both included."""

    key: str
    opens_on: date
    due_on: date


def periods(
    cadence: Cadence,
    span: Span,
    calendar: Calendar,
    *,
    since: date,
    until: date,
    term_only: bool,
) -> list[Period]:
    """Return the periods that open from ``since`` to ``until``, in order.

    ``term_only`` leaves out a period without a single school day: a daily check is not asked for
    on days off and in breaks.
    """
    last = min(until, span.until) if span.until else until
    found = (_clipped(each, span, calendar) for each in _periods(cadence, span, calendar, last))
    return [
        each
        for each in found
        if since <= each.opens_on <= last
        and (not term_only or _has_school(calendar, each.opens_on, each.due_on))
    ]


def _clipped(period: Period, span: Span, calendar: Calendar) -> Period:
    """Return the period within the plan's own days, due on its last working day."""
    opens_on = max(period.opens_on, span.first_on)
    end = min(period.due_on, span.until) if span.until else period.due_on
    return Period(period.key, opens_on, _last_worked(calendar, opens_on, end))


def _periods(cadence: Cadence, span: Span, calendar: Calendar, last: date) -> Iterator[Period]:
    if cadence is Cadence.ONCE:
        yield Period("once", span.first_on, span.until or span.first_on)
    elif cadence is Cadence.DAILY:
        yield from _runs(span.first_on, last, 1)
    elif cadence is Cadence.TERM:
        yield from _terms(span, calendar)
    elif cadence in {Cadence.WEEKLY, Cadence.BIWEEKLY}:
        monday = span.first_on - timedelta(days=span.first_on.weekday())
        yield from _runs(monday, last, 7 if cadence is Cadence.WEEKLY else 14)
    else:
        yield from _by_months(_MONTHS[cadence], span, last)


def _runs(start: date, last: date, days: int) -> Iterator[Period]:
    while start <= last:
        yield Period(_named(start, days), start, start + timedelta(days=days - 1))
        start += timedelta(days=days)


def _named(start: date, days: int) -> str:
    if days == 1:
        return start.isoformat()
    year, week, _ = start.isocalendar()
    if days == 7:
        return f"{year}-W{week:02d}"
    later_year, later, _ = (start + _WEEK).isocalendar()
    return f"{year}-W{week:02d}/{later_year}-W{later:02d}"


def _by_months(months: int, span: Span, last: date) -> Iterator[Period]:
    index = (span.first_on.year * 12 + span.first_on.month - 1) // months * months
    while index <= last.year * 12 + last.month - 1:
        start, after = _first_of(index), _first_of(index + months)
        yield Period(_months_named(start, months), start, after - _DAY)
        index += months


def _first_of(index: int) -> date:
    year, month = divmod(index, 12)
    return date(year, month + 1, 1)


def _months_named(start: date, months: int) -> str:
    if months == 12:
        return f"{start.year}"
    if months == 3:
        return f"{start.year}-Q{(start.month + 2) // 3}"
    return f"{start.year}-{start.month:02d}"


def _terms(span: Span, calendar: Calendar) -> Iterator[Period]:
    terms = {(each.start, each.end) for each in calendar.terms if each.kind is TermKind.TERM}
    for start, end in sorted(terms):
        if end >= span.first_on:
            yield Period(f"term {start}", start, end)


def _last_worked(calendar: Calendar, first: date, last: date) -> date:
    day = last
    while day > first and not calendar.likely_workday(day):
        day -= _DAY
    return day


def _has_school(calendar: Calendar, first: date, last: date) -> bool:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return any(calendar.likely_school_day(day) for day in days)
