"""A year of the working calendar for administrators: each day, the terms, what was entered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from casework.contacts import require_administrator
from casework.office import Office
from casework.people import find_actor
from casework.upkeep import furthest_due
from models.tables import CALENDAR_OVERRIDES, PEOPLE, SCHOOL_TERMS
from rules.wording import Wording
from rules.workdays import Calendar, china_day, day_due

_DAY = timedelta(days=1)
_SOON_ENDS = timedelta(days=60)
"""Our choice: notices of the next year come in November, two months before they are needed."""


class DayKind(StrEnum):
    WORK = "work"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    OFF = "off"
    UNKNOWN = "unknown"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    DayKind.WORK: Wording("上班", "worked"),
    DayKind.MAKE_UP: Wording("调休上班", "make-up day"),
    DayKind.WEEKEND: Wording("周末", "weekend"),
    DayKind.OFF: Wording("放假", "day off"),
    DayKind.UNKNOWN: Wording("未知", "not known"),
}


@dataclass(frozen=True, slots=True)
class Day:
    """A day, what it is and what it is called; ``entered`` when by hand; ``term`` what holds it."""

    day: date
    kind: DayKind
    name: str
    entered: bool
    term: str


@dataclass(frozen=True, slots=True)
class Year:
    """``terms`` and ``entries`` are rows in force: the last word on each day and name."""

    year: int
    calendar: Calendar
    days: Sequence[Day]
    workdays: int
    terms: Sequence[Mapping[str, Any]]
    entries: Sequence[Mapping[str, Any]]
    warnings: Sequence[Wording]


def open_year(office: Office, year: int, *, by: str, at: datetime) -> Year:
    """Return a year of the calendar as known at ``at``; raise Refused without the role."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    with office.reading() as connection:
        require_administrator(connection, find_actor(connection, by))
        calendar = office.rulebooks.at(connection, at).calendar
        entries, terms = _entries(connection, first, last), _terms(connection, first, last)
        furthest = furthest_due(connection)
    by_hand = {each["day"] for each in entries}
    days = [_day(calendar, day, terms, entered=day in by_hand) for day in _days(first, last)]
    worked = sum(each.kind in {DayKind.WORK, DayKind.MAKE_UP} for each in days)
    warnings = list(_warnings(calendar, furthest, china_day(at)))
    return Year(year, calendar, days, worked, terms, entries, warnings)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + n * _DAY for n in range((last - first).days + 1))


def _day(
    calendar: Calendar, day: date, terms: Sequence[Mapping[str, Any]], *, entered: bool
) -> Day:
    holding = [each["kind"].value for each in terms if each["starts"] <= day <= each["ends"]]
    name = calendar.off.get(day) or calendar.on.get(day, "")
    return Day(day, _kind(calendar, day), name, entered, holding[-1] if holding else "")


def _kind(calendar: Calendar, day: date) -> DayKind:
    if day in calendar.on:
        return DayKind.MAKE_UP
    if day in calendar.off:
        return DayKind.OFF
    if not calendar.covers(day):
        return DayKind.UNKNOWN
    return DayKind.WORK if day.weekday() < 5 else DayKind.WEEKEND


def _warnings(calendar: Calendar, furthest: datetime | None, today: date) -> Iterator[Wording]:
    warning = calendar.warning(day_due(furthest)) if furthest else None
    if warning:
        yield warning
    elif calendar.last - today <= _SOON_ENDS:
        yield Wording(
            f"日历只到 {calendar.last}。请在国务院办公厅公布放假通知后录入下一年的日期。",
            f"The calendar ends on {calendar.last}. Enter the next year's days when the notice "
            "is out.",
        )


def _entries(connection: Connection, first: date, last: date) -> Sequence[Mapping[str, Any]]:
    kept = CALENDAR_OVERRIDES.c
    rows = connection.execute(
        select(kept.day, kept.off, kept.name, kept.announced_on, PEOPLE.c.name.label("by"))
        .outerjoin(PEOPLE, PEOPLE.c.id == kept.by_id)
        .where(kept.day.between(first, last))
        .order_by(kept.id)
    )
    newest = {row["day"]: dict(row) for row in rows.mappings()}
    return [newest[day] for day in sorted(newest) if newest[day]["off"] is not None]


def _terms(connection: Connection, first: date, last: date) -> Sequence[Mapping[str, Any]]:
    kept = SCHOOL_TERMS.c
    rows = connection.execute(
        select(kept.kind, kept.name, kept.starts, kept.ends, kept.withdrawn).order_by(kept.id)
    )
    newest = {(row["kind"], row["name"]): dict(row) for row in rows.mappings()}
    inside = [
        each for each in newest.values()
        if not each["withdrawn"] and each["starts"] <= last and first <= each["ends"]
    ]  # fmt: skip
    return sorted(inside, key=lambda each: each["starts"])
