"""A plan's names settled: places, checklists and people by their codes, each looked at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from casework.errors import Invalid
from casework.inspections.checklists import find_checklist
from casework.inspections.people import find_person
from casework.people import Unit, find_unit
from models import Place
from rules.inspections.kinds import InspectionKind
from rules.inspections.plan import Line, Plan
from rules.wording import Trouble, Wording


def settle(connection: Connection, place: Unit, plan: Plan) -> Plan:
    """Return the plan with codes for every name; raise Invalid or NotFound for what there is not.

    ``where`` of a fault names the line: "lines.0.lead".
    """
    lines = []
    for n, line in enumerate(plan.lines):
        with _told_of_line(n):
            lines.append(_settle_line(connection, place, plan, line))
    return plan.model_copy(update={"place": place.code, "lines": tuple(lines)})


@contextmanager
def _told_of_line(n: int) -> Iterator[None]:
    try:
        yield
    except Trouble as trouble:
        trouble.where = f"lines.{n}.{trouble.where}"
        raise


def _settle_line(connection: Connection, place: Unit, plan: Plan, line: Line) -> Line:
    named = [find_person(connection, each, where="inspectors") for each in line.inspectors]
    return line.model_copy(update={
        "checklist": _checklist(connection, plan.kind, line.checklist),
        "place": _place(connection, place, plan, line.place),
        "responsible": find_unit(connection, line.responsible, where="responsible").code,
        "lead": find_person(connection, line.lead, where="lead"), "inspectors": tuple(named),
    })  # fmt: skip


def _checklist(connection: Connection, kind: InspectionKind, written: str) -> str:
    checklist = find_checklist(connection, written).part
    if kind in checklist.kinds:
        return checklist.key
    raise Invalid(
        Wording(f"《{checklist.zh}》不用于{kind.label.zh}", f"{checklist.en} is not for this"),
        remedy=Wording(
            "可用于：" + "、".join(each.label.zh for each in checklist.kinds) + "。",
            "It is for: " + ", ".join(each.label.en for each in checklist.kinds) + ".",
        ),
        where="checklist",
    )


def _place(connection: Connection, whose: Unit, plan: Plan, written: str) -> str:
    where = find_unit(connection, written, where="place")
    if not where.path.startswith(whose.path):
        raise Invalid(
            Wording(
                f"“{where.name}”不在“{whose.name}”之下", f"{where.name} is not below {whose.name}"
            ),
            remedy=Wording("请填计划单位之下的单位。", "Give a place below that of the plan."),
            where="place",
        )
    if where.kind is Place.UNIT and plan.sample:
        raise Invalid(
            Wording("只有一个单位，不能抽取", "nothing can be drawn of one unit"),
            remedy=Wording("请填片区或专委会。", "Give a cluster or the committee."),
            where="place",
        )
    return where.code
