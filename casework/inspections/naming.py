"""Inspectors named by hand, and inspections begun without a plan."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select

from casework.answers import receipt
from casework.errors import Invalid, Refused
from casework.forms import clean
from casework.inspections.checklists import find_checklist
from casework.inspections.owing import hand_to, owe_duties
from casework.inspections.people import find_person, people_ids
from casework.inspections.plans import require_planner
from casework.inspections.standing import Act
from casework.inspections.tasks import Held, NewTask, add_tasks, find_task, write_task
from casework.lookback.looks import Hand
from casework.office import Office
from casework.people import Unit, find_actor, find_unit
from models import Place
from models.tables import INSPECTION_TEAMS, PEOPLE, ROLE_GRANTS
from rules.access import Actor, Role
from rules.inspections.acts import TaskAct, TaskState
from rules.inspections.kinds import InspectionKind
from rules.wording import Wording
from rules.workdays import china_day

_OWN = (
    select(PEOPLE.c.code)
    .join(ROLE_GRANTS, ROLE_GRANTS.c.person_id == PEOPLE.c.id)
    .where(ROLE_GRANTS.c.person_id.in_(bindparam("people", expanding=True)))
    .order_by(PEOPLE.c.code)
)


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
                Wording("已有检查记录，不能换人", "there is a record: nobody is replaced"),
                remedy=Wording("需要更正的，写更正记录。", "Correct the record instead."),
                where="number",
            )
        codes = _require_team(connection, people, held.row.kind, reason)
        ids = people_ids(connection, codes)
        _require_strangers(connection, held, ids)
        connection.execute(
            delete(INSPECTION_TEAMS).where(INSPECTION_TEAMS.c.task_id == held.row.id)
        )
        connection.execute(insert(INSPECTION_TEAMS), [
            {"task_id": held.row.id, "person_id": ids[code], "position": n}
            for n, code in enumerate(codes, start=1)
        ])  # fmt: skip
        body = {"inspectors": codes, "before": [each.code for each in held.team]}
        told = Act(actor, role, hand).happening(TaskAct.ASSIGN, body, {"reason": reason})
        held = write_task(connection, held, told)
        hand_to(connection, held.row.number, ids[codes[0]], told)
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
) -> list[str]:
    called = [find_person(connection, each, where="inspectors") for each in people]
    codes = list(dict.fromkeys(called))
    if not reason or len(codes) < kind.signatures:
        raise Invalid(
            Wording(
                f"须写明理由，并指定至少 {kind.signatures} 人",
                f"give a reason and {kind.signatures} inspectors",
            ),
            remedy=Wording(
                "例如 --inspectors li,wang --reason 抽中人员生病。",
                "For example --inspectors li,wang --reason 'the one drawn is ill'.",
            ),
            where="inspectors" if reason else "reason",
        )
    return codes


def _require_strangers(connection: Connection, held: Held, ids: Mapping[str, int]) -> None:
    """Raise for an inspector who belongs to the school that others are to inspect 回避."""
    if held.row.kind is InspectionKind.SELF:
        return
    own = _OWN.where(ROLE_GRANTS.c.organisation_id == held.row.unit_id)
    for code in connection.execute(own, {"people": list(ids.values())}).scalars():
        raise Refused(
            Wording(f"“{code}”是被查单位的人，须回避", f"{code} belongs to the inspected unit"),
            remedy=Wording("请另选检查人员。", "Choose somebody else."),
            where="inspectors",
        )
