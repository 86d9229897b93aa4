"""What supervisors owe an order and let pass: its publication, the answer to an extension asked.

``order show`` says by when; once that is over whoever decides hears of it, and a period later the
level above, each once.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, select

from casework.demand_plan import UNRECKONED, Moment, Step, told_of
from models.tables import NOTICES
from rules.access import Role
from rules.audience import superior
from rules.deadlines import Limit, due
from rules.ladder import Audience, OrderLevel
from rules.workdays import day_due

LOG = logging.getLogger(__name__)
LATE_DECISION = "late_decision"
LATE_PUBLICATION = "late_publication"
KINDS = frozenset({LATE_DECISION, LATE_PUBLICATION})
"""Kinds of notices that tell a supervisor what they let pass."""

_TOLD = (
    select(NOTICES.c.key)
    .where(NOTICES.c.case_id.in_(bindparam("cases", expanding=True)))
    .where(NOTICES.c.kind.in_(sorted(KINDS)))
)


class _Awaited(NamedTuple):
    """What an order waits for, since when, how long that may take, and what a notice says of it."""

    kind: str
    since: datetime
    within: Limit
    said: dict[str, Any]


def plan_late_decisions(
    connection: Connection, rows: Sequence[Row[Any]], moment: Moment, failed: list[str]
) -> Iterator[Step]:
    """Yield whom to tell of what was let pass, one level a run for each thing awaited."""
    keys = connection.execute(_TOLD, {"cases": [row.case_id for row in rows]}).scalars()
    known = {key.rpartition(":")[0] for key in keys}
    for row in rows:
        try:
            steps = (_next_level(row, each, moment, known) for each in _awaited(row, moment))
            yield from [each for each in steps if each]
        except UNRECKONED:
            LOG.exception("order %s: its decisions cannot be reckoned", row.number)
            failed.append(row.number)


def _awaited(row: Row[Any], moment: Moment) -> list[_Awaited]:
    bounds, found = moment.policy(row.policy).orders, []
    if row.published_at is None:
        within = bounds.publish_within.limit
        found.append(_Awaited(LATE_PUBLICATION, row.issued_at, within, {}))
    if row.extension_asked_at is not None:
        said = {"until": day_due(row.extension_until).isoformat()}
        within = bounds.decision_within.limit
        found.append(_Awaited(LATE_DECISION, row.extension_asked_at, within, said))
    return found


def _next_level(row: Row[Any], awaited: _Awaited, moment: Moment, known: set[str]) -> Step | None:
    """Return whom to tell now: who decides, or the level above a period later; None for nobody."""
    decides = Role.CLUSTER if row.level is OrderLevel.CLUSTER else Role.COMMITTEE
    over, calendar = awaited.since, moment.book.calendar
    for level, role in enumerate(dict.fromkeys((decides, superior(decides))), start=1):
        # A day ends an instant before the moment that a term ends at.
        over = due(over - (level > 1) * datetime.resolution, awaited.within, calendar).at
        key = f"{row.case_id}:order-{row.id}:{awaited.kind}:{awaited.since.isoformat()}:{level}"
        if moment.as_of < over:
            return None
        if key not in known:
            told = told_of(moment, row, (Audience(role.value),))
            return Step(row, awaited.kind, key, told, {}, awaited.said)
    return None
