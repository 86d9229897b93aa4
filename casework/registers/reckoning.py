"""Standings of records written by an older version, reckoned once."""

from datetime import date

from sqlalchemy import bindparam, update

from casework.office import Office
from casework.registers.store import FOUND, read
from models import RecordState
from models.prepared import Prepared
from models.tables import REGISTER_RECORDS
from rules.registers.checking import check, well_from
from rules.registers.kinds import kinds

_BATCH = 500
_RECORDS = REGISTER_RECORDS.c
_OLD = FOUND.where(
    _RECORDS.well_from.is_(None),
    _RECORDS.state == RecordState.ACTIVE,
    _RECORDS.kind.in_(bindparam("kinds", expanding=True)),
).limit(_BATCH)
_SET = Prepared(
    update(REGISTER_RECORDS)
    .where(_RECORDS.id == bindparam("of"))
    .values(well_from=bindparam("well_from"))
)


def reckon_standings(office: Office, *, today: date) -> int:
    """Return how many records were without one; a batch a transaction."""
    done = 0
    while True:
        with office.writing() as connection:
            rows = connection.execute(_OLD, {"kinds": list(kinds())}).all()
            if not rows:
                return done
            held = [(kinds()[row.kind], read(row)) for row in rows]
            _SET.run_all(connection, [
                {"of": each.id, "well_from": well_from(check(kind, each.values, today))}
                for kind, each in held
            ])  # fmt: skip
            done += len(rows)
