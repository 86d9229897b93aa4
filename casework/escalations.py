"""What was escalated to somebody: steps of the ladder, reports missed, orders past their day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from casework.demand_plan import OVERDUE
from casework.late_decisions import LATE_DECISION, LATE_PUBLICATION
from casework.office import Office
from casework.people import find_actor
from models.tables import CASES, CLOCKS, NOTICES, ORGANISATIONS
from rules.deadlines import days_late
from rules.ladder import StepKind
from rules.orders import OrderAct

KINDS = (
    StepKind.OVERDUE.value, OrderAct.MISS_REPORT.value, OVERDUE, LATE_DECISION, LATE_PUBLICATION,
)  # fmt: skip
"""Kinds of notices that tell of lateness; reminders before a due date are not among them."""

_KEPT = NOTICES.c
_SHOWN = (
    select(
        _KEPT.id, _KEPT.kind, _KEPT.urgent, _KEPT.owed_at, _KEPT.acknowledged_at,
        _KEPT.clock_no, CASES.c.clock_no.label("clock_now"), CASES.c.number, CASES.c.description,
        CASES.c.location, CASES.c.level, CASES.c.listed, CASES.c.stage, CASES.c.holder,
        CASES.c.due_at, ORGANISATIONS.c.name.label("unit"), CLOCKS.c.next_step_at,
    )
    .join(CASES, CASES.c.id == _KEPT.case_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .outerjoin(CLOCKS, (CLOCKS.c.case_id == CASES.c.id) & (CLOCKS.c.no == CASES.c.clock_no))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of escalations, and the id before which the next one begins (0 on the last)."""

    rows: Sequence[Mapping[str, Any]]
    unread: int
    before: int


def list_escalations(
    office: Office, *, by: str, as_of: datetime, read: bool = False, before: int = 0, size: int = 25
) -> Inbox:
    """Return what was escalated to ``by``, the newest first: the unread, or with ``read`` all.

    ``live`` says whether the clock that ran late still runs; ``next_step_at`` is then when the
    next one up is told, unless somebody acknowledges or acts before.
    """
    with office.reading() as connection:
        mine = _mine(connection, by)
        unread = _count(connection, mine)
        found = _SHOWN.where(*mine, *([] if read else [_UNREAD]))
        if before:
            found = found.where(_KEPT.id < before)
        rows = connection.execute(found.order_by(_KEPT.id.desc()).limit(size + 1)).mappings().all()
    shown = [_told(row, as_of) for row in rows[:size]]
    return Inbox(shown, unread, rows[size - 1]["id"] if len(rows) > size else 0)


def count_escalations(office: Office, *, by: str) -> int:
    """Return how many escalations ``by`` has not acknowledged."""
    with office.reading() as connection:
        return _count(connection, _mine(connection, by))


_UNREAD = _KEPT.acknowledged_at.is_(None)


def _mine(connection: Connection, by: str) -> list[ColumnElement[bool]]:
    return [_KEPT.person_id == find_actor(connection, by).id, _KEPT.kind.in_(KINDS)]


def _count(connection: Connection, mine: Sequence[ColumnElement[bool]]) -> int:
    counted = select(func.count()).select_from(NOTICES).where(*mine, _UNREAD)
    found: int = connection.execute(counted).scalar_one()
    return found


def _told(row: RowMapping, as_of: datetime) -> dict[str, Any]:
    live = row["due_at"] is not None and row["clock_no"] == row["clock_now"]
    late = days_late(row["due_at"], as_of) if row["due_at"] else 0
    return {**row, "live": live, "days_late": late}
