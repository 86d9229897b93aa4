"""Positions and violations of the platform, kept once each and judged as they come in.

A movement that was not allowed becomes a case, one a bus and day; an offence waits for the next
bulletin. Feeding the same file again, wholly or in part, changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select

from casework.buses.fleet import Bus, read_fleet
from casework.buses.moving import Moved, raise_moves
from casework.buses.reading import BadLine, Sighting
from casework.errors import Refused
from casework.events import Door
from casework.numbering import take_ids
from casework.office import Office
from casework.people import find_actor
from models.prepared import Prepared
from models.tables import BUS_SIGHTINGS
from rules.access import Role
from rules.buses.sightings import Seen, Stray, is_moving, is_speeding, movement_fault
from rules.wording import Wording
from rules.workdays import Calendar, china_day

BATCH = 5_000
KEPT_DAYS = 90
"""Positions older than this are pruned, our choice; offences stay."""
_SIGHTINGS = BUS_SIGHTINGS.c
_ADD = Prepared(insert(BUS_SIGHTINGS))
_KNOWN = select(_SIGHTINGS.external_id).where(
    _SIGHTINGS.source == bindparam("source"),
    _SIGHTINGS.external_id.in_(bindparam("ids", expanding=True)),
)


@dataclass(slots=True)
class Fed:
    """What a feed brought: ``known`` came before or twice, ``strangers`` are of no register."""

    new: int = 0
    known: int = 0
    offences: int = 0
    strangers: set[str] = field(default_factory=set)
    bad: list[BadLine] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)


class _Judge(NamedTuple):
    """What sightings are judged by, and when they came from where."""

    source: str
    fleet: Mapping[str, Bus]
    calendar: Calendar
    at: datetime


def feed_buses(
    office: Office,
    told: Iterable[Sighting | BadLine],
    *,
    source: str,
    by: str,
    at: datetime,
    door: Door,
) -> Fed:
    """Keep what is new, a batch a transaction; raise Refused for who is no committee or admin."""
    with office.reading() as connection:
        require_committee(connection, by)
    fed = Fed()
    lines = iter(told)
    while some := list(islice(lines, BATCH)):
        fed.bad += [each for each in some if isinstance(each, BadLine)]
        good = {each.external_id: each for each in some if isinstance(each, Sighting)}
        fed.known += sum(isinstance(each, Sighting) for each in some) - len(good)
        with office.writing() as connection:
            _keep(connection, office, good, (source, at, door), fed)
    return fed


def require_committee(connection: Connection, by: str) -> None:
    actor = find_actor(connection, by)
    if not any(grant.role in {Role.COMMITTEE, Role.ADMIN} for grant in actor.grants):
        raise Refused(
            Wording("您无权办理校车监管", "you may not supervise school buses"),
            remedy=Wording("须由专委会或管理员办理。", "It takes the committee or an admin."),
            where="--as",
        )


def prune_positions(connection: Connection, first_kept: date) -> int:
    """Delete positions before a day that hold nothing against anybody; return how many."""
    old = delete(BUS_SIGHTINGS).where(
        _SIGHTINGS.on_day < first_kept, _SIGHTINGS.kind == Seen.POSITION, ~_SIGHTINGS.offence
    )
    return connection.execute(old).rowcount


def _keep(
    connection: Connection,
    office: Office,
    good: Mapping[str, Sighting],
    when: tuple[str, datetime, Door],
    fed: Fed,
) -> None:
    source, at, door = when
    ids = take_ids(connection, "bus_sightings", len(good))  # its row is what a second feed awaits
    known = set(connection.execute(_KNOWN, {"source": source, "ids": list(good)}).scalars())
    book = office.rulebooks.at(connection, at)
    judge = _Judge(source, read_fleet(connection), book.calendar, at)
    fresh = [each for key, each in good.items() if key not in known]
    rows = [_row(number, each, judge) for number, each in zip(ids, fresh, strict=False)]
    _ADD.run_all(connection, rows)
    fed.cases += raise_moves(connection, book, _moved(rows, judge.fleet), at, door)
    fed.new += len(rows)
    fed.known += len(good) - len(rows)
    fed.offences += sum(row["offence"] for row in rows)
    fed.strangers |= {row["plate"] for row in rows if row["record_id"] is None}


def _row(number: int, seen: Sighting, judge: _Judge) -> dict[str, Any]:
    bus = judge.fleet.get(seen.plate)
    offence = seen.kind is Seen.VIOLATION or is_speeding(seen.speed, seen.road)
    return {
        **seen._asdict(), "id": number, "source": judge.source, "on_day": china_day(seen.at),
        "record_id": bus.held.id if bus else None, "fault": _fault(seen, bus, judge.calendar),
        "offence": offence, "bulletin_id": None, "received_at": judge.at,
    }  # fmt: skip


def _fault(seen: Sighting, bus: Bus | None, calendar: Calendar) -> Stray | None:
    if bus is None or not is_moving(seen.speed):
        return None
    return movement_fault(seen.at, bus.runs, calendar, vetoed=bus.vetoed)


def _moved(rows: Sequence[Mapping[str, Any]], fleet: Mapping[str, Bus]) -> list[Moved]:
    """Return the movements that were not allowed, one for each bus, day and whether vetoed."""
    found: dict[tuple[str, date, bool], Moved] = {}
    for row in rows:
        if fault := row["fault"]:
            key = row["plate"], row["on_day"], fault is Stray.VETOED
            moved = Moved(fleet[row["plate"]].held, row["on_day"], fault, row["at"], row["place"])
            found[key] = min(found.get(key, moved), moved, key=lambda each: each.at)
    return list(found.values())
