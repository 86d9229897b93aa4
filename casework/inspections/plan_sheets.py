"""检查计划 out as a workbook of their breakdowns, with how far each line has got lately."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from casework.exporting.sheet import Cell, Taking, Written, record_taking, sheet_form, write_sheet
from casework.inspections.people import called
from casework.inspections.plan_columns import HEADINGS
from casework.inspections.plans import named_lines, plans_of, read_spec
from casework.inspections.progress import progress_of
from casework.office import Office
from casework.people import find_actor
from rules.access import Actor
from rules.inspections.plan import Plan
from rules.workdays import china_day

_TITLE = "任务分解清单"
_BESIDE = ("计划编号", "状态", "本期", "应查", "已查", "逾期", "隐患")
_NOT_YET: tuple[Cell, ...] = ("", 0, 0, 0, 0)


def export_plans(office: Office, path: Path, taking: Taking, *, number: str = "") -> Written:
    """Write the plans ``taking.by`` may see, or one: a line of a breakdown a row.

    It can be brought in again. Raise Invalid for the file's name or what cannot be written,
    NotFound for the plan or the person.
    """
    sheet_form(path)
    what = {"inspection_plans": number or "all", "file": path.name[:100]}
    receipt = record_taking(office, what, taking)
    with office.reading() as connection:
        actor = find_actor(connection, taking.by)
        rows = [
            row
            for plan in plans_of(connection, actor, number)
            for row in _rows(connection, plan, actor, taking)
        ]
    return Written(path.name, write_sheet(path, [*HEADINGS, *_BESIDE], rows, title=_TITLE), receipt)


def write_template(path: Path) -> int:
    """Write an empty workbook with the columns that are read; return 0, its rows."""
    return write_sheet(path, HEADINGS, (), title=_TITLE)


def _rows(
    connection: Connection, row: Row[Any], actor: Actor, taking: Taking
) -> Iterator[tuple[Cell, ...]]:
    plan, lines = read_spec(row), named_lines(connection, row)
    lately: dict[int, tuple[Cell, ...]] = {}
    for each in progress_of(connection, row.id, actor, china_day(taking.at), len(lines)):
        stands = (each.period, each.given, each.made, each.late, each.hazards)
        lately.setdefault(each.line, stands)
    for n, named in enumerate(lines):
        line = named.line
        yield (
            *_plan_cells(plan, row.place), line.task, named.checklist.zh, named.place,
            named.responsible, called(named.lead, line.lead),
            "、".join(map(called, named.inspectors, line.inspectors)),
            row.number, row.state.label.zh, *lately.get(n, _NOT_YET),
        )  # fmt: skip


def _plan_cells(plan: Plan, place: str) -> tuple[Cell, ...]:
    return (
        plan.title, place, plan.kind.label.zh, plan.cadence.label.zh, plan.first_on, plan.until,
        f"{plan.sample.percent:g}" if plan.sample else "", "是" if plan.unannounced else "",
    )  # fmt: skip
