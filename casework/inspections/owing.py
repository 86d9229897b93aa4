"""What is owed for an inspection 应办: chased until it was recorded, by whom it is to be made.

A school's own check is the school's; any other is the responsible unit's, so that a school hears
nothing of an unannounced one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam

from casework.duties.ending import fulfil, hand_over
from casework.duties.opening import AT_ONCE, Wanted, open_duties
from casework.duties.store import FOUND, Change, read, write
from casework.events import Door, Happening
from casework.inspections.tasks import NewTask
from models import DutyState
from models.tables import DUTIES
from rules.duties.acts import DutyAct
from rules.inspections.kinds import InspectionKind
from rules.wording import Wording

DAILY, SELF, VISIT = "daily_check", "self_check", "inspection"
_OPEN = (
    FOUND.where(
        DUTIES.c.kind.in_(bindparam("kinds", expanding=True)),
        DUTIES.c.key.in_(bindparam("keys", expanding=True)),
        DUTIES.c.state == DutyState.OPEN,
    )
    .order_by(DUTIES.c.id)  # so that no two wait for each other
    .with_for_update(of=DUTIES)
)


def owe_duties(
    connection: Connection, given: Sequence[tuple[str, NewTask]], at: datetime, door: Door
) -> None:
    """Open a duty for each inspection given out, under its number."""
    open_duties(connection, [_duty(number, task) for number, task in given], at, door=door)


def hand_to(connection: Connection, number: str, person: int, act: Happening) -> None:
    """Let the inspection wait for the first of another team; a school's own waits for nobody."""
    hand_over(connection, VISIT, number, person, act.at, act.actor_id, door=act.door)


def end_duty(
    connection: Connection, row: Row[Any], at: datetime, by: int | None, door: Door
) -> None:
    """End what was owed for an inspection, as done by ``by``."""
    kinds = (DAILY, SELF) if row.kind is InspectionKind.SELF else (VISIT,)
    for kind in kinds:
        fulfil(connection, kind, [row.number], at, by, door=door)


def let_off(
    connection: Connection, numbers: Sequence[str], happening: Happening, ended: Mapping[str, Any]
) -> None:
    """Let off what is owed for inspections that were dropped, with the same reason for each."""
    for start in range(0, len(numbers), AT_ONCE):
        asked = {"kinds": [DAILY, SELF, VISIT], "keys": numbers[start : start + AT_ONCE]}
        rows = connection.execute(_OPEN, asked).all()
        write(connection, [Change(read(row), happening, ended) for row in rows])


def waived(act: Happening) -> tuple[Happening, dict[str, Any]]:
    """Return what happens to a duty when its plan is withdrawn by ``act``, and its new columns."""
    told = Happening(DutyAct.WAIVE.value, act.actor_id, act.role, act.door, act.at, {}, act.private)
    ended = {
        "state": DutyState.WAIVED, "ended_at": act.at, "ended_by_id": act.actor_id,
        "next_on": None,
    }  # fmt: skip
    return told, ended


def _duty(number: str, task: NewTask) -> Wanted:
    if task.kind is InspectionKind.SELF:
        kind = DAILY if task.opens_on == task.due_on else SELF
        title = Wording(task.title, task.title)
        return Wanted(kind, number, task.unit.id, task.due_on, title, _link(number))
    label = task.kind.label
    at = Wording("", "") if task.hidden else Wording(task.unit.name, f" at {task.unit.name}")
    title = Wording(
        f"{label.zh}{at.zh}：{task.title}"[:200], f"{label.en}{at.en}: {task.title}"[:200]
    )
    person = next(iter(task.team), task.lead_id)
    return Wanted(VISIT, number, task.responsible_id, task.due_on, title, _link(number), person)


def _link(number: str) -> str:
    return f"/inspections/{number}"
