"""How severely each stratum is inspected next: by the verdicts of the same template before."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, select

from models.tables import LOOKBACK_STRATA, LOOKBACKS
from rules.lookback.acceptance import Severity
from rules.lookback.acts import LookbackState
from rules.lookback.switching import next_severity
from rules.lookback.verdict import Decision

_DECIDED = (
    select(LOOKBACK_STRATA.c.key, LOOKBACK_STRATA.c.decision)
    .join(LOOKBACKS, LOOKBACKS.c.id == LOOKBACK_STRATA.c.lookback_id)
    .where(
        LOOKBACK_STRATA.c.decision.is_not(None),
        LOOKBACKS.c.state != LookbackState.WITHDRAWN,
    )
    .order_by(LOOKBACKS.c.drawn_at, LOOKBACKS.c.id)
)


def severities_now(connection: Connection, template: str) -> Mapping[str, Severity]:
    """Return the severity of every stratum that a template has judged; the others are normal.

    A plan without a template has no predecessors.
    """
    if not template:
        return {}
    history: dict[str, list[Decision]] = defaultdict(list)
    for key, decision in connection.execute(_DECIDED.where(LOOKBACKS.c.template == template)):
        history[key].append(decision)
    return {key: next_severity(decided) for key, decided in history.items()}
