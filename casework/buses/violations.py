"""Violations one by one: what the platform told of, and positions over the limit."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, literal, select, tuple_

from casework.buses.fleet import BUS
from casework.buses.sight import find_seer, sees_all
from casework.buses.summing import said_offence
from casework.forms import clean
from casework.office import Office
from casework.page_keys import read_day_key
from casework.registers.places import find_kind, held_under, under
from models.tables import BUS_BULLETINS, BUS_SIGHTINGS, ORGANISATIONS, REGISTER_RECORDS
from rules.access import Actor
from rules.buses.sightings import Road, Seen
from rules.workdays import CHINA

_SIGHTINGS, _PLACES = BUS_SIGHTINGS.c, ORGANISATIONS.c
_TOGETHER = 1_000
_FOUND = (
    select(
        BUS_SIGHTINGS, _PLACES.name.label("unit"), _PLACES.code.label("unit_code"),
        BUS_BULLETINS.c.number.label("bulletin"), BUS_BULLETINS.c.on_day.label("told_on"),
    )
    .outerjoin(REGISTER_RECORDS, REGISTER_RECORDS.c.id == _SIGHTINGS.record_id)
    .outerjoin(ORGANISATIONS, _PLACES.id == REGISTER_RECORDS.c.unit_id)
    .outerjoin(BUS_BULLETINS, BUS_BULLETINS.c.id == _SIGHTINGS.bulletin_id)
    .where(_SIGHTINGS.offence)
    .order_by(_SIGHTINGS.on_day.desc(), _SIGHTINGS.id.desc())
)  # fmt: skip


class Narrow(NamedTuple):
    """What is asked for: of a cluster or unit, of plates that hold a text, from and to a day."""

    place: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None


class Violation(NamedTuple):
    """``at`` is by China's clock; ``unit`` is '' of a plate that no register knows.

    ``speed`` and ``limit`` are km/h; ``bulletin`` is '' until one tells of it, on ``told_on``.
    """

    id: int
    at: datetime
    plate: str
    unit: str
    unit_code: str
    kind: Seen
    what: str
    place: str
    road: Road
    speed: int | None
    limit: int
    penalty_on: date | None
    bulletin: str
    told_on: date | None


class ViolationPage(NamedTuple):
    rows: Sequence[Violation]
    after: str


EVERY = Narrow()


def list_violations(
    office: Office, *, by: str, narrow: Narrow = EVERY, size: int = 50, after: str = ""
) -> ViolationPage:
    """Return violations that ``by`` may see, the latest day first.

    Raise Refused for who sees no buses, NotFound for the place, Invalid for text or key.
    """
    with office.reading() as connection:
        wanted = narrowed(connection, find_seer(connection, by), narrow)
        if after:
            key = tuple_(*map(literal, read_day_key(after)))
            wanted = wanted.where(tuple_(_SIGHTINGS.on_day, _SIGHTINGS.id) < key)
        rows = connection.execute(wanted.limit(size + 1)).all()
    last = rows[size - 1] if len(rows) > size else None
    return ViolationPage([*map(_read, rows[:size])], f"{last.on_day}/{last.id}" if last else "")


def every_violation(connection: Connection, wanted: Select[Any]) -> Iterator[Violation]:
    """Yield all of them, read in batches."""
    yield from map(_read, connection.execution_options(yield_per=_TOGETHER).execute(wanted))


def narrowed(connection: Connection, actor: Actor, narrow: Narrow) -> Select[Any]:
    """Return the violations asked for of those that the actor may see."""
    wanted = _FOUND
    if not sees_all(connection, actor):
        wanted = wanted.where(held_under(connection, actor, find_kind(BUS).see))
    if narrow.place:
        wanted = wanted.where(under(connection, narrow.place))
    if text := clean(narrow.text, where="text", longest=20):
        wanted = wanted.where(_SIGHTINGS.plate.contains(text.upper(), autoescape=True))
    if narrow.since:
        wanted = wanted.where(_SIGHTINGS.on_day >= narrow.since)
    return wanted.where(_SIGHTINGS.on_day <= narrow.until) if narrow.until else wanted


def _read(row: Row[Any]) -> Violation:
    return Violation(
        row.id, row.at.astimezone(CHINA), row.plate, row.unit or "", row.unit_code or "",
        row.kind, said_offence(row.what), row.place, row.road, row.speed, row.road.limit,
        row.penalty_on, row.bulletin or "", row.told_on,
    )  # fmt: skip
