"""A plan withdrawn, with the reason: what was not begun of it is dropped, and owed no more."""

from datetime import datetime

from sqlalchemy import Connection, Row, select, update

from casework.answers import receipt
from casework.errors import Invalid, Refused
from casework.events import Door, Happening
from casework.forms import clean
from casework.inspections.owing import end_duty
from casework.inspections.plans import find_plan, hold_plan, require_planner, write_plan
from casework.inspections.tasks import TASKS
from casework.lookback.looks import Hand
from casework.office import Office
from casework.people import find_actor, find_unit
from models.tables import INSPECTION_TASKS
from rules.inspections.acts import PlanAct, PlanState, TaskState
from rules.wording import Wording


def withdraw_plan(office: Office, number: str, reason: str, hand: Hand) -> str:
    """Withdraw a plan and drop its inspections that nobody recorded; return the receipt.

    Raise Invalid without a reason, Refused without the role or when it is withdrawn, NotFound.
    """
    reason = clean(reason, where="reason", longest=500)
    if not reason:
        raise Invalid(
            Wording("没有写明撤回理由", "the reason is missing"),
            remedy=Wording("请写明为何撤回。", "Say why it is withdrawn."),
            where="reason",
        )
    with office.writing() as connection:
        actor = find_actor(connection, hand.by or "")
        find_plan(connection, number, actor)
        held = hold_plan(connection, number)
        place = find_unit(connection, held.plan.place)
        role = require_planner(actor, place, held.plan.kind)
        if held.row.state is PlanState.WITHDRAWN:
            raise Refused(
                Wording("计划已撤回", "the plan is withdrawn already"),
                remedy=Wording("需要的,请另订计划。", "Make another plan."),
                where="number",
            )
        dropped = _drop(connection, held.row.id, hand.at, actor.id, hand.door)
        told = Happening(
            PlanAct.WITHDRAW.value, actor.id, role.value, hand.door, hand.at,
            {"dropped": dropped}, {"reason": reason},
        )  # fmt: skip
        held = write_plan(connection, held, told, {"state": PlanState.WITHDRAWN})
    return receipt(held.row.number, held.last.seq, held.last.hash)


def _drop(connection: Connection, plan: int, at: datetime, by: int | None, door: Door) -> list[str]:
    """Drop what is open, and end what was owed for it; return the numbers."""
    wanted = (
        select(INSPECTION_TASKS)
        .where(TASKS.plan_id == plan, TASKS.state == TaskState.OPEN)
        .order_by(TASKS.id)
        .with_for_update()
    )
    rows: list[Row[tuple[object, ...]]] = list(connection.execute(wanted).all())
    for row in rows:
        end_duty(connection, row, at, by, door)
    here = (TASKS.plan_id == plan, TASKS.state == TaskState.OPEN)
    connection.execute(
        update(INSPECTION_TASKS).where(*here).values(state=TaskState.DROPPED, draft=None)
    )
    return [str(row.number) for row in rows]
