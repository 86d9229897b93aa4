"""The cases that have a step due: an index range on ``next_step_at``, claimed or only read."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from models.prepared import Prepared
from models.tables import ACKNOWLEDGEMENTS, CASES, CLOCKS, ORGANISATIONS
from rules.access import Role
from rules.case import Level, Listing
from rules.deadlines import Stage


class DueCase(NamedTuple):
    """A case whose running clock owes a step now. ``seq`` and ``head`` are its chain's."""

    id: int
    number: str
    seq: int
    head: str
    clock_no: int
    stage: Stage
    holder: Role
    due_at: datetime
    next_step: str
    next_step_at: datetime
    level: Level
    category: str
    listed: Listing | None
    policy: str
    path: str
    unit: str
    cluster: str | None
    cycle: int
    acknowledged_at: datetime | None


_CLUSTERS = ORGANISATIONS.alias("cluster")
_DUE = (
    select(
        CASES.c.id, CASES.c.number, CASES.c.seq, CASES.c.head, CASES.c.clock_no, CASES.c.stage,
        CASES.c.holder, CASES.c.due_at, CLOCKS.c.next_step, CLOCKS.c.next_step_at, CASES.c.level,
        CASES.c.category, CASES.c.listed, CLOCKS.c.policy, ORGANISATIONS.c.path,
        ORGANISATIONS.c.name.label("unit"), _CLUSTERS.c.name.label("cluster"),
        CASES.c.cycle,
        select(func.max(ACKNOWLEDGEMENTS.c.at))
        .where(
            ACKNOWLEDGEMENTS.c.case_id == CASES.c.id,
            ACKNOWLEDGEMENTS.c.clock_no == CASES.c.clock_no,
        )
        .scalar_subquery()
        .label("acknowledged_at"),
    )
    .select_from(CLOCKS)
    .join(CASES, (CASES.c.id == CLOCKS.c.case_id) & (CASES.c.clock_no == CLOCKS.c.no))
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .outerjoin(_CLUSTERS, _CLUSTERS.c.id == CASES.c.cluster_id)
    .where(CLOCKS.c.next_step_at <= bindparam("as_of"))
    .order_by(CLOCKS.c.next_step_at, CLOCKS.c.case_id)
    .limit(bindparam("most"))
)  # fmt: skip
_AFTER = (CLOCKS.c.next_step_at > bindparam("last_at")) | (
    (CLOCKS.c.next_step_at == bindparam("last_at")) & (CLOCKS.c.case_id > bindparam("last_id"))
)
# The clock is held too: PostgreSQL reads again only what it holds, and another sweeper may just
# have taken the step that we found.
HELD = _DUE.with_for_update(of=[CASES, CLOCKS], skip_locked=True)
_CLAIM = Prepared(HELD)
_CLAIM_BUT = HELD.where(CASES.c.id.not_in(bindparam("failed", expanding=True)))
_FIRST = Prepared(_DUE)
_NEXT = Prepared(_DUE.where(_AFTER))
_COUNT = select(func.count()).where(CLOCKS.c.next_step_at <= bindparam("as_of"))


def claim_due(
    connection: Connection, as_of: datetime, failed: Sequence[int], most: int
) -> list[DueCase]:
    """Return cases that are due, the oldest first, held until the transaction ends.

    Those that another sweeper holds are passed over, and those that ``failed``.
    """
    values = {"as_of": as_of, "most": most}
    if failed:
        rows = connection.execute(_CLAIM_BUT, {**values, "failed": failed})
        return [DueCase(*row) for row in rows]
    return [DueCase(*row) for row in _CLAIM.rows(connection, values)]


def read_due(connection: Connection, as_of: datetime, most: int) -> Iterator[list[DueCase]]:
    """Yield all cases that are due, batch after batch, and hold none."""
    values: dict[str, Any] = {"as_of": as_of, "most": most}
    rows = [DueCase(*row) for row in _FIRST.rows(connection, values)]
    while rows:
        yield rows
        values |= {"last_at": rows[-1].next_step_at, "last_id": rows[-1].id}
        rows = [DueCase(*row) for row in _NEXT.rows(connection, values)]


def how_many_due(connection: Connection, as_of: datetime) -> int:
    found: int = connection.execute(_COUNT, {"as_of": as_of}).scalar_one()
    return found
