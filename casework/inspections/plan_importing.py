"""检查计划 in from a workbook: 任务分解清单, a line a row; rows of one title are one plan.

Every plan is checked first; then all land in one transaction, or none. A plan that stands already
word for word is passed over, so that a workbook can be brought in again.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from casework.errors import Invalid
from casework.events import Door
from casework.exporting.delimited import undefuse
from casework.forms import read_day, read_word, read_yes
from casework.inspections.people import split_names
from casework.inspections.plan_columns import OF_PLAN, SCHEME
from casework.inspections.plans import PLANS, add_plan, settle_plan
from casework.ledger.entries import Problem
from casework.ledger.reader import Row, open_ledger
from casework.lookback.looks import Hand
from casework.office import Office
from casework.people import find_actor
from casework.registers.importing import Imported, bringing_in, reject
from casework.registers.placing import problem_of
from models.tables import INSPECTION_PLANS
from rules.access import Actor
from rules.inspections.acts import PlanState
from rules.inspections.kinds import InspectionKind
from rules.inspections.periods import Cadence
from rules.inspections.plan import Plan, make_plan
from rules.proof import canonical
from rules.wording import Trouble, Wording

_SHORT = {"每双周": "biweekly", "每两周": "biweekly", "月": "monthly", "周": "weekly",
          "季": "quarterly", "每季": "quarterly", "季度": "quarterly", "年": "yearly",
          "学期": "term", "日": "daily", "每天": "daily"}  # fmt: skip
"""How people write it besides."""
_YES = {"": 0, "否": 0, "no": 0, "0": 0, "是": 1, "yes": 1, "1": 1, "√": 1}


class _Planned(NamedTuple):
    """A plan of the workbook: the rows of its lines."""

    rows: list[Row]

    def cell(self, name: str) -> str:
        """Return what the first of its rows says that says anything."""
        return next((text for row in self.rows if (text := _cell(row, name))), "")


def import_plans(
    office: Office,
    path: Path,
    *,
    by: str,
    at: datetime,
    dry_run: bool = False,
    partial: bool = False,
    default_unit: str = "",
    errors_to: Path | None = None,
) -> Imported:
    """Make the plans of a workbook, .xlsx, .xls or .csv; rows are counted, not plans.

    ``default_unit`` is whose they are where no column says. With a bad row nothing is written
    unless ``partial``: then whole plans without one. Raise Invalid for the file, NotFound for the
    person.
    """
    imported = Imported(path.name.encode(errors="replace").decode(), "inspection_plan", dry_run)
    with bringing_in(office, imported, partial=partial, errors_to=errors_to) as (connection, bad):
        bringing = _Bringing(connection, find_actor(connection, by), Hand(by, at, Door.IMPORT))
        for planned in _plans_of(path):
            imported.rows += len(planned.rows)
            bringing.bring(planned, default_unit, imported, bad)
    return imported


def _plans_of(path: Path) -> list[_Planned]:
    """Return the plans in the order of their first rows."""
    found: dict[str, _Planned] = {}
    with open_ledger(path, scheme=SCHEME) as rows:
        for row in rows:
            found.setdefault(_cell(row, "title"), _Planned([])).rows.append(row)
    return list(found.values())


class _Bringing:
    """Plans written one after the other; knows which ones stand already."""

    def __init__(self, connection: Connection, actor: Actor, hand: Hand) -> None:
        self._connection, self._actor, self._hand = connection, actor, hand
        active = select(PLANS.spec).where(PLANS.state == PlanState.ACTIVE)
        self._known = set(connection.execute(active.select_from(INSPECTION_PLANS)).scalars())

    def bring(
        self,
        planned: _Planned,
        default_unit: str,
        imported: Imported,
        bad: list[tuple[Row, list[Problem]]],
    ) -> None:
        """Write a plan, or say what is wrong at its rows."""
        try:
            is_new = not planned.cell("number") and self._write(
                make_plan(_told(planned, default_unit), where="")
            )
        except Trouble as trouble:
            for row, problems in _faults(planned, trouble):
                reject(row, problems, imported, bad)
            return
        if is_new:
            imported.added += len(planned.rows)
        else:
            imported.same += len(planned.rows)

    def _write(self, plan: Plan) -> bool:
        _, _, settled = settle_plan(self._connection, plan, self._actor)
        spec = canonical(settled.plain())
        if spec in self._known:
            return False
        self._known.add(spec)
        add_plan(self._connection, settled, self._actor, self._hand)
        return True


def _told(planned: _Planned, default_unit: str) -> dict[str, Any]:
    """Return the plan the rows describe, as ``make_plan`` takes it; raise Invalid."""
    often = planned.cell("cadence")
    told: dict[str, Any] = {
        "title": planned.cell("title"), "place": planned.cell("whose") or default_unit,
        "kind": read_word(InspectionKind, planned.cell("kind"), where="kind"),
        "cadence": read_word(Cadence, _SHORT.get(often, often), where="cadence"),
        "first_on": read_day(planned.cell("first_on"), where="first_on"),
        "lines": [_line(row) for row in planned.rows],
        "unannounced": bool(read_yes(planned.cell("unannounced"), _YES, where="unannounced")),
    }  # fmt: skip
    if until := planned.cell("until"):
        told["until"] = read_day(until, where="until")
    if percent := planned.cell("percent"):
        told["sample"] = {"percent": read_percent(percent)}
    return told


def read_percent(text: str) -> float:
    """Return a percentage as people write it; raise Invalid."""
    try:
        return float(text.strip().rstrip("%％"))
    except ValueError:
        raise Invalid(
            Wording("抽取比例不是数字", "the percentage is no number"),
            remedy=Wording("请填 0 到 100 之间的数。", "Give a number up to 100."),
            where="percent",
        ) from None


def _line(row: Row) -> dict[str, Any]:
    line = {name: _cell(row, name) for name in ("task", "checklist", "place", "lead")}
    return {
        **line, "responsible": _cell(row, "responsible") or line["place"],
        "inspectors": split_names(_cell(row, "inspectors")),
    }  # fmt: skip


def _cell(row: Row, name: str) -> str:
    return undefuse(row.fields.get(name, "").strip())


def _faults(planned: _Planned, trouble: Trouble) -> Iterator[tuple[Row, list[Problem]]]:
    """Yield every row of a plan that cannot be made, the fault at the row it names."""
    field, at = _place_of(trouble.where, len(planned.rows))
    for n, row in enumerate(planned.rows):
        told = (trouble.problem, trouble.remedy) if n == at else _WITH_IT
        name = field if n == at else "title"
        yield row, [problem_of(row, name, _cell(row, name), told)]


def _place_of(where: str, rows: int) -> tuple[str, int]:
    """Return the column and the row of a plan that a fault names, the first row else."""
    head, _, tail = where.partition(".")
    number, _, name = tail.partition(".")
    if head == "lines" and number.isdigit() and int(number) < rows:
        return name.partition(".")[0] or "task", int(number)
    if head == "sample":
        return "percent", 0
    return {"place": "whose"}.get(head, head if head in OF_PLAN else "title"), 0


_WITH_IT = (
    Wording("同一计划另有错行", "another row of this plan is wrong"),
    Wording("改正后一并导入。", "It is brought in once that is mended."),
)
