"""What buses did on a day, read together: a row for each bus that did what it may not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select

from casework.registers.store import FOUND, Held, read
from models.tables import BUS_CASES, BUS_SIGHTINGS, CASES, REGISTER_RECORDS
from rules.buses.sightings import Seen
from rules.workdays import CHINA

_SIGHTINGS = BUS_SIGHTINGS.c


@dataclass(slots=True)
class BusDay:
    """A bus: what it is told of; ``held`` is None of a plate that no register knows.

    Positions over the limit on one day are one offence, told with their highest speed.
    """

    plate: str
    held: Held | None
    offences: list[dict[str, Any]] = field(default_factory=list)
    moves: dict[str, int] = field(default_factory=dict)
    repeats: int = 0
    cases: list[str] = field(default_factory=list)

    def said(self) -> dict[str, Any]:
        """Return it as a bulletin keeps it."""
        unit = self.held.unit if self.held else None
        return {
            "plate": self.plate, "record": self.held.id if self.held else None,
            "unit_id": unit.id if unit else None, "unit": unit.name if unit else "",
            "cluster_id": unit.cluster_id if unit else None, "offences": self.offences,
            "moves": self.moves, "repeats": self.repeats, "cases": self.cases,
        }  # fmt: skip


class Day(NamedTuple):
    """``seen`` buses in all; ``offences`` are the ids of the sightings told of."""

    day: date
    seen: int
    rows: Sequence[BusDay]
    offences: Sequence[int]

    @property
    def violations(self) -> int:
        return sum(len(each.offences) for each in self.rows)


def sum_day(connection: Connection, day: date) -> Day:
    """Return what is to be told of a day: offences no bulletin told of yet, and movements."""
    seen, moves = _moves(connection, day)
    owed = connection.execute(
        select(BUS_SIGHTINGS)
        .where(_SIGHTINGS.offence, _SIGHTINGS.bulletin_id.is_(None), _SIGHTINGS.on_day <= day)
        .order_by(_SIGHTINGS.at, _SIGHTINGS.id)
    ).all()
    keys = {(row.plate, row.record_id) for row in owed} | set(moves)
    held = _held(connection, {number for _, number in keys if number})
    buses = {key: BusDay(key[0], held.get(key[1] or 0)) for key in sorted(keys, key=str)}
    for key, counted in moves.items():
        buses[key].moves = counted
    for row in owed:
        _add(buses[row.plate, row.record_id].offences, row)
    _link(connection, day, list(buses.values()))
    return Day(day, seen, list(buses.values()), [row.id for row in owed])


def said_offence(what: str) -> str:
    """Return what an offence is called: a position over the limit has no name of its own."""
    return what or "超速行驶"


_Key = tuple[str, int | None]


def _moves(connection: Connection, day: date) -> tuple[int, Mapping[_Key, dict[str, int]]]:
    counted = connection.execute(
        select(_SIGHTINGS.plate, _SIGHTINGS.record_id, _SIGHTINGS.fault, func.count().label("n"))
        .where(_SIGHTINGS.on_day == day, _SIGHTINGS.kind == Seen.POSITION)
        .group_by(_SIGHTINGS.plate, _SIGHTINGS.record_id, _SIGHTINGS.fault)
    ).all()
    found: dict[_Key, dict[str, int]] = {}
    for row in counted:
        if row.fault:
            found.setdefault((row.plate, row.record_id), {})[row.fault.value] = row.n
    return len({row.plate for row in counted}), found


def _held(connection: Connection, ids: set[int]) -> dict[int, Held]:
    rows = connection.execute(FOUND.where(REGISTER_RECORDS.c.id.in_(ids))) if ids else ()
    return {row.id: read(row) for row in rows}


def _add(offences: list[dict[str, Any]], row: Row[Any]) -> None:
    local = row.at.astimezone(CHINA)
    told = {
        "at": local.isoformat(timespec="minutes"), "what": said_offence(row.what),
        "place": row.place, "speed": row.speed, "limit": row.road.limit,
        "penalty_on": row.penalty_on.isoformat() if row.penalty_on else None,
        "kind": row.kind.value,
    }  # fmt: skip
    for each in offences:
        if row.kind is Seen.POSITION and each["kind"] == told["kind"] and _same_day(each, told):
            each.update(told if row.speed > each["speed"] else {})
            return
    offences.append(told)


def _same_day(each: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(each["at"][:10] == other["at"][:10])


def _link(connection: Connection, day: date, buses: Sequence[BusDay]) -> None:
    """Note the cases that the day's movements raised."""
    rows = connection.execute(
        select(BUS_CASES.c.record_id, CASES.c.number)
        .join(CASES, CASES.c.id == BUS_CASES.c.case_id)
        .where(BUS_CASES.c.on_day == day)
        .order_by(CASES.c.number)
    ).all()
    for each in buses:
        each.cases += [row.number for row in rows if each.held and row.record_id == each.held.id]
