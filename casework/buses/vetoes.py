"""Vetoes as they are listed: those that stand, and those that were lifted."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from casework.buses.sight import find_seer, seen_of_any
from casework.office import Office
from casework.people import names_of
from models.tables import BUS_VETOES, CASES, ORGANISATIONS, REGISTER_RECORDS
from rules.access import Actor

_VETOES, _RECORDS, _PLACES = BUS_VETOES.c, REGISTER_RECORDS.c, ORGANISATIONS.c
MOST = 200
_FOUND = (
    select(
        BUS_VETOES, _RECORDS.kind, _RECORDS.key, _PLACES.name.label("unit"),
        _PLACES.code.label("unit_code"), CASES.c.number,
    )
    .join(REGISTER_RECORDS, _RECORDS.id == _VETOES.record_id)
    .join(ORGANISATIONS, _PLACES.id == _RECORDS.unit_id)
    .outerjoin(CASES, CASES.c.id == _VETOES.case_id)
    .order_by(_VETOES.at.desc(), _VETOES.id.desc())
    .limit(MOST)
)  # fmt: skip


class VetoRow(NamedTuple):
    """A veto of a bus or driver; ``by`` is '' of the engine, ``lifted_at`` None while it stands."""

    kind: str
    key: str
    unit: str
    unit_code: str
    reason: str
    at: datetime
    by: str
    case: str
    lifted_at: datetime | None
    lifted_by: str
    lifted_why: str


def list_vetoes(office: Office, *, by: str, lifted: bool = False) -> Sequence[VetoRow]:
    """Return vetoes that stand, or were ``lifted``, of what ``by`` may see, the newest first.

    Raise Refused for who sees no buses.
    """
    with office.reading() as connection:
        return _rows(connection, find_seer(connection, by), lifted=lifted)


def _rows(connection: Connection, actor: Actor, *, lifted: bool) -> Sequence[VetoRow]:
    ended = _VETOES.lifted_at
    over = ended.is_not(None) if lifted else ended.is_(None)
    rows = connection.execute(_FOUND.where(seen_of_any(connection, actor), over)).all()
    names = names_of(connection, [n for row in rows for n in (row.by_id, row.lifted_by_id)])
    return [
        VetoRow(
            row.kind, row.key, row.unit, row.unit_code, row.reason, row.at,
            names.get(row.by_id, ""), row.number or "", row.lifted_at,
            names.get(row.lifted_by_id, ""), row.lifted_why,
        )
        for row in rows
    ]  # fmt: skip
