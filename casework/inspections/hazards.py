"""Hazards found become cases, through the same intake as any other; what is open is not doubled.

An open case of the unit is the same hazard when it was told in the same words, or when an earlier
inspection found it at the same item and place; unless the inspector says that it is another one.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, insert, select

from casework import attachments
from casework.errors import Invalid
from casework.handing import New, hand_in
from casework.inspections.drafts import answer_of, attachments_of
from casework.inspections.tasks import Held
from casework.intake import Arrival, Intake, Report, check_report, fingerprint, new_cases
from casework.numbering import take_numbers
from casework.writer import open_cases
from models.prepared import Prepared
from models.tables import CASES, INSPECTION_CASES, INSPECTION_TASKS
from rules.access import Role
from rules.case import State
from rules.inspections.answers import Result, hazard_words
from rules.inspections.checklists import Checklist, Item
from rules.wording import Wording
from rules.workdays import china_day

_FOUND = INSPECTION_CASES.c
_ADD = Prepared(insert(INSPECTION_CASES))
_OPEN = select(CASES.c.fingerprint, CASES.c.id, CASES.c.number).where(
    CASES.c.fingerprint.in_(bindparam("prints", expanding=True)), CASES.c.state != State.CLOSED
)
_FOUND_BEFORE = (
    select(_FOUND.item, _FOUND.place, CASES.c.id, CASES.c.number)
    .join(INSPECTION_TASKS, INSPECTION_TASKS.c.id == _FOUND.task_id)
    .join(CASES, CASES.c.id == _FOUND.case_id)
    .where(
        INSPECTION_TASKS.c.unit_id == bindparam("unit"),
        INSPECTION_TASKS.c.checklist == bindparam("checklist"),
        CASES.c.unit_id == bindparam("unit"),
        CASES.c.state != State.CLOSED,
    )
    .order_by(CASES.c.id)
)
_RAISED = (
    select(_FOUND.item, CASES.c.number, _FOUND.linked)
    .join(CASES, CASES.c.id == _FOUND.case_id)
    .where(_FOUND.task_id == bindparam("task"))
)


class Raised(NamedTuple):
    """The case of a hazard; ``linked`` when it was open already."""

    item: str
    number: str
    linked: bool


class Before(NamedTuple):
    """The open case of what an earlier inspection found at an item, and where it is."""

    number: str
    place: str


class _Hazard(NamedTuple):
    item: Item
    told: Report
    place: str
    another: bool
    files: Sequence[attachments.Attachment]
    print: str


def raised_of(connection: Connection, task: int) -> list[Raised]:
    """Return the cases an inspection led to, by item."""
    rows = connection.execute(_RAISED, {"task": task})
    return sorted(Raised(row.item, row.number, bool(row.linked)) for row in rows)


def cases_before(connection: Connection, held: Held) -> dict[str, list[Before]]:
    """Return the open cases earlier inspections with this checklist led to, by item."""
    unit = {"unit": held.row.unit_id, "checklist": held.row.checklist}
    found: dict[str, list[Before]] = {}
    for row in connection.execute(_FOUND_BEFORE, unit):
        known = found.setdefault(row.item, [])
        if (each := Before(row.number, row.place)) not in known:
            known.append(each)
    return found


def raise_cases(
    connection: Connection,
    intake: Intake,
    held: Held,
    record: Row[Any],
    checklist: Checklist,
    how: tuple[Role, int],
) -> list[Raised]:
    """Open or link a case for each hazard of a record that has none yet, and return these.

    ``how`` is the role it is told in and the id of the inspection that cases are kept with.
    """
    done = {each.item for each in raised_of(connection, held.row.id)}
    hazards = [
        _hazard(held, record, checklist, item, intake)
        for item in checklist.items
        if item.key not in done and record.answers[item.key]["result"] == Result.HAZARD
    ]
    if not hazards:
        return []
    # Who opens cases takes numbers: holding the series, nobody tells of the same meanwhile.
    take_numbers(connection, "case", china_day(intake.at).year, 0)
    known = _known(connection, held, hazards)
    fresh = [each for each in hazards if each.item.key not in known]
    opened = _open(connection, intake, held, fresh, how)
    cases = known | opened
    _ADD.run_all(connection, [
        {
            "task_id": held.row.id, "item": each.item.key, "case_id": cases[each.item.key][0],
            "version": record.version, "place": each.place, "linked": each.item.key in known,
        }
        for each in hazards
    ])  # fmt: skip
    return [
        Raised(each.item.key, cases[each.item.key][1], each.item.key in known) for each in hazards
    ]


_Cases = dict[str, tuple[int, str]]
"""Id and number of a case by item."""


def _known(connection: Connection, held: Held, hazards: Sequence[_Hazard]) -> _Cases:
    """Return the open cases that tell of these hazards already."""
    asked = [each for each in hazards if not each.another]
    told = connection.execute(_OPEN, {"prints": [each.print for each in asked]}) if asked else ()
    by_print = {row.fingerprint: (row.id, row.number) for row in told}
    unit = {"unit": held.row.unit_id, "checklist": held.row.checklist}
    found = connection.execute(_FOUND_BEFORE, unit) if asked else ()
    by_item = {(row.item, row.place): (row.id, row.number) for row in found}
    cases = {
        each.item.key: by_print.get(each.print) or by_item.get((each.item.key, each.place))
        for each in asked
    }
    return {item: case for item, case in cases.items() if case}


def _open(
    connection: Connection,
    intake: Intake,
    held: Held,
    hazards: Sequence[_Hazard],
    how: tuple[Role, int],
) -> _Cases:
    arrivals = [_arrival(held, each, intake, how) for each in hazards]
    cases = new_cases(connection, intake, arrivals) if arrivals else []
    written = open_cases(connection, cases)
    for case, event, each in zip(cases, written, hazards, strict=True):
        hand_in(connection, [New(case, held.row.unit_path, event)], case.happening.at)
        attachments.keep(connection, case.id, 1, each.files, by=intake.by, at=intake.at)
    return {
        each.item.key: (case.id, case.number) for each, case in zip(hazards, cases, strict=True)
    }


def _arrival(held: Held, each: _Hazard, intake: Intake, how: tuple[Role, int]) -> Arrival:
    role, inspection_id = how
    said = {"number": held.row.number, "checklist": held.row.checklist, "item": each.item.key}
    return Arrival(
        held.unit, check_report(each.told, intake.book, today=china_day(intake.at)), role,
        each.files, each.print, {"inspection_id": inspection_id}, {"inspection": said},
    )  # fmt: skip


def _hazard(
    held: Held, record: Row[Any], checklist: Checklist, item: Item, intake: Intake
) -> _Hazard:
    answer = record.answers[item.key]
    description = hazard_words(item, answer_of(answer))
    told = Report(
        held.row.unit_code, description, _category(checklist, item, intake),
        found_on=record.held_on, location=answer["place"], measure=item.measure,
        level=item.level, source=_source(held, checklist, item),
    )  # fmt: skip
    print_ = fingerprint(held.row.unit_id, answer["place"], description)
    return _Hazard(
        item, told, answer["place"], bool(answer["another"]), attachments_of(answer), print_
    )


def _source(held: Held, checklist: Checklist, item: Item) -> str:
    """Return how it was found: the kind 自查 专查 抽查 …, which record, which clause."""
    return f"{held.row.kind.label.zh} {held.row.number}《{checklist.zh}》：{item.source}"[:500]


def _category(checklist: Checklist, item: Item, intake: Intake) -> str:
    """Return the item's category, or the policy's last one where it has none of that name."""
    policy = intake.book.policy
    found = policy.category(checklist.category_of(item))
    if found is None and not policy.categories:
        raise Invalid(Wording("政策没有品目", "the policy has no category"), where="category")
    return (found or policy.categories[-1]).key
