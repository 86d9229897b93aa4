"""检查 as workbooks: plans with their breakdown out and in, inspections and their items out."""

from typing import NamedTuple

from fastapi import Response

from casework.events import Door
from casework.exporting.sheet import Taking
from casework.inspections.plan_columns import LABELS
from casework.inspections.plan_importing import import_plans
from casework.inspections.plan_sheets import export_plans, write_template
from casework.inspections.sheets import export_inspections
from rules.access import Verb
from rules.wording import Wording
from web.bringing import Bringing, ask, bring_in, send_errors
from web.downloads import send_made
from web.forms import Sent
from web.inspections import own_places, wanted_of
from web.routing import Pages
from web.visits import Here, Visit

pages = Pages()

_HINT = Wording(
    "每行一项任务，计划名称相同的行是一个计划；单位、检查表和人员写名称或代码都可以。"
    "已有的计划（有计划编号，或内容完全相同）不重复制定。",
    "A row is a task; rows of one title are one plan. Names do as well as codes. Plans that are "
    "there (a row with their number, or just the same) are not made again.",
)


@pages.get("/inspections/export.xlsx", permission=Verb.VIEW)
def as_workbook(visit: Here) -> Response:
    """What the list shows, and every item that was answered."""
    return _inspections(visit, "xlsx")


@pages.get("/inspections/export.csv", permission=Verb.VIEW)
def as_csv(visit: Here) -> Response:
    return _inspections(visit, "csv")


@pages.get("/inspections/plans/export.xlsx", permission=Verb.VIEW)
def plans_as_workbook(visit: Here, plan: str = "") -> Response:
    """任务分解清单 of the plans, or of one, with how far each line has got."""
    return send_made("plans.xlsx", lambda path: export_plans(
        visit.office, path, _taking(visit), number=plan.strip(),
    ))  # fmt: skip


@pages.get("/inspections/plans/import", permission=Verb.VIEW)
def ask_for_one(visit: Here) -> Response:
    return ask(visit, _page(visit))


@pages.get("/inspections/plans/import/template.xlsx", permission=Verb.VIEW)
def get_template(visit: Here) -> Response:  # noqa: ARG001 — who is signed in may have it
    return send_made("plans.xlsx", write_template)


@pages.post("/inspections/plans/import", permission=Verb.VIEW)
def bring(visit: Here, form: Sent) -> Response:
    """Check the plans of a workbook; make them once they were checked."""
    page = _page(visit)
    alone = page.units[0].code if len(page.units) == 1 else ""
    return bring_in(visit, form, page, lambda path, told: import_plans(
        visit.office, path, by=visit.by, at=visit.at,
        **{**told, "default_unit": told["default_unit"] or alone},
    ))  # fmt: skip


@pages.get("/inspections/plans/import/errors.xlsx", permission=Verb.VIEW)
def get_errors(visit: Here, token: str = "") -> Response:
    return send_errors(visit, token)


def _inspections(visit: Visit, ending: str) -> Response:
    wanted = wanted_of(visit)
    return send_made(f"inspections.{ending}", lambda path: export_inspections(
        visit.office, path, wanted, _taking(visit),
    ))  # fmt: skip


class _Place(NamedTuple):
    code: str
    name: str


def _page(visit: Visit) -> Bringing:
    return Bringing(
        Wording("检查计划", "Inspection plans"), "/inspections/plans/import", "/inspections/plans",
        _HINT, Wording("新任务", "new tasks"), LABELS, frozenset(), _whose(visit),
    )  # fmt: skip


def _whose(visit: Visit) -> list[_Place]:
    """Return where whoever asks makes plans."""
    with visit.office.reading() as connection:
        own = own_places(connection, visit)
    return [_Place(code, name) for code, name in own.items()]


def _taking(visit: Visit) -> Taking:
    return Taking(visit.by, visit.at, Door.PAGE, visit.locale)
