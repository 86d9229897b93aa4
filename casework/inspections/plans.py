"""Plans 检查计划: made, read, withdrawn; each with its history."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from casework.answers import receipt
from casework.errors import Invalid, NotFound, Refused
from casework.events import Happening
from casework.forms import LONGEST_NAME, clean
from casework.inspections.checklists import find_checklist
from casework.lookback.looks import Hand, acting
from casework.numbering import take_ids, take_numbers
from casework.office import Office
from casework.people import Unit, find_actor, find_unit
from casework.records import START, Entry, Subject, write_record
from models import Place
from models.tables import INSPECTION_PLANS, ORGANISATIONS, PEOPLE
from rules.access import Actor, Role, Verb
from rules.inspections.acts import PlanAct, PlanState
from rules.inspections.kinds import PLANNERS, UNDECEIVED, InspectionKind
from rules.inspections.plan import Line, Plan, make_plan
from rules.proof import canonical
from rules.wording import Wording
from rules.workdays import china_day

SUBJECT = "inspection_plan"
PLANS = INSPECTION_PLANS.c
_WITH_PLACE = select(
    INSPECTION_PLANS, ORGANISATIONS.c.path.label("place_path"),
    ORGANISATIONS.c.name.label("place"),
).join(ORGANISATIONS, ORGANISATIONS.c.id == PLANS.place_id)  # fmt: skip
_CODES = select(PEOPLE.c.code, PEOPLE.c.id).where(
    PEOPLE.c.code.in_(bindparam("codes", expanding=True))
)


class Planned(NamedTuple):
    number: str
    title: str
    receipt: str


class Held(NamedTuple):
    """A plan under way: its row, what it says, where its history stands."""

    row: Row[Any]
    plan: Plan
    last: Entry


def make(office: Office, plan: Plan, hand: Hand) -> Planned:
    """Write a plan; tasks are given out from its first day on.

    Raise Refused without the role there, Invalid or NotFound for what it names.
    """
    with office.writing() as connection:
        actor = acting(connection, hand)
        place = find_unit(connection, plan.place, where="place")
        role = require_planner(actor, place, plan.kind)
        settled = _settle(connection, place, plan)
        year = china_day(hand.at).year
        number = f"JH{year}-{take_numbers(connection, 'inspection_plan', year, 1)[0]:04d}"
        plan_id = take_ids(connection, "inspection_plans", 1)[0]
        told = Happening(
            PlanAct.PLAN.value, actor.id, role.value, hand.door, hand.at, {"plan": settled.plain()}
        )
        entry = write_record(connection, Subject(SUBJECT, plan_id, number), told, START)
        connection.execute(insert(INSPECTION_PLANS), {
            "id": plan_id, "number": number, "title": settled.title, "kind": settled.kind,
            "cadence": settled.cadence.value, "place_id": place.id,
            "spec": canonical(settled.plain()), "state": PlanState.ACTIVE,
            "planned_at": hand.at, "planned_by_id": actor.id, "done_until": None,
            "seq": entry.seq, "head": entry.hash,
        })  # fmt: skip
    return Planned(number, settled.title, receipt(number, entry.seq, entry.hash))


def read_spec(row: Row[Any]) -> Plan:
    return make_plan(json.loads(row.spec))


def hold_plan(connection: Connection, number: str) -> Held:
    """Return a plan, locked until the transaction ends; raise NotFound."""
    called = clean(number, where="number", longest=LONGEST_NAME)
    wanted = _WITH_PLACE.where(PLANS.number == called).with_for_update(of=INSPECTION_PLANS)
    row = connection.execute(wanted).first()
    if row is None:
        raise no_such_plan(called)
    return Held(row, read_spec(row), Entry(row.seq, row.head))


def write_plan(
    connection: Connection,
    held: Held,
    happening: Happening,
    columns: Mapping[str, Any] | None = None,
) -> Held:
    """Append to a plan's history, and change its row with it."""
    row = held.row
    subject = Subject(SUBJECT, row.id, row.number)
    entry = write_record(connection, subject, happening, held.last)
    connection.execute(
        update(INSPECTION_PLANS)
        .where(PLANS.id == row.id)
        .values(**(columns or {}), seq=entry.seq, head=entry.hash)
    )
    return held._replace(last=entry)


def list_plans(office: Office, *, by: str) -> Sequence[Mapping[str, Any]]:
    """Return the plans of the places where ``by`` looks, the newest first."""
    with office.reading() as connection:
        actor = find_actor(connection, by)
        rows = connection.execute(_WITH_PLACE.order_by(PLANS.id.desc())).all()
    return [_shown(row) for row in rows if may_see(actor, row)]


def show_plan(office: Office, number: str, *, by: str) -> dict[str, Any]:
    """Return a plan with its breakdown; raise NotFound."""
    with office.reading() as connection:
        return _shown(find_plan(connection, number, find_actor(connection, by)))


def find_plan(connection: Connection, number: str, actor: Actor) -> Row[Any]:
    """Return a plan that ``actor`` may see; raise NotFound."""
    called = clean(number, where="number", longest=LONGEST_NAME)
    row = connection.execute(_WITH_PLACE.where(PLANS.number == called)).first()
    if row is None or not may_see(actor, row):
        raise no_such_plan(called)
    return row


def may_see(actor: Actor, row: Row[Any]) -> bool:
    """Whether a plan is of a place where ``actor`` looks; an unannounced one is fewer people's."""
    if not actor.may(Verb.VIEW, row.place_path):
        return False
    if not read_spec(row).unannounced:
        return True
    return bool(actor.roles_over(row.place_path) & (UNDECEIVED | {Role.CLUSTER}))


def require_planner(actor: Actor, place: Unit, kind: InspectionKind) -> Role:
    """Return the role in which ``actor`` plans there; a school's head plans self-checks alone."""
    roles = _planning(actor, place.path, kind)
    if roles:
        return min(roles)
    raise Refused(
        Wording(
            f"您不能在“{place.name}”安排{kind.label.zh}",
            f"you may not plan a {kind.label.en} there",
        ),
        remedy=Wording(
            "自查由学校负责人安排,其他检查由片区或专委会安排。",
            "Heads plan self-checks; clusters and the committee plan the others.",
        ),
        where=place.name,
    )


def may_plan(actor: Actor, path: str, kind: InspectionKind) -> bool:
    """Whether ``actor`` plans this kind of inspection at a place."""
    return bool(_planning(actor, path, kind))


def _planning(actor: Actor, path: str, kind: InspectionKind) -> frozenset[Role]:
    roles = actor.roles_over(path) & PLANNERS
    return roles if kind is InspectionKind.SELF else roles - {Role.HEAD}


def no_such_plan(number: str) -> NotFound:
    return NotFound(
        Wording(f"没有编号为 {number} 的检查计划", f"there is no plan {number}"),
        remedy=Wording("可用 bihuan inspection plans 查看。", "See `bihuan inspection plans`."),
        where="number",
    )


def _settle(connection: Connection, place: Unit, plan: Plan) -> Plan:
    """Return the plan with every name in its one spelling; raise for one there is none of."""
    _require_people(connection, plan)
    lines = tuple(_settle_line(connection, place, plan, each) for each in plan.lines)
    return plan.model_copy(update={"place": place.code, "lines": lines})


def _settle_line(connection: Connection, place: Unit, plan: Plan, line: Line) -> Line:
    checklist = find_checklist(connection, line.checklist).part
    if plan.kind not in checklist.kinds:
        raise Invalid(
            Wording(
                f"《{checklist.zh}》不用于{plan.kind.label.zh}", f"{checklist.en} is not for this"
            ),
            remedy=Wording(
                "可用于:" + "、".join(each.label.zh for each in checklist.kinds) + "。",
                "It is for: " + ", ".join(each.label.en for each in checklist.kinds) + ".",
            ),
            where="checklist",
        )
    where = find_unit(connection, line.place, where="place")
    if not where.path.startswith(place.path):
        raise Invalid(
            Wording(
                f"“{where.name}”不在“{place.name}”之下", f"{where.name} is not below {place.name}"
            ),
            remedy=Wording("请填计划单位之下的单位。", "Give a place below that of the plan."),
            where="place",
        )
    if where.kind is Place.UNIT and plan.sample:
        raise Invalid(
            Wording("只有一个单位,不能抽取", "nothing can be drawn of one unit"),
            remedy=Wording("请填片区或专委会。", "Give a cluster or the committee."),
            where="place",
        )
    responsible = find_unit(connection, line.responsible, where="responsible")
    return line.model_copy(update={
        "checklist": checklist.key, "place": where.code, "responsible": responsible.code,
    })  # fmt: skip


def _require_people(connection: Connection, plan: Plan) -> None:
    codes = {each.lead for each in plan.lines}.union(*(each.inspectors for each in plan.lines))
    known = people_ids(connection, sorted(codes))
    strange = sorted(codes - known.keys())
    if strange:
        raise NotFound(
            Wording(f"没有代码为“{strange[0]}”的人员", f"there is nobody called {strange[0]!r}"),
            remedy=Wording("可用 bihuan people 查看。", "`bihuan people` lists them."),
            where="lead",
        )


def people_ids(connection: Connection, codes: Sequence[str]) -> dict[str, int]:
    """Return people's ids by code."""
    return dict(connection.execute(_CODES, {"codes": codes}).tuples().all())


def _shown(row: Row[Any]) -> dict[str, Any]:
    plan = read_spec(row)
    return {
        "id": row.id, "number": row.number, "title": row.title, "kind": row.kind,
        "cadence": plan.cadence, "place": row.place, "state": row.state,
        "planned_at": row.planned_at, "done_until": row.done_until, "plan": plan,
        "receipt": receipt(row.number, row.seq, row.head),
    }  # fmt: skip
