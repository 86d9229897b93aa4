"""The cases that have a step due: an index range on ``next_step_at``, claimed or only read."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from models.tables import ACKNOWLEDGEMENTS, CASES, CLOCKS, ORGANISATIONS

_CLUSTERS = ORGANISATIONS.alias("cluster")
_DUE = (
    select(
        CASES.c.id, CASES.c.number, CASES.c.seq, CASES.c.head, CASES.c.clock_no, CASES.c.stage,
        CASES.c.holder, CASES.c.due_at, CASES.c.next_step, CASES.c.next_step_at, CASES.c.level,
        CASES.c.category, CASES.c.listed, CLOCKS.c.policy, ORGANISATIONS.c.path,
        ORGANISATIONS.c.name.label("unit"), _CLUSTERS.c.name.label("cluster"),
        select(func.max(ACKNOWLEDGEMENTS.c.at))
        .where(
            ACKNOWLEDGEMENTS.c.case_id == CASES.c.id,
            ACKNOWLEDGEMENTS.c.clock_no == CASES.c.clock_no,
        )
        .scalar_subquery()
        .label("acknowledged_at"),
    )
    .join(CLOCKS, (CLOCKS.c.case_id == CASES.c.id) & (CLOCKS.c.no == CASES.c.clock_no))
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .outerjoin(_CLUSTERS, _CLUSTERS.c.id == CASES.c.cluster_id)
    .where(CASES.c.next_step_at <= bindparam("as_of"))
    .order_by(CASES.c.next_step_at, CASES.c.id)
    .limit(bindparam("most"))
)  # fmt: skip
_AFTER = (CASES.c.next_step_at > bindparam("last_at")) | (
    (CASES.c.next_step_at == bindparam("last_at")) & (CASES.c.id > bindparam("last_id"))
)
HELD = _DUE.with_for_update(of=CASES, skip_locked=True)
_CLAIM = HELD.where(CASES.c.id.not_in(bindparam("failed", expanding=True)))
_READ = _DUE.where(_AFTER)
_COUNT = select(func.count()).where(CASES.c.next_step_at <= bindparam("as_of"))


def claim_due(
    connection: Connection, as_of: datetime, failed: Sequence[int], most: int
) -> Sequence[Row[Any]]:
    """Return cases that are due, the oldest first, held until the transaction ends.

    Those that another sweeper holds are passed over, and those that ``failed``.
    """
    values = {"as_of": as_of, "most": most}
    if not failed:
        return connection.execute(HELD, values).all()
    return connection.execute(_CLAIM, {**values, "failed": failed}).all()


def read_due(connection: Connection, as_of: datetime, most: int) -> Iterator[Sequence[Row[Any]]]:
    """Yield all cases that are due, batch after batch, and hold none."""
    values: dict[str, Any] = {"as_of": as_of, "most": most}
    rows = connection.execute(_DUE, values).all()
    while rows:
        yield rows
        values |= {"last_at": rows[-1].next_step_at, "last_id": rows[-1].id}
        rows = connection.execute(_READ, values).all()


def how_many_due(connection: Connection, as_of: datetime) -> int:
    found: int = connection.execute(_COUNT, {"as_of": as_of}).scalar_one()
    return found
