"""Inspections to be made: written in bulk, found, held while somebody acts on one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from casework.errors import NotFound
from casework.events import Happening
from casework.forms import LONGEST_NAME, clean
from casework.inspections.places import seen_by
from casework.numbering import take_ids, take_numbers
from casework.people import Unit
from casework.records import START, Entry, Subject, write_record
from models.prepared import Prepared
from models.tables import (
    INSPECTION_PLANS,
    INSPECTION_TASKS,
    INSPECTION_TEAMS,
    ORGANISATIONS,
    PEOPLE,
)
from rules.access import Actor
from rules.inspections.acts import TaskState
from rules.inspections.kinds import InspectionKind
from rules.wording import Wording
from rules.workdays import china_day

SUBJECT = "inspection"
TASKS = INSPECTION_TASKS.c
_ADD = Prepared(insert(INSPECTION_TASKS))
_ADD_TEAM = Prepared(insert(INSPECTION_TEAMS))
FOUND = (
    select(
        INSPECTION_TASKS, ORGANISATIONS.c.code.label("unit_code"),
        ORGANISATIONS.c.name.label("unit"), ORGANISATIONS.c.kind.label("unit_kind"),
        ORGANISATIONS.c.path.label("unit_path"), PEOPLE.c.name.label("lead"),
        INSPECTION_PLANS.c.number.label("plan"), INSPECTION_PLANS.c.title.label("plan_title"),
    )
    .join(ORGANISATIONS, ORGANISATIONS.c.id == TASKS.unit_id)
    .outerjoin(PEOPLE, PEOPLE.c.id == TASKS.lead_id)
    .outerjoin(INSPECTION_PLANS, INSPECTION_PLANS.c.id == TASKS.plan_id)
)  # fmt: skip
_TEAM = (
    select(INSPECTION_TEAMS.c.person_id, PEOPLE.c.code, PEOPLE.c.name)
    .join(PEOPLE, PEOPLE.c.id == INSPECTION_TEAMS.c.person_id)
    .where(INSPECTION_TEAMS.c.task_id == bindparam("task"))
    .order_by(INSPECTION_TEAMS.c.position)
)


class NewTask(NamedTuple):
    """An inspection to be written: of which unit, with which checklist, by when, by whom."""

    unit: Unit
    title: str
    checklist: str
    kind: InspectionKind
    opens_on: date
    due_on: date
    responsible_id: int
    lead_id: int | None = None
    team: Sequence[int] = ()
    hidden: bool = False
    plan_id: int | None = None
    line: int = 0
    period: str = ""
    planned_on: date | None = None


class Member(NamedTuple):
    id: int
    code: str
    name: str


class Held(NamedTuple):
    """An inspection under way: its row, its named inspectors, where its history stands."""

    row: Row[Any]
    team: tuple[Member, ...]
    last: Entry

    @property
    def unit(self) -> Unit:
        row = self.row
        return Unit(row.unit_id, row.unit_code, row.unit, row.unit_kind, row.unit_path)

    @property
    def subject(self) -> Subject:
        return Subject(SUBJECT, self.row.id, self.row.number)


def add_tasks(connection: Connection, wanted: Sequence[NewTask], at: datetime) -> list[str]:
    """Write inspections and return their numbers, in the same order."""
    year = china_day(at).year
    ids = take_ids(connection, "inspection_tasks", len(wanted))
    numbers = [
        f"JC{year}-{n:06d}" for n in take_numbers(connection, "inspection", year, len(wanted))
    ]
    rows = [
        _row(each, task_id, number, at)
        for each, task_id, number in zip(wanted, ids, numbers, strict=True)
    ]
    _ADD.run_all(connection, rows)
    _ADD_TEAM.run_all(connection, [
        {"task_id": task_id, "person_id": person, "position": n}
        for each, task_id in zip(wanted, ids, strict=True)
        for n, person in enumerate(each.team, start=1)
    ])  # fmt: skip
    return numbers


def find_task(connection: Connection, number: str, actor: Actor, *, to_act: bool = False) -> Held:
    """Return an inspection that ``actor`` may see; raise NotFound.

    ``to_act`` holds its row until the transaction ends: of two who act one waits, and then
    decides on what the other left.
    """
    called = clean(number, where="number", longest=LONGEST_NAME)
    wanted = FOUND.where(TASKS.number == called, seen_by(connection, actor))
    if to_act:
        wanted = wanted.with_for_update(of=INSPECTION_TASKS)
    row = connection.execute(wanted).first()
    if row is None:
        raise NotFound(
            Wording(f"没有编号为 {called} 的检查", f"there is no inspection {called}"),
            remedy=Wording("可用 bihuan inspection tasks 查看。", "See `bihuan inspection tasks`."),
            where="number",
        )
    team = tuple(Member(*each) for each in connection.execute(_TEAM, {"task": row.id}))
    return Held(row, team, Entry(row.seq, row.head))


def write_task(
    connection: Connection,
    held: Held,
    happening: Happening,
    columns: Mapping[str, Any] | None = None,
) -> Held:
    """Append to an inspection's history, and change its row with it."""
    entry = write_record(connection, held.subject, happening, held.last)
    connection.execute(
        update(INSPECTION_TASKS)
        .where(TASKS.id == held.row.id)
        .values(**(columns or {}), seq=entry.seq, head=entry.hash)
    )
    return held._replace(last=entry)


def _row(each: NewTask, task_id: int, number: str, at: datetime) -> dict[str, Any]:
    return {
        "id": task_id, "number": number, "plan_id": each.plan_id, "line": each.line,
        "period": each.period, "title": each.title, "unit_id": each.unit.id,
        "cluster_id": each.unit.cluster_id, "responsible_id": each.responsible_id,
        "lead_id": each.lead_id, "checklist": each.checklist, "kind": each.kind,
        "hidden": each.hidden, "opens_on": each.opens_on, "due_on": each.due_on,
        "planned_on": each.planned_on, "state": TaskState.OPEN, "version": 0, "normal": 0,
        "hazards": 0, "recorded_at": None, "head_word": None, "inspection_id": None,
        "draft": None, "draft_by_id": None, "draft_at": None, "opened_at": at,
        "seq": START.seq, "head": START.hash,
    }  # fmt: skip
