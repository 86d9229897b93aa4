"""What every unit keeps every year: a plan, signed letters. Asked of each unit once a year."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Connection, String, bindparam, cast, exists, func, literal, select

from casework.duties.opening import Wanted, open_duties
from casework.events import Door
from casework.office import Office
from models import Place, RecordState
from models.tables import DUTIES, ORGANISATIONS, REGISTER_RECORDS
from rules.registers.kinds import Kind, kinds
from rules.workdays import china_day

_RECORDS = REGISTER_RECORDS.c
_UNASKED = select(ORGANISATIONS.c.id, ORGANISATIONS.c.code).where(
    ORGANISATIONS.c.kind == Place.UNIT,
    ~exists().where(
        DUTIES.c.kind == bindparam("duty"),
        DUTIES.c.key == literal("").concat(bindparam("prefix")).concat(
            cast(ORGANISATIONS.c.id, String)
        ),
    ),
)  # fmt: skip


def open_yearly(
    office: Office, *, as_of: datetime, at: datetime, door: Door, dry_run: bool = False
) -> int:
    """Open the duties of the year of ``as_of`` for every unit that has not done them yet, and
    return how many are new.

    Raise Invalid for a kind of duty that is none.
    """
    opened = 0
    for kind in kinds().values():
        if kind.yearly:
            with office.writing() as connection:
                opened += _open(connection, kind, china_day(as_of), at, door)
                if dry_run:
                    connection.rollback()
    return opened


def key_of(kind: Kind, year: int | str, unit: int) -> str:
    """Return the key of a unit's duty of a year."""
    return f"{kind.key}/{year}/{unit}"


def complete_in(
    connection: Connection, kind: Kind, year: int | str, units: Collection[int]
) -> set[int]:
    """Return those of the units that have records of the year, with all that they need."""
    return {unit for unit, (there, done) in count_in(connection, kind, year, units).items()
            if there == done}  # fmt: skip


def count_in(
    connection: Connection, kind: Kind, year: int | str, units: Collection[int]
) -> dict[int, tuple[int, int]]:
    """Return for each unit that has any: its records of the year, and how many need nothing."""
    yearly = kind.yearly
    if yearly is None or not units:
        return {}
    facts = _RECORDS.facts
    # A blank field is not among the facts.
    filled = [facts[name].as_string().is_not(None) for name in yearly.needs]
    done = func.count().filter(*filled) if filled else func.count()
    rows = connection.execute(
        select(_RECORDS.unit_id, func.count(), done)
        .where(
            _RECORDS.kind == kind.key,
            _RECORDS.unit_id.in_(units),
            _RECORDS.state == RecordState.ACTIVE,
            facts[yearly.field].as_string() == f"{year}",
        )
        .group_by(_RECORDS.unit_id)
    )
    return {unit: (there, complete) for unit, there, complete in rows}


def _open(connection: Connection, kind: Kind, today: date, at: datetime, door: Door) -> int:
    yearly = kind.yearly
    if yearly is None:
        return 0
    asked = {"duty": yearly.duty, "prefix": key_of(kind, today.year, 0)[:-1]}
    rows = connection.execute(_UNASKED, asked).all()
    done = complete_in(connection, kind, today.year, {row.id for row in rows})
    wanted = [
        Wanted(
            yearly.duty, key_of(kind, today.year, row.id), row.id,
            yearly.due_on(today.year, today), yearly.title(today.year),
            f"/registers/{kind.key}/add?unit={row.code}",
        )
        for row in rows
        if row.id not in done
    ]  # fmt: skip
    return open_duties(connection, wanted, at, door=door) if wanted else 0
