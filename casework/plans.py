"""Plans of a case: every version kept, with what was decided on it."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from models.tables import PLANS
from rules.actions import Action, Given
from rules.decisions import Move
from rules.moves import ASSURANCES

_LAST = select(func.coalesce(func.max(PLANS.c.no), 0)).where(PLANS.c.case_id == bindparam("case"))
_ADD = insert(PLANS)
_DECIDE = (
    update(PLANS)
    .where(PLANS.c.case_id == bindparam("case"), PLANS.c.no == bindparam("plan"))
    .values(
        decided_by_id=bindparam("by"),
        decided_at=bindparam("at"),
        approved=bindparam("yes"),
        reason=bindparam("why"),
    )
)


def keep_up(connection: Connection, case_id: int, move: Move, at: datetime) -> None:
    """Write what a move does to the plans: a new version, or the decision on the last one."""
    if move.action is Action.SUBMIT_PLAN:
        assurances = {field.value: move.given[field] for field in ASSURANCES}
        row = {"case_id": case_id, "no": _last(connection, case_id) + 1, **assurances}
        connection.execute(_ADD, row | {"author_id": move.by, "submitted_at": at, "reason": ""})
    elif move.action in (Action.APPROVE_PLAN, Action.RETURN_PLAN):
        decided = {
            "case": case_id,
            "plan": _last(connection, case_id),
            "by": move.by,
            "at": at,
            "yes": move.action is Action.APPROVE_PLAN,
            "why": move.given.get(Given.REASON, ""),
        }
        connection.execute(_DECIDE, decided)


def _last(connection: Connection, case_id: int) -> int:
    return connection.execute(_LAST, {"case": case_id}).scalar_one() or 0
