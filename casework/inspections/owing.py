"""What is owed for an inspection 应办: chased until it was recorded, by whom it is to be made.

A school's own check is the school's; any other is the responsible unit's, so that a school hears
nothing of an unannounced one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from casework.duties.ending import fulfil
from casework.duties.opening import Wanted, open_duties
from casework.events import Door
from casework.inspections.tasks import NewTask
from rules.inspections.kinds import InspectionKind
from rules.wording import Wording

DAILY, SELF, VISIT = "daily_check", "self_check", "inspection"


def owe_duties(
    connection: Connection, given: Sequence[tuple[str, NewTask]], at: datetime, door: Door
) -> None:
    """Open a duty for each inspection given out, under its number."""
    open_duties(connection, [_duty(number, task) for number, task in given], at, door=door)


def end_duty(
    connection: Connection, row: Row[Any], at: datetime, by: int | None, door: Door
) -> None:
    """End what was owed for an inspection, as done by ``by``."""
    kinds = (DAILY, SELF) if row.kind is InspectionKind.SELF else (VISIT,)
    for kind in kinds:
        fulfil(connection, kind, [row.number], at, by, door=door)


def _duty(number: str, task: NewTask) -> Wanted:
    if task.kind is InspectionKind.SELF:
        kind = DAILY if task.opens_on == task.due_on else SELF
        title = Wording(task.title, task.title)
        return Wanted(kind, number, task.unit.id, task.due_on, title, _link(number))
    label = task.kind.label
    at = Wording("", "") if task.hidden else Wording(task.unit.name, f" at {task.unit.name}")
    title = Wording(
        f"{label.zh}{at.zh}:{task.title}"[:200], f"{label.en}{at.en}: {task.title}"[:200]
    )
    person = next(iter(task.team), task.lead_id)
    return Wanted(VISIT, number, task.responsible_id, task.due_on, title, _link(number), person)


def _link(number: str) -> str:
    return f"/inspections/{number}"
