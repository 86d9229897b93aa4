"""Filings 定期报告: listed, opened, filled in, checked, signed, corrected; who has not reported."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Response

from casework.accounts.tokens import Scope
from casework.events import Door
from casework.filings.checking import check_filing
from casework.filings.compiling import compile_period, open_filing
from casework.filings.correcting import correct_filing
from casework.filings.figures import show_figure
from casework.filings.filling import fill_in
from casework.filings.listing import list_filings, show_board
from casework.filings.papers import TYPES, draw_filing
from casework.filings.reminding import remind_missing
from casework.filings.returning import return_filing
from casework.filings.showing import finding_row, show_filing
from casework.filings.signing import file_at_once, sign_filing
from casework.filings.store import Held
from casework.filings.templates import list_templates
from rules.access import Verb
from rules.filings.checks import Finding, hindering
from rules.workdays import china_day
from web.api import filing_shapes as shapes
from web.api.calls import Asked
from web.api.cases import next_page
from web.api.files import gives
from web.api.routing import Operations

operations = Operations("filings")

_PATH = "/filings/{template}/{period}/{unit}"


@operations.get("/filings", permission=Verb.VIEW, scope=Scope.READ)
def list_filings_(
    call: Asked, wanted: Annotated[shapes.FilingList, Query()], response: Response
) -> shapes.FilingPage:
    """List the filings that you may see, the newest period first."""
    page = list_filings(
        call.office, by=call.by, today=china_day(call.at), template=wanted.template,
        period=wanted.period, place=wanted.place, state=wanted.state, size=wanted.size,
        after=wanted.after,
    )  # fmt: skip
    following = next_page(call, page.after, response)
    return shapes.FilingPage.model_validate({"items": page.rows, "next": following})


@operations.get("/filing-templates", permission=Verb.VIEW, scope=Scope.READ)
def list_filing_templates(call: Asked) -> list[shapes.FilingTemplate]:
    """List the templates of filings with their figures."""
    found = list_templates(call.office)
    return [shapes.FilingTemplate.model_validate(each) for each in found.values()]


@operations.get("/filing-board/{template}/{period}", permission=Verb.VIEW, scope=Scope.READ)
def show_filing_board(
    call: Asked, template: shapes.TemplateName, period: shapes.PeriodName,
    wanted: Annotated[shapes.BoardAsked, Query()],
) -> shapes.FilingBoard:  # fmt: skip
    """Show who has reported and who has not."""
    board = show_board(
        call.office, template, period, by=call.by, today=china_day(call.at), place=wanted.place
    )
    return shapes.FilingBoard.model_validate(board)


@operations.post(
    "/filing-board/{template}/{period}/remind", permission=Verb.VIEW, scope=Scope.MOVE
)  # fmt: skip
def remind_of_filings(
    call: Asked, template: shapes.TemplateName, period: shapes.PeriodName,
    told: shapes.NewReminding,
) -> shapes.FilingsReminded:  # fmt: skip
    """Tell those who have not reported, below you, once a day each."""
    done = remind_missing(
        call.office, template, period, by=call.by, at=call.at, place=told.place
    )  # fmt: skip
    return shapes.FilingsReminded.model_validate(done)


@operations.post("/filings", permission=Verb.SWEEP, scope=Scope.MOVE, status_code=201)
def compile_filings(call: Asked, told: shapes.NewFilingPeriod) -> shapes.FilingsCompiled:
    """Compile a period, or open a campaign, for everybody; again it changes nothing."""
    done = compile_period(
        call.office, told.template, told.period, by=call.by, at=call.at, door=Door.API
    )
    return shapes.FilingsCompiled.model_validate(done)


@operations.get(_PATH, permission=Verb.VIEW, scope=Scope.READ)
def open_filing_(
    call: Asked, which: shapes.OfFiling, wanted: Annotated[shapes.FilingAsked, Query()]
) -> shapes.Filing:
    """Open a filing: figures, texts, plans, findings and history."""
    shown = show_filing(call.office, which, by=call.by, at=call.at, version=wanted.version)
    progress = [{**each, "outcome": each["outcome"] or None} for each in shown["progress"]]
    return shapes.Filing.model_validate({**shown, "progress": progress})


@operations.get(_PATH + "/figures/{figure}", permission=Verb.VIEW, scope=Scope.READ)
def show_filing_figure(
    call: Asked, which: shapes.OfFiling, figure: shapes.FigureName
) -> shapes.FilingFigureFile:
    """Show what a number is made of, and what the cases say now."""
    shown = show_figure(call.office, which, figure, by=call.by, at=call.at)
    return shapes.FilingFigureFile.model_validate(shown)


@operations.get(
    _PATH + "/file", permission=Verb.VIEW, scope=Scope.READ,
    response_class=Response, openapi_extra=gives(*TYPES.values()),
)  # fmt: skip
def get_filing_file(
    call: Asked, which: shapes.OfFiling, wanted: Annotated[shapes.FilingFileAsked, Query()]
) -> Response:
    """Get a filing as XLSX, DOCX or PDF; that you took it is recorded."""
    made = draw_filing(
        call.office, which, wanted.form, by=call.by, at=call.at, door=Door.API,
        version=wanted.version, base=call.base,
    )  # fmt: skip
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.name)}"}
    return Response(made.data, media_type=made.media_type, headers=headers)


@operations.post(_PATH + "/open", permission=Verb.REPORT, scope=Scope.MOVE)
def begin_filing(call: Asked, which: shapes.OfFiling) -> shapes.FilingKept:
    """Begin a unit's own filing before the engine compiles it; again it stays as it is."""
    held = open_filing(call.office, which, by=call.by, at=call.at, door=Door.API)
    return _kept(held, ready=False)


@operations.post(_PATH + "/fill", permission=Verb.REPORT, scope=Scope.MOVE)
def fill_filing(
    call: Asked, which: shapes.OfFiling, told: shapes.NewFilingFields
) -> shapes.FilingKept:
    """Fill in fields; a unit's filing is compiled first if it is not there yet."""
    open_filing(call.office, which, by=call.by, at=call.at, door=Door.API)
    held = fill_in(call.office, which, told.fields, by=call.by, at=call.at, door=Door.API)
    return _kept(held, ready=False)


@operations.post(_PATH + "/check", permission=Verb.REPORT, scope=Scope.MOVE)
def check_filing_(call: Asked, which: shapes.OfFiling) -> shapes.FilingKept:
    """Take the numbers anew and check; what passes may be signed."""
    checked = check_filing(call.office, which, by=call.by, at=call.at, door=Door.API)
    return _kept(checked.held, checked.findings, ready=not hindering(checked.findings))


@operations.post(_PATH + "/sign", permission=Verb.REPORT, scope=Scope.MOVE)
def sign_filing_(call: Asked, which: shapes.OfFiling) -> shapes.FilingKept:
    """Sign a checked filing: it is numbered and frozen."""
    held = sign_filing(call.office, which, by=call.by, at=call.at, door=Door.API)
    return _kept(held, ready=True)


@operations.post(_PATH + "/submit", permission=Verb.REPORT, scope=Scope.MOVE)
def submit_filing(
    call: Asked, which: shapes.OfFiling, told: shapes.NewFilingFields
) -> shapes.FilingKept:
    """Fill in, check and sign in one go, as the daily self-check is."""
    held = file_at_once(call.office, which, told.fields, by=call.by, at=call.at, door=Door.API)
    return _kept(held, ready=True)


@operations.post(_PATH + "/correct", permission=Verb.REPORT, scope=Scope.MOVE)
def correct_filing_(
    call: Asked, which: shapes.OfFiling, told: shapes.NewFilingCorrection
) -> shapes.FilingKept:
    """Begin a new version of a frozen filing, with the reason; the old one stays."""
    held = correct_filing(call.office, which, told.reason, by=call.by, at=call.at, door=Door.API)
    return _kept(held, ready=False)


@operations.post(_PATH + "/return", permission=Verb.REPORT, scope=Scope.MOVE)
def return_filing_(
    call: Asked, which: shapes.OfFiling, told: shapes.NewFilingReturn
) -> shapes.FilingKept:
    """Give a checked filing back to whoever filled it in, with the reason."""
    held = return_filing(call.office, which, told.reason, by=call.by, at=call.at, door=Door.API)
    return _kept(held, ready=False)


def _kept(held: Held, findings: Sequence[Finding] = (), *, ready: bool) -> shapes.FilingKept:
    template, period, unit = held.named
    return shapes.FilingKept.model_validate({
        "template": template.key, "period": period.key, "unit": unit.code,
        "version": held.version, "state": held.state, "number": held.number,
        "receipt": held.receipt, "ready": ready,
        "findings": [finding_row(each) for each in findings],
    })  # fmt: skip
