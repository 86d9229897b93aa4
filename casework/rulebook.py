"""What is in force at a moment: the policy, and the calendar with what was entered by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, func, select

from models.tables import CALENDAR_OVERRIDES, POLICY_VERSIONS, SCHOOL_TERMS
from rules.overrides import DayOverride, Term, TermKind
from rules.policy import Policy, default_text, digest, read_policy
from rules.workdays import Calendar, china_day, published

Stamps = tuple[int | None, int | None, int | None]

STAMPS = (
    select(func.max(POLICY_VERSIONS.c.id)).scalar_subquery(),
    select(func.max(CALENDAR_OVERRIDES.c.id)).scalar_subquery(),
    select(func.max(SCHOOL_TERMS.c.id)).scalar_subquery(),
)
"""Columns that change whenever a policy or the calendar does; cheap to read along."""

_VERSIONS = select(
    POLICY_VERSIONS.c.digest, POLICY_VERSIONS.c.text, POLICY_VERSIONS.c.effective_from
).order_by(POLICY_VERSIONS.c.effective_from, POLICY_VERSIONS.c.id)
_OVERRIDES = select(
    CALENDAR_OVERRIDES.c.day,
    CALENDAR_OVERRIDES.c.off,
    CALENDAR_OVERRIDES.c.name,
    CALENDAR_OVERRIDES.c.announced_on,
).order_by(CALENDAR_OVERRIDES.c.id)
_TERMS = select(
    SCHOOL_TERMS.c.kind, SCHOOL_TERMS.c.name, SCHOOL_TERMS.c.starts, SCHOOL_TERMS.c.ends,
    SCHOOL_TERMS.c.withdrawn, SCHOOL_TERMS.c.announced_on,
).order_by(SCHOOL_TERMS.c.id)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A policy under its digest, and a calendar under its own version."""

    policy: Policy
    version: str
    calendar: Calendar


class Rulebooks:
    """Remembers what it read as long as the stamps say that nothing changed."""

    def __init__(self) -> None:
        self._stamps: Stamps | None = None
        self._tables: _Tables = ((), (), ())
        self._by_day: dict[date, Rulebook] = {}

    def at(self, connection: Connection, at: datetime, stamps: Stamps | None = None) -> Rulebook:
        """Return what is in force at ``at``; ``stamps`` saves a query when already read."""
        if stamps is None:
            first, second, third = connection.execute(select(*STAMPS)).one()
            stamps = (first, second, third)
        if stamps != self._stamps:
            self._tables = _read(connection)
            self._stamps, self._by_day = stamps, {}
        day, by_day = china_day(at), self._by_day  # held: another thread may begin a new one
        if day not in by_day:
            by_day[day] = _in_force(self._tables, day)
        return by_day[day]

    def policy(self, connection: Connection, version: str) -> Policy:
        """Return an adopted policy by its digest, for a clock that began under it."""
        self.at(connection, _ANY_MOMENT)
        for row in self._tables[0]:
            if row.digest == version:
                return _parse(row.text)
        if version == digest(default_text()):
            return _parse(default_text())
        message = f"no policy {version} was ever adopted"
        raise LookupError(message)


_Tables = tuple[Sequence[Any], Sequence[Any], Sequence[Any]]
_ANY_MOMENT = datetime.fromisoformat("2026-01-01T00:00:00+08:00")


def _read(connection: Connection) -> _Tables:
    return (
        connection.execute(_VERSIONS).all(),
        connection.execute(_OVERRIDES).all(),
        connection.execute(_TERMS).all(),
    )


def _in_force(tables: _Tables, day: date) -> Rulebook:
    versions, overrides, terms = tables
    begun = [row for row in versions if row.effective_from <= day]
    text = begun[-1].text if begun else default_text()
    calendar = published(day).overlay(_days(overrides, day), _terms(terms, day))
    return Rulebook(_parse(text), digest(text), calendar)


def _days(rows: Sequence[Any], day: date) -> list[DayOverride]:
    last = {row.day: row for row in rows if row.announced_on <= day}
    return [
        DayOverride(row.day, off=row.off, name=row.name)
        for row in last.values()
        if row.off is not None
    ]


def _terms(rows: Sequence[Any], day: date) -> list[Term]:
    last = {(row.kind, row.name): row for row in rows if row.announced_on <= day}
    return [
        Term(TermKind(row.kind), row.starts, row.ends) for row in last.values() if not row.withdrawn
    ]


@lru_cache(maxsize=64)
def _parse(text: str) -> Policy:
    return read_policy(text)
