"""Inspections and their plans as workbooks; plans in again, a line of a breakdown a row."""

from typing import Annotated

from fastapi import Query
from starlette.responses import FileResponse

from casework.accounts.tokens import Scope
from casework.inspections.plan_importing import import_plans
from casework.inspections.plan_sheets import export_plans, write_template
from casework.inspections.sheets import export_inspections
from rules.access import Verb
from web.api import plan_shapes as shapes
from web.api.calls import Asked
from web.api.files import TAKES_BYTES, gives
from web.api.inspection_shapes import InspectionSheet
from web.api.ledgers import Ledger, LedgerPaper, bring_in
from web.api.routing import Operations
from web.downloads import MEDIA, send_made

operations = Operations("inspections")

_SHEET = gives(MEDIA[".xlsx"], MEDIA[".csv"])


@operations.get(
    "/inspections/sheet", permission=Verb.VIEW, scope=Scope.READ,
    response_class=FileResponse, openapi_extra=_SHEET,
)  # fmt: skip
def get_inspection_sheet(call: Asked, wanted: Annotated[InspectionSheet, Query()]) -> FileResponse:
    """Get inspections as a workbook with their items, or as CSV; that you took it is recorded."""
    return send_made(f"inspections.{wanted.form}", lambda path: export_inspections(
        call.office, path, wanted.wanted(), call.taking
    ))  # fmt: skip


@operations.get(
    "/inspection-plans/sheet", permission=Verb.VIEW, scope=Scope.READ,
    response_class=FileResponse, openapi_extra=_SHEET,
)  # fmt: skip
def get_plan_sheet(call: Asked, wanted: Annotated[shapes.PlanSheet, Query()]) -> FileResponse:
    """Get plans with their breakdowns and how far each line got; that you took it is recorded."""
    return send_made(f"plans.{wanted.form}", lambda path: export_plans(
        call.office, path, call.taking, number=wanted.plan
    ))  # fmt: skip


@operations.get(
    "/inspection-plans/template", permission=Verb.VIEW, scope=Scope.READ,
    response_class=FileResponse, openapi_extra=gives(MEDIA[".xlsx"]),
)  # fmt: skip
def get_plan_template(call: Asked) -> FileResponse:  # noqa: ARG001 — a token is asked for
    """Get an empty workbook with the columns that are read."""
    return send_made("plans.xlsx", write_template)


@operations.post(
    "/inspection-plans/sheet", permission=Verb.REPORT, scope=Scope.REPORT,
    openapi_extra=TAKES_BYTES,
)  # fmt: skip
def hand_in_plans(
    call: Asked, wanted: Annotated[LedgerPaper, Query()], file: Ledger
) -> shapes.PlansImported:
    """Make the plans of a workbook; checked only unless `dry_run=false`."""
    return shapes.PlansImported.model_validate(bring_in(call, wanted, file, import_plans))
