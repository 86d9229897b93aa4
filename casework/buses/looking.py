"""What there is to see of buses: today's board, and bulletins as far as one may see them."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from casework.buses.bulletins import require_unaltered
from casework.buses.fleet import BUS
from casework.buses.sight import find_seer, paths_of, sees_all
from casework.errors import NotFound
from casework.office import Office
from casework.registers.places import find_kind, held_under
from models.tables import BUS_BULLETINS, BUS_SIGHTINGS, ORGANISATIONS, REGISTER_RECORDS
from rules.access import Actor
from rules.wording import Wording
from rules.workdays import china_day

_BULLETINS, _SIGHTINGS = BUS_BULLETINS.c, BUS_SIGHTINGS.c
_RECORDS, _PLACES = REGISTER_RECORDS.c, ORGANISATIONS.c
MOST = 200


class Board(NamedTuple):
    """``day`` so far: each bus that did what it may not, counted.

    ``strangers`` are plates of no register, for the committee alone.
    """

    day: date
    rows: Sequence[Mapping[str, Any]]
    strangers: Sequence[str]


class Bulletin(NamedTuple):
    """A bulletin, its rows as far as ``whole`` or one's own places go."""

    day: date
    number: str
    whole: bool
    made_at: datetime
    rows: Sequence[Mapping[str, Any]]
    vetoed: Mapping[str, str]

    @property
    def violations(self) -> int:
        return sum(len(each["offences"]) for each in self.rows)


def open_board(office: Office, *, by: str, at: datetime) -> Board:
    """Return today's board; raise Refused for who may see no buses."""
    day = china_day(at)
    with office.reading() as connection:
        actor = find_seer(connection, by)
        seen = held_under(connection, actor, find_kind(BUS).see)
        rows = connection.execute(
            select(
                _RECORDS.id, _RECORDS.key, _PLACES.name.label("unit"), _PLACES.code,
                _SIGHTINGS.fault, _SIGHTINGS.offence, func.count().label("n"),
            )
            .join(REGISTER_RECORDS, _RECORDS.id == _SIGHTINGS.record_id)
            .join(ORGANISATIONS, _PLACES.id == _RECORDS.unit_id)
            .where(
                _SIGHTINGS.on_day == day, seen,
                _SIGHTINGS.offence | _SIGHTINGS.fault.is_not(None),
            )
            .group_by(
                _RECORDS.id, _RECORDS.key, _PLACES.name, _PLACES.code, _SIGHTINGS.fault,
                _SIGHTINGS.offence,
            )
            .order_by(_RECORDS.key, _SIGHTINGS.fault)
            .limit(MOST)
        ).mappings().all()  # fmt: skip
        strangers = _strangers(connection, day) if sees_all(connection, actor) else ()
    return Board(day, [*map(dict, rows)], strangers)


def list_bulletins(office: Office, *, by: str, size: int = 60) -> list[Bulletin]:
    """Return the newest bulletins, each with the rows one may see."""
    with office.reading() as connection:
        actor = find_seer(connection, by)
        wanted = select(BUS_BULLETINS).order_by(_BULLETINS.on_day.desc()).limit(size)
        return [_bulletin(connection, actor, row) for row in connection.execute(wanted).all()]


def open_bulletin(office: Office, day: date, *, by: str) -> Bulletin:
    """Return a day's bulletin; raise NotFound, Invalid when it is not what was frozen."""
    with office.reading() as connection:
        actor = find_seer(connection, by)
        row = connection.execute(select(BUS_BULLETINS).where(_BULLETINS.on_day == day)).first()
        if row is None:
            raise NotFound(
                Wording(f"没有 {day} 的校车通报", f"there is no bulletin of {day}"),
                remedy=Wording("通报在次日生成。", "It is made on the day after."),
                where="day",
            )
        require_unaltered(connection, row)
        return _bulletin(connection, actor, row)


def _bulletin(connection: Connection, actor: Actor, row: Any) -> Bulletin:  # noqa: ANN401 — a row's columns are not typed
    told = json.loads(row.content)
    whole = sees_all(connection, actor)
    rows = told["rows"] if whole else _own(connection, actor, told["rows"])
    plates = {each["plate"] for each in rows}
    vetoed = {plate: case for plate, case in told["vetoed"].items() if plate in plates}
    return Bulletin(row.on_day, row.number, whole, row.made_at, rows, vetoed)


def _own(
    connection: Connection, actor: Actor, rows: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return the rows of units that lie where the actor may see buses."""
    mine = paths_of(actor)
    ids = {each["unit_id"] for each in rows if each["unit_id"]}
    wanted = select(_PLACES.id, _PLACES.path).where(_PLACES.id.in_(ids))
    paths = dict(connection.execute(wanted).tuples().all()) if ids else {}
    return [each for each in rows if paths.get(each["unit_id"], "-").startswith(mine)]


def _strangers(connection: Connection, day: date) -> Sequence[str]:
    wanted = select(_SIGHTINGS.plate).where(
        _SIGHTINGS.on_day == day, _SIGHTINGS.record_id.is_(None)
    )
    return (
        connection.execute(wanted.distinct().order_by(_SIGHTINGS.plate).limit(MOST)).scalars().all()
    )
