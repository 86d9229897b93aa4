"""What is answered for period by period: each post of a unit's list has its feedback, or a duty."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select

from casework.duties.ending import fulfil
from casework.duties.opening import Wanted, open_duties
from casework.events import Door
from casework.office import Office
from casework.registers.store import Draft, Hand
from casework.registers.yearly import key_of
from models import RecordState
from models.tables import ORGANISATIONS, REGISTER_RECORDS
from rules.registers.kinds import Kind, kinds
from rules.registers.obligations import Periodic
from rules.workdays import china_day

_ASKED, _GIVEN = REGISTER_RECORDS.alias("asked"), REGISTER_RECORDS.alias("given")
_UNITS = select(ORGANISATIONS.c.id, ORGANISATIONS.c.code)


def open_periodic(
    office: Office, *, as_of: datetime, at: datetime, door: Door, dry_run: bool = False
) -> int:
    """Open a duty for each unit that has not given all that the newest period asks for, once, and
    return how many are new.
    """
    opened = 0
    for kind in kinds().values():
        if kind.periodic:
            with office.writing() as connection:
                opened += _open(connection, kind, kind.periodic, (china_day(as_of), at, door))
                if dry_run:
                    connection.rollback()
    return opened


def given_in(
    connection: Connection, kind: Kind, year: int | str, units: Collection[int] | None = None
) -> Mapping[int, Mapping[str, int]]:
    """Return of how many of the year's records each unit has given account, by period.

    ``units`` None: of all.
    """
    periodic = kind.periodic
    if periodic is None:
        return {}
    period = _GIVEN.c.facts[periodic.period].as_string()
    rows = connection.execute(
        select(_ASKED.c.unit_id, period, func.count(_ASKED.c.id.distinct()))
        .join(_GIVEN, and_(*_answers(kind, periodic, year)))
        .where(*_asked(periodic, year, units))
        .group_by(_ASKED.c.unit_id, period)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for unit, key, count in rows:
        found[unit][key] = count
    return found


def answer_periods(connection: Connection, kind: Kind, hand: Hand, drafts: Sequence[Draft]) -> None:
    """End the duties of units that have given all of a period, for what was just written."""
    periodic = kind.periodic
    if periodic is None:
        return
    units = {each.unit.id for each in drafts}
    for year in sorted({each.values.get(periodic.year, "") for each in drafts} - {""}):
        asked = _counts(connection, periodic, year, units)
        given = given_in(connection, kind, year, units)
        keys = [
            _key(kind, year, period.key, unit)
            for unit, there in asked.items()
            for period in periodic.periods
            if given.get(unit, {}).get(period.key, 0) == there
        ]
        fulfil(connection, periodic.duty, keys, hand.at, hand.by, door=hand.door)


def _open(
    connection: Connection, kind: Kind, periodic: Periodic, when: tuple[date, datetime, Door]
) -> int:
    today, at, door = when
    turn = periodic.turn_on(today)
    given = given_in(connection, kind, turn.year)
    lacking = {
        unit for unit, there in _counts(connection, periodic, turn.year).items()
        if given.get(unit, {}).get(turn.key, 0) < there
    }  # fmt: skip
    rows = connection.execute(_UNITS.where(ORGANISATIONS.c.id.in_(lacking))) if lacking else ()
    wanted = [
        Wanted(
            periodic.duty, _key(kind, turn.year, turn.key, row.id), row.id,
            periodic.due_on(turn, today), periodic.title(turn),
            f"/registers/{kind.key}/add?unit={row.code}",
        )
        for row in rows
    ]  # fmt: skip
    return open_duties(connection, wanted, at, door=door) if wanted else 0


def _key(kind: Kind, year: int | str, period: str, unit: int) -> str:
    return key_of(kind, f"{year}/{period}", unit)


def _counts(
    connection: Connection,
    periodic: Periodic,
    year: int | str,
    units: Collection[int] | None = None,
) -> dict[int, int]:
    """Return how many records each unit has to give account of."""
    counted = (
        select(_ASKED.c.unit_id, func.count())
        .where(*_asked(periodic, year, units))
        .group_by(_ASKED.c.unit_id)
    )
    return dict(connection.execute(counted).tuples().all())


def _asked(
    periodic: Periodic, year: int | str, units: Collection[int] | None
) -> list[ColumnElement[bool]]:
    where = [
        _ASKED.c.kind == periodic.of,
        _ASKED.c.state == RecordState.ACTIVE,
        _ASKED.c.facts[periodic.year].as_string() == f"{year}",
    ]
    return where if units is None else [*where, _ASKED.c.unit_id.in_(units)]


def _answers(kind: Kind, periodic: Periodic, year: int | str) -> list[ColumnElement[Any]]:
    facts = _GIVEN.c.facts
    return [
        _GIVEN.c.unit_id == _ASKED.c.unit_id,
        _GIVEN.c.kind == kind.key,
        _GIVEN.c.state == RecordState.ACTIVE,
        facts[periodic.names].as_string() == _ASKED.c.key,
        facts[periodic.year].as_string() == f"{year}",
    ]
