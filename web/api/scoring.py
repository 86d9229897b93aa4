"""Assessments 标准化创建: who has assessed, filled in, reviewed, signed, corrected, ranked."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import Query, Response
from starlette.responses import FileResponse

from casework.accounts.tokens import Scope
from casework.events import Door
from casework.scoring.filling import attach, fill_in
from casework.scoring.listing import cover, rank
from casework.scoring.opening import call_year, open_assessment
from casework.scoring.places import Which
from casework.scoring.reviewing import review
from casework.scoring.showing import open_evidence, show_assessment
from casework.scoring.signing import correct, sign
from casework.scoring.store import Held
from casework.scoring.workbooks import write_assessment, write_ranking
from models import Shows
from rules.access import Verb
from rules.workdays import china_day
from web.api import scoring_shapes as shapes
from web.api.calls import Asked, Call
from web.api.files import gives, send_shown
from web.api.handles import open_handles
from web.api.routing import Operations
from web.downloads import MEDIA, send_made

operations = Operations("assessments")

_PATH = "/assessments/{sheet}/{year}/{unit}"
_WORKBOOK = gives(MEDIA[".xlsx"])


@operations.get("/assessments", permission=Verb.VIEW, scope=Scope.READ)
def list_assessments(
    call: Asked, wanted: Annotated[shapes.AssessmentList, Query()]
) -> shapes.AssessmentCoverage:
    """List the schools that you may see with how each stands: who has assessed, who has not."""
    found = cover(
        call.office, wanted.sheet, wanted.year, by=call.by, today=china_day(call.at),
        place=wanted.place, standing=wanted.standing,
    )  # fmt: skip
    return shapes.AssessmentCoverage.model_validate({
        "sheet": found.sheet.key, "year": found.year, "counts": found.counts,
        "assessed": found.assessed, "total": found.total, "rows": found.rows,
    })  # fmt: skip


@operations.post("/assessments", permission=Verb.SWEEP, scope=Scope.MOVE)
def call_assessments(call: Asked, told: shapes.NewAssessmentYear) -> shapes.AssessmentsCalled:
    """Make the year's assessment a duty of every school; again it adds only new schools."""
    new, every = call_year(
        call.office, told.sheet, told.year, by=call.by, at=call.at, door=Door.API
    )
    return shapes.AssessmentsCalled(year=told.year, new=new, schools=every)


@operations.get("/assessments/ranking", permission=Verb.VIEW, scope=Scope.READ)
def rank_assessments(
    call: Asked, wanted: Annotated[shapes.AssessmentYear, Query()]
) -> shapes.AssessmentRanking:
    """Show the ranking of each cluster where you may look, its quota and its models."""
    found = rank(call.office, wanted.sheet, wanted.year, by=call.by)
    return shapes.AssessmentRanking.model_validate({
        "sheet": found.sheet.key, "year": found.year, "quotas": found.quotas,
        "altered": found.altered, "rows": found.rows,
    })  # fmt: skip


@operations.get(
    "/assessments/workbook", permission=Verb.VIEW, scope=Scope.READ,
    response_class=FileResponse, openapi_extra=_WORKBOOK,
)  # fmt: skip
def get_ranking_workbook(
    call: Asked, wanted: Annotated[shapes.AssessmentYear, Query()]
) -> FileResponse:
    """Get ranking, quotas and coverage as a workbook; that you took it is recorded."""

    def write(path: Path) -> object:
        return write_ranking(call.office, wanted.sheet, wanted.year, path, call.taking)

    return send_made(f"assessments-{wanted.year}.xlsx", write)


@operations.get(_PATH, permission=Verb.VIEW, scope=Scope.READ)
def show_assessment_(
    call: Asked, sheet: shapes.SheetName, year: shapes.Year, unit: shapes.UnitName,
    wanted: Annotated[shapes.AssessmentAsked, Query()],
) -> shapes.Assessment:  # fmt: skip
    """Show an assessment: each item's points, why, by whom, and the lists behind its figures."""
    which = Which(sheet, year, unit)
    shown = show_assessment(call.office, which, by=call.by, version=wanted.version)
    return shapes.Assessment.model_validate(shown)


@operations.get(
    _PATH + "/workbook", permission=Verb.VIEW, scope=Scope.READ,
    response_class=FileResponse, openapi_extra=_WORKBOOK,
)  # fmt: skip
def get_assessment_workbook(
    call: Asked, sheet: shapes.SheetName, year: shapes.Year, unit: shapes.UnitName,
    wanted: Annotated[shapes.AssessmentAsked, Query()],
) -> FileResponse:  # fmt: skip
    """Get an assessment as a workbook in which each score explains itself."""
    which = Which(sheet, year, unit)

    def write(path: Path) -> object:
        return write_assessment(call.office, which, path, call.taking, version=wanted.version)

    return send_made(f"assessment-{year}.xlsx", write)


@operations.get(
    _PATH + "/evidence/{sha256}", permission=Verb.VIEW, scope=Scope.READ,
    response_class=FileResponse, openapi_extra=gives("image/jpeg", "application/pdf"),
)  # fmt: skip
def get_assessment_evidence(
    call: Asked, sheet: shapes.SheetName, year: shapes.Year, unit: shapes.UnitName,
    sha256: shapes.Digest,
) -> Response:  # fmt: skip
    """Get a photo without its metadata, or a document, of an assessment."""
    shown = open_evidence(call.office, Which(sheet, year, unit), sha256, by=call.by)
    return send_shown(shown)


@operations.post(_PATH + "/open", permission=Verb.REPORT, scope=Scope.MOVE)
def open_assessment_(
    call: Asked, sheet: shapes.SheetName, year: shapes.Year, unit: shapes.UnitName
) -> shapes.AssessmentKept:
    """Begin a school's own assessment with full points and what the data say; again it stays."""
    return _kept(open_assessment(call.office, Which(sheet, year, unit), **_how(call)))


@operations.post(_PATH + "/fill", permission=Verb.REPORT, scope=Scope.MOVE)
def fill_assessment(
    call: Asked, sheet: shapes.SheetName, year: shapes.Year, unit: shapes.UnitName,
    told: shapes.NewAssessmentFields,
) -> shapes.AssessmentKept:  # fmt: skip
    """Fill in deductions, words, vetoes and the honour; fields left out stay."""
    return _kept(fill_in(call.office, Which(sheet, year, unit), told.fields, **_how(call)))


@operations.post(_PATH + "/evidence", permission=Verb.REPORT, scope=Scope.MOVE)
def attach_assessment_evidence(
    call: Asked, sheet: shapes.SheetName, year: shapes.Year, unit: shapes.UnitName,
    told: shapes.NewAssessmentEvidence,
) -> shapes.AssessmentKept:  # fmt: skip
    """Attach stored photos or documents to an item."""
    files = open_handles(call.settings.keys, told.evidence, Shows.AFTER, by=call.by, at=call.at)
    stored = [each.stored for each in files]
    return _kept(attach(call.office, Which(sheet, year, unit), told.item, stored, **_how(call)))


@operations.post(_PATH + "/review", permission=Verb.REPORT, scope=Scope.MOVE)
def review_assessment(
    call: Asked, sheet: shapes.SheetName, year: shapes.Year, unit: shapes.UnitName,
    told: shapes.NewAssessmentReview,
) -> shapes.AssessmentKept:  # fmt: skip
    """Change points with a reason; the school's own values stay beside them."""
    which = Which(sheet, year, unit)
    return _kept(review(call.office, which, told.values, told.reason, **_how(call)))


@operations.post(_PATH + "/sign", permission=Verb.REPORT, scope=Scope.MOVE)
def sign_assessment(
    call: Asked, sheet: shapes.SheetName, year: shapes.Year, unit: shapes.UnitName,
    told: shapes.NewAssessmentSignature,
) -> shapes.AssessmentKept:  # fmt: skip
    """Sign and hand on; the committee's signature numbers and freezes it."""
    return _kept(sign(call.office, Which(sheet, year, unit), seen=told.seen, **_how(call)))


@operations.post(_PATH + "/correct", permission=Verb.REPORT, scope=Scope.MOVE)
def correct_assessment(
    call: Asked, sheet: shapes.SheetName, year: shapes.Year, unit: shapes.UnitName,
    told: shapes.NewAssessmentCorrection,
) -> shapes.AssessmentKept:  # fmt: skip
    """Begin a new version of a frozen one, with the reason; the old one stays."""
    return _kept(correct(call.office, Which(sheet, year, unit), told.reason, **_how(call)))


def _how(call: Call) -> dict[str, Any]:
    return {"by": call.by, "at": call.at, "door": Door.API}


def _kept(held: Held) -> shapes.AssessmentKept:
    (sheet, year, unit), whole = held.named, held.score
    return shapes.AssessmentKept(
        sheet=sheet.key, year=year, unit=unit.code, version=held.version, stage=held.stage,
        points=whole.points, total=sheet.total, result=whole.result, number=held.number,
        receipt=held.receipt,
    )  # fmt: skip
