"""Plans 检查计划: made, read, withdrawn; each with its history."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Table, insert, select, update

from casework.answers import receipt
from casework.errors import NotFound, Refused
from casework.events import Happening
from casework.forms import LONGEST_NAME, clean
from casework.inspections.checklists import checklists_in_force
from casework.inspections.settling import settle
from casework.inspections.telling import history_of
from casework.lookback.looks import Hand, acting
from casework.numbering import take_ids, take_numbers
from casework.office import Office
from casework.people import Unit, find_actor, find_unit
from casework.records import START, Entry, Subject, write_record
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


class Planned(NamedTuple):
    number: str
    title: str
    receipt: str


class NamedLine(NamedTuple):
    """A line of a breakdown as it is read: what its codes are called."""

    line: Line
    checklist: Wording
    place: str
    responsible: str
    lead: str
    inspectors: Sequence[str]


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
        return add_plan(connection, plan, acting(connection, hand), hand)


def add_plan(connection: Connection, plan: Plan, actor: Actor, hand: Hand) -> Planned:
    """Write a plan within a transaction; raise as ``make`` does."""
    place, role, settled = settle_plan(connection, plan, actor)
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


def settle_plan(connection: Connection, plan: Plan, actor: Actor) -> tuple[Unit, Role, Plan]:
    """Return whose plan it is, in which role ``actor`` makes it, and the plan with codes for names.

    Raise Refused without the role there, Invalid or NotFound for what it names.
    """
    place = find_unit(connection, plan.place, where="place")
    role = require_planner(actor, place, plan.kind)
    return place, role, settle(connection, place, plan)


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
        return [_shown(row) for row in plans_of(connection, find_actor(connection, by))]


def plans_of(connection: Connection, actor: Actor, number: str = "") -> Sequence[Row[Any]]:
    """Return the plans ``actor`` may see, the newest first, or one; raise NotFound for that."""
    if number:
        return [find_plan(connection, number, actor)]
    rows = connection.execute(_WITH_PLACE.order_by(PLANS.id.desc())).all()
    return [row for row in rows if may_see(actor, row)]


def show_plan(office: Office, number: str, *, by: str) -> dict[str, Any]:
    """Return a plan with its breakdown, the names of what it names, its history; raise NotFound."""
    with office.reading() as connection:
        row = find_plan(connection, number, find_actor(connection, by))
        history = history_of(connection, SUBJECT, row.id, lambda act: PlanAct(act).label)
        return _shown(row) | {"lines": named_lines(connection, row), "history": history}


def named_lines(connection: Connection, row: Row[Any]) -> list[NamedLine]:
    """Return the lines of a plan with names for codes."""
    lines = read_spec(row).lines
    places = {code for each in lines for code in (each.place, each.responsible)}
    codes = {code for each in lines for code in (each.lead, *each.inspectors)}
    names = _names(connection, ORGANISATIONS, places) | _names(connection, PEOPLE, codes)
    labels = {key: each.part.label for key, each in checklists_in_force(connection).items()}
    return [
        NamedLine(
            each, labels.get(each.checklist, Wording(each.checklist, each.checklist)),
            names.get(each.place, each.place), names.get(each.responsible, each.responsible),
            names.get(each.lead, each.lead), [names.get(one, one) for one in each.inspectors],
        )
        for each in lines
    ]  # fmt: skip


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
            "自查由学校负责人安排，其他检查由片区或专委会安排。",
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


def _names(connection: Connection, table: Table, codes: Iterable[str]) -> dict[str, str]:
    found = connection.execute(select(table.c.code, table.c.name).where(table.c.code.in_(codes)))
    return dict(found.tuples().all())


def _shown(row: Row[Any]) -> dict[str, Any]:
    plan = read_spec(row)
    return {
        "id": row.id, "number": row.number, "title": row.title, "kind": row.kind,
        "cadence": plan.cadence, "place": row.place, "state": row.state,
        "planned_at": row.planned_at, "done_until": row.done_until, "plan": plan,
        "receipt": receipt(row.number, row.seq, row.head),
    }  # fmt: skip
