"""How far a plan has got: what was given out in each period, what is made, late, found."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, and_, case, func, select

from casework.inspections.places import seen_by
from casework.inspections.plans import find_plan
from casework.inspections.tasks import TASKS
from casework.office import Office
from casework.people import find_actor
from models.tables import INSPECTION_TASKS
from rules.access import Actor
from rules.inspections.acts import TaskState

_OWED = (TaskState.OPEN, TaskState.AWAITING)
MOST_PERIODS = 12


class Progress(NamedTuple):
    """A line of the breakdown in a period; ``line`` counts from 0. Dropped ones do not count."""

    line: int
    period: str
    due_on: date
    given: int
    made: int
    late: int
    hazards: int


def plan_progress(
    office: Office, plan: str, *, by: str, today: date, most: int = MOST_PERIODS
) -> Sequence[Progress]:
    """Return the newest periods of a plan, what ``by`` may see of them; raise NotFound."""
    with office.reading() as connection:
        actor = find_actor(connection, by)
        return progress_of(connection, find_plan(connection, plan, actor).id, actor, today, most)


def progress_of(
    connection: Connection, plan: int, actor: Actor, today: date, most: int
) -> Sequence[Progress]:
    """Return the newest periods of a plan by line, within a connection."""
    is_late = and_(TASKS.state.in_(_OWED), TASKS.due_on < today)
    due_on = func.max(TASKS.due_on).label("due_on")
    wanted = (
        select(
            TASKS.line, TASKS.period, due_on, func.count(),
            func.sum(case((TASKS.state == TaskState.RECORDED, 1), else_=0)),
            func.sum(case((is_late, 1), else_=0)), func.sum(TASKS.hazards),
        )
        .select_from(INSPECTION_TASKS)
        .where(TASKS.plan_id == plan, TASKS.state != TaskState.DROPPED)
        .where(seen_by(connection, actor))
        .group_by(TASKS.line, TASKS.period)
        .order_by(due_on.desc(), TASKS.period.desc(), TASKS.line)
        .limit(most)
    )  # fmt: skip
    return [Progress(*row) for row in connection.execute(wanted)]
