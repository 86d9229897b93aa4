"""The schedules in force, and the days on which they fall."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select

from casework.errors import NotFound
from casework.lookback.names import read_name
from models import Place
from models.tables import LOOKBACK_SCHEDULES, ORGANISATIONS
from rules.lookback.timing import Timing
from rules.wording import Wording
from rules.workdays import Calendar, china_day

EACH = "each"
"""Written for the clusters: one look-back for every cluster."""

AHEAD = timedelta(days=365)
_NEWEST = select(func.max(LOOKBACK_SCHEDULES.c.id)).group_by(LOOKBACK_SCHEDULES.c.name)
_IN_FORCE = (
    select(LOOKBACK_SCHEDULES)
    .where(LOOKBACK_SCHEDULES.c.id.in_(_NEWEST), LOOKBACK_SCHEDULES.c.removed.is_(False))
    .order_by(LOOKBACK_SCHEDULES.c.name)
)
_CLUSTERS = (
    select(ORGANISATIONS.c.code)
    .where(ORGANISATIONS.c.kind == Place.CLUSTER)
    .order_by(ORGANISATIONS.c.code)
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule in force. ``clusters`` are codes with commas between, "each", or '' for the
    template's own; it counts from the day of ``since``, its last change.
    """

    name: str
    template: str
    timing: str
    clusters: str
    active: bool
    since: datetime


class Occurrence(NamedTuple):
    """A look-back that a schedule asks for: on which day, for which clusters ('' and () for the
    template's own). ``key`` is the same whoever asks.
    """

    key: str
    schedule: Schedule
    day: date
    clusters: tuple[str, ...]


def read_schedules(connection: Connection) -> list[Schedule]:
    """Return all schedules in force, paused ones among them, by name."""
    return [_schedule(row) for row in connection.execute(_IN_FORCE)]


def find_schedule(connection: Connection, name: str) -> Schedule:
    """Return the schedule called ``name``; raise NotFound or Invalid."""
    name = read_name(name)
    found = look_up(connection, name)
    if found is None:
        raise NotFound(
            Wording(f"没有名为“{name}”的排期", f"there is no schedule called {name!r}"),
            remedy=Wording(
                "可用 bihuan lookback schedule list 查看。",
                "`bihuan lookback schedule list` lists them.",
            ),
            where="name",
        )
    return found


def days_ahead(schedule: Schedule, calendar: Calendar, today: date) -> list[date]:
    """Return the days within a year on which an active schedule falls, ``today`` included."""
    if not schedule.active:
        return []
    first = max(today, china_day(schedule.since))
    return Timing.parse(schedule.timing).occurrences(calendar, first, today + AHEAD)


def occurrences_of(
    schedule: Schedule, calendar: Calendar, clusters: Sequence[str], first: date, last: date
) -> Iterator[Occurrence]:
    """Yield what a schedule asks for from ``first`` to ``last``, never before it was last changed.

    ``clusters`` are all there are.
    """
    if not schedule.active:
        return
    days = Timing.parse(schedule.timing).occurrences(
        calendar, max(first, china_day(schedule.since)), last
    )
    for day in days:
        key = f"{schedule.name}:{day.isoformat()}"
        if schedule.clusters == EACH:
            for code in clusters:
                yield Occurrence(f"{key}:{code}", schedule, day, (code,))
        else:
            yield Occurrence(key, schedule, day, codes_of(schedule.clusters))


def read_clusters(connection: Connection) -> list[str]:
    """Return the codes of all clusters, in order."""
    return list(connection.execute(_CLUSTERS).scalars())


def look_up(connection: Connection, name: str) -> Schedule | None:
    row = connection.execute(_IN_FORCE.where(LOOKBACK_SCHEDULES.c.name == name)).first()
    return _schedule(row) if row else None


def codes_of(written: str) -> tuple[str, ...]:
    """Return the codes that are written with commas between, once each."""
    parts = (each.strip() for each in written.replace("，", ",").replace("、", ",").split(","))
    return tuple(dict.fromkeys(each for each in parts if each))


def _schedule(row: Row[Any]) -> Schedule:
    return Schedule(row.name, row.template, row.timing, row.clusters, row.active, row.changed_at)
