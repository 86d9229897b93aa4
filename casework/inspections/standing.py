"""When a record stands: all inspectors have signed; it is counted, hazards become cases, the duty
ends. A correction is counted anew, and opens cases for what it adds.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from casework.answers import receipt
from casework.events import Happening
from casework.inspections.checklists import checklist_of
from casework.inspections.hazards import Raised, raise_cases
from casework.inspections.owing import end_duty
from casework.inspections.recorders import signatures_needed
from casework.inspections.signatures import inspectors_among, signatures_of
from casework.inspections.tasks import Held, write_task
from casework.intake import Intake
from casework.lookback.looks import Hand
from casework.numbering import take_ids
from casework.office import Office
from models.tables import INSPECTION_RECORDS, INSPECTIONS
from rules.access import Actor, Role
from rules.inspections.acts import TaskAct, TaskState
from rules.inspections.answers import Result

RECORDS = INSPECTION_RECORDS.c
_OF_VERSION = select(INSPECTION_RECORDS).where(
    RECORDS.task_id == bindparam("task"), RECORDS.version == bindparam("version_no")
)


class Act(NamedTuple):
    """Who acts on an inspection, in which role, when and through which door."""

    actor: Actor
    role: Role
    hand: Hand

    def happening(
        self, act: TaskAct, body: dict[str, Any], private: dict[str, str] | None = None
    ) -> Happening:
        hand = self.hand
        return Happening(
            act.value, self.actor.id, self.role.value, hand.door, hand.at, body, private or {}
        )


@dataclass(frozen=True, slots=True)
class Recorded:
    """``unsigned`` counts signatures still missing; ``cases`` are (item, case, linked) of this
    version, once it stands. ``repeated`` marks an answer given before.
    """

    number: str
    version: int
    state: str
    unsigned: int
    hazards: int
    cases: list[Raised]
    receipt: str
    repeated: bool = False


def record_of(connection: Connection, task: int, version: int) -> Row[Any] | None:
    """Return a version of a record."""
    return connection.execute(_OF_VERSION, {"task": task, "version_no": version}).first()


def conclude(
    office: Office, connection: Connection, held: Held, record: Row[Any], act: Act
) -> Recorded:
    """Let a version stand if all have signed it; say how it stands."""
    signed = signatures_of(connection, held.row.id, record.version)
    unsigned = max(0, signatures_needed(held) - len(inspectors_among(signed)))
    cases: list[Raised] = []
    if not unsigned:
        names = "、".join(each.name for each in signed)[:200]
        held, cases = _stand(office, connection, held, record, act, names)
    state = TaskState.AWAITING if unsigned else TaskState.RECORDED
    return Recorded(
        held.row.number, record.version, state.value, unsigned,
        _count(record, Result.HAZARD), cases,
        receipt(held.row.number, held.last.seq, held.last.hash),
    )  # fmt: skip


def _stand(
    office: Office, connection: Connection, held: Held, record: Row[Any], act: Act, names: str
) -> tuple[Held, list[Raised]]:
    checklist = checklist_of(connection, held.row.checklist, record.checklist)
    inspection = _count_inspection(connection, held, record, names)
    book = office.rulebooks.at(connection, act.hand.at)
    intake = Intake(book, act.actor.id, act.hand.at, act.hand.door)
    cases = raise_cases(connection, intake, held, record, checklist, (act.role, inspection))
    columns = {
        "state": TaskState.RECORDED, "recorded_at": act.hand.at, "inspection_id": inspection,
        "normal": _count(record, Result.NORMAL), "hazards": _count(record, Result.HAZARD),
    }  # fmt: skip
    body = {
        "version": record.version, "cases": {each.item: each.number for each in cases},
        "linked": [each.item for each in cases if each.linked],
    }  # fmt: skip
    held = write_task(connection, held, act.happening(TaskAct.STAND, body), columns)
    end_duty(connection, held.row, act.hand.at, act.actor.id, act.hand.door)
    return held, cases


def _count_inspection(connection: Connection, held: Held, record: Row[Any], names: str) -> int:
    """Write what is counted of an inspection, once; a correction counts anew."""
    counted = {
        "unit_id": held.row.unit_id, "held_on": record.held_on, "kind": held.row.kind,
        "inspectors": names, "participants": record.participants,
        "normal_items": _count(record, Result.NORMAL), "source": held.row.number,
    }  # fmt: skip
    if held.row.inspection_id is not None:
        here = INSPECTIONS.c.id == held.row.inspection_id
        connection.execute(update(INSPECTIONS).where(here).values(**counted))
        return int(held.row.inspection_id)
    number = take_ids(connection, "inspections", 1)[0]
    connection.execute(insert(INSPECTIONS), {"id": number, **counted})
    return number


def _count(record: Row[Any], result: Result) -> int:
    return sum(each["result"] == result for each in record.answers.values())
