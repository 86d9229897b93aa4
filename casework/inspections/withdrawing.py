"""A plan withdrawn, with the reason: what was not begun of it is dropped, and owed no more."""

from sqlalchemy import Connection, select, update

from casework.answers import receipt
from casework.errors import Refused
from casework.events import Happening
from casework.forms import read_reason
from casework.inspections.owing import let_off, waived
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
    reason = read_reason(
        reason,
        longest=500,
        missing=Wording("没有写明撤回理由", "the reason is missing"),
        remedy=Wording("请写明为何撤回。", "Say why it is withdrawn."),
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
                remedy=Wording("需要的，请另订计划。", "Make another plan."),
                where="number",
            )
        dropped = _drop(connection, held.row.id)
        told = Happening(
            PlanAct.WITHDRAW.value, actor.id, role.value, hand.door, hand.at,
            {"dropped": dropped}, {"reason": reason},
        )  # fmt: skip
        held = write_plan(connection, held, told, {"state": PlanState.WITHDRAWN})
        let_off(connection, dropped, *waived(told))
    return receipt(held.row.number, held.last.seq, held.last.hash)


def _drop(connection: Connection, plan: int) -> list[str]:
    """Drop what nobody recorded; return the numbers."""
    here = (TASKS.plan_id == plan, TASKS.state == TaskState.OPEN)
    wanted = select(TASKS.number).where(*here).order_by(TASKS.id).with_for_update()
    numbers = [str(each) for each in connection.execute(wanted).scalars()]
    dropping = update(INSPECTION_TASKS).where(*here)
    connection.execute(dropping.values(state=TaskState.DROPPED, draft=None))
    return numbers
