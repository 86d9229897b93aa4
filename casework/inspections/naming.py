"""Inspectors named by hand, and inspections begun without a plan."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert

from casework.answers import receipt
from casework.errors import Invalid, NotFound, Refused
from casework.forms import clean
from casework.inspections.checklists import find_checklist
from casework.inspections.owing import owe_duties
from casework.inspections.plans import people_ids, require_planner
from casework.inspections.standing import Act
from casework.inspections.tasks import NewTask, add_tasks, find_task, write_task
from casework.lookback.looks import Hand
from casework.office import Office
from casework.people import Unit, find_actor, find_unit
from models import Place
from models.tables import INSPECTION_TEAMS
from rules.access import Actor, Role
from rules.inspections.acts import TaskAct, TaskState
from rules.inspections.kinds import InspectionKind
from rules.wording import Wording
from rules.workdays import china_day


class Begun(NamedTuple):
    number: str
    unit: str
    receipt: str


def begin_inspection(
    office: Office, unit: str, checklist: str, kind: InspectionKind, hand: Hand
) -> Begun:
    """Begin an inspection that no plan asked for: on the spot, due today, by whoever may make it.

    Raise Refused for who may not inspect there, Invalid or NotFound for unit and checklist.
    """
    with office.writing() as connection:
        actor = find_actor(connection, hand.by or "")
        place = find_unit(connection, unit)
        role = _require_visitor(actor, place, kind)
        found = find_checklist(connection, checklist).part
        if kind not in found.kinds:
            raise Invalid(
                Wording(f"《{found.zh}》不用于{kind.label.zh}", f"{found.en} is not for this"),
                remedy=Wording("请另选检查表或检查类型。", "Choose another checklist or kind."),
                where="kind",
            )
        today = china_day(hand.at)
        wanted = NewTask(
            place, found.zh, found.key, kind, today, today, place.id, actor.id,
            hidden=kind is not InspectionKind.SELF,
        )  # fmt: skip
        number = add_tasks(connection, [wanted], hand.at)[0]
        held = find_task(connection, number, actor, to_act=True)
        body = {"unit": place.code, "checklist": found.key, "kind": kind.value}
        held = write_task(connection, held, Act(actor, role, hand).happening(TaskAct.OPEN, body))
        owe_duties(connection, [(number, wanted)], hand.at, hand.door)
    return Begun(number, place.name, receipt(number, held.last.seq, held.last.hash))


def name_inspectors(
    office: Office, number: str, people: Sequence[str], reason: str, hand: Hand
) -> str:
    """Name who makes an inspection, in place of whoever was drawn or named; the record says why.

    By whoever plans there. Return the receipt; raise Invalid for too few or without a reason,
    NotFound for somebody unknown, Refused once it is recorded.
    """
    reason = clean(reason, where="reason", longest=500)
    with office.writing() as connection:
        actor = find_actor(connection, hand.by or "")
        held = find_task(connection, number, actor, to_act=True)
        role = require_planner(actor, held.unit, held.row.kind)
        if held.row.state is not TaskState.OPEN:
            raise Refused(
                Wording("已有检查记录,不能换人", "there is a record: nobody is replaced"),
                remedy=Wording("需要更正的,写更正记录。", "Correct the record instead."),
                where="number",
            )
        ids = _require_team(connection, people, held.row.kind, reason)
        connection.execute(
            delete(INSPECTION_TEAMS).where(INSPECTION_TEAMS.c.task_id == held.row.id)
        )
        connection.execute(insert(INSPECTION_TEAMS), [
            {"task_id": held.row.id, "person_id": person, "position": n}
            for n, person in enumerate(ids, start=1)
        ])  # fmt: skip
        body = {"inspectors": list(people), "before": [each.code for each in held.team]}
        told = Act(actor, role, hand).happening(TaskAct.ASSIGN, body, {"reason": reason})
        held = write_task(connection, held, told)
    return receipt(held.row.number, held.last.seq, held.last.hash)


def _require_visitor(actor: Actor, place: Unit, kind: InspectionKind) -> Role:
    roles = actor.roles_over(place.path) & kind.made_by
    if not roles:
        raise Refused(
            Wording(
                f"您不能在“{place.name}”做{kind.label.zh}", f"no {kind.label.en} there for you"
            ),
            remedy=Wording("请由有权的检查人员办理。", "Leave it to those who inspect there."),
            where="unit",
        )
    if place.kind is not Place.UNIT:
        raise Invalid(
            Wording(f"“{place.name}”不是责任单位", f"{place.name} is not a responsible unit"),
            remedy=Wording("请填学校或其他责任单位。", "Give a school or other unit."),
            where="unit",
        )
    return min(roles)


def _require_team(
    connection: Connection, people: Sequence[str], kind: InspectionKind, reason: str
) -> list[int]:
    if not reason or len(set(people)) < kind.signatures:
        raise Invalid(
            Wording(
                f"须写明理由,并指定至少 {kind.signatures} 人",
                f"give a reason and {kind.signatures} inspectors",
            ),
            remedy=Wording(
                "例如 --inspectors li,wang --reason 抽中人员生病。",
                "For example --inspectors li,wang --reason 'the one drawn is ill'.",
            ),
            where="inspectors" if reason else "reason",
        )
    known = people_ids(connection, list(people))
    strange = next((code for code in people if code not in known), None)
    if strange:
        raise NotFound(
            Wording(f"没有代码为“{strange}”的人员", f"there is nobody called {strange!r}"),
            remedy=Wording("可用 bihuan people 查看。", "`bihuan people` lists them."),
            where="inspectors",
        )
    return [known[code] for code in dict.fromkeys(people)]
