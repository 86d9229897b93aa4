"""How many records there are of each kind, and how many of them have run out or soon will."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select

from casework.office import Office
from casework.people import find_actor
from casework.registers.narrowing import as_number, standing_on
from casework.registers.places import kinds_for, seen_by
from models import RecordState
from models.tables import ORGANISATIONS, REGISTER_RECORDS
from rules.registers.kinds import Kind
from rules.registers.standing import Stands

_RECORDS = REGISTER_RECORDS.c


class Counted(NamedTuple):
    """The active records of a kind within somebody's sight."""

    kind: Kind
    all: int
    lapsed: int
    soon: int


def count_kinds(office: Office, *, by: str, today: date) -> list[Counted]:
    """Return the counts of every kind that ``by`` may see, in the order of the kinds."""
    with office.reading() as connection:
        actor = find_actor(connection, by)
        standing = standing_on(today)
        found = []
        for kind in kinds_for(actor):
            counted = (
                select(
                    func.count(),
                    *(
                        func.coalesce(func.sum(as_number(standing[each])), 0)
                        for each in (Stands.LAPSED, Stands.SOON)
                    ),
                )
                .select_from(REGISTER_RECORDS)
                .join(ORGANISATIONS, ORGANISATIONS.c.id == _RECORDS.unit_id)
                .where(seen_by(connection, actor, kind), _RECORDS.state == RecordState.ACTIVE)
            )
            found.append(_counted(kind, connection.execute(counted).one()))
    return found


def _counted(kind: Kind, row: Any) -> Counted:  # noqa: ANN401 — a row of three numbers
    return Counted(kind, *(int(each) for each in row))
