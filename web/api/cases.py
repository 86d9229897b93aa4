"""Cases: listed, counted, opened, reported, moved."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Response
from starlette.responses import FileResponse

from casework.accounts.tokens import Scope
from casework.attachments import Attachment
from casework.case_file import CaseFile, offers_for, open_case_file
from casework.case_list import count_cases, list_cases
from casework.events import Door
from casework.intake import Report
from casework.moves import move
from casework.reports import report
from casework.showing import show_evidence
from models import Shows
from rules.access import Verb
from rules.actions import Given
from rules.lifecycle import Offer
from web.api import asked, sent, shapes
from web.api.calls import Asked, read_key, read_tag
from web.api.files import gives, send_shown
from web.api.handles import open_handles
from web.api.routing import Operations

operations = Operations("cases")


@operations.get("/cases", permission=Verb.VIEW, scope=Scope.READ)
def list_cases_(
    call: Asked, wanted: Annotated[asked.CaseList, Query()], response: Response
) -> shapes.CasePage:
    """List the cases that you may see.

    `next` (also as a Link header) is the address of the page after this one.
    """
    page = list_cases(
        call.office, wanted.filter(), by=call.by, as_of=call.at, order=wanted.order,
        after=wanted.after, size=wanted.size,
    )  # fmt: skip
    following = next_page(call, page.after, response)
    return shapes.CasePage.model_validate({"items": page.rows, "next": following})


@operations.get("/cases/count", permission=Verb.VIEW, scope=Scope.READ)
def count_cases_(call: Asked, wanted: Annotated[asked.CaseFilter, Query()]) -> shapes.Count:
    """Count the cases that a list finds."""
    number = count_cases(call.office, wanted.filter(), by=call.by, as_of=call.at)
    return shapes.Count(number=number, more=False)


@operations.get("/cases/{number}", permission=Verb.VIEW, scope=Scope.READ)
def open_case(call: Asked, number: asked.Number, response: Response) -> shapes.CaseFile:
    """Open a case's file: facts, history, clocks, plans, evidence, and what you may do.

    The ETag is what If-Match of a move takes.
    """
    file = open_case_file(call.office, number, by=call.by, as_of=call.at)
    response.headers["ETag"] = f'"{file.case["seq"]}"'
    return _file(number, file)


@operations.get("/cases/{number}/offers", permission=Verb.VIEW, scope=Scope.READ)
def list_offers(call: Asked, number: asked.Number) -> list[shapes.Offer]:
    """List what you may do to a case now, and what each action takes."""
    offers = offers_for(call.office, number, by=call.by, as_of=call.at)
    return [_offer(each) for each in offers]


@operations.get(
    "/cases/{number}/evidence/{evidence}", permission=Verb.VIEW, scope=Scope.READ,
    response_class=FileResponse, openapi_extra=gives("image/jpeg", "application/pdf"),
)  # fmt: skip
def get_evidence(call: Asked, number: asked.Number, evidence: asked.Id) -> Response:
    """Get the bytes of evidence: a photo's copy without EXIF, or a document."""
    shown = show_evidence(call.office, number, evidence, by=call.by)
    return send_shown(shown)


@operations.post("/cases", permission=Verb.REPORT, scope=Scope.REPORT, status_code=201)
def report_hazard(
    call: Asked, told: sent.NewCase, response: Response, idempotency_key: asked.Key = ""
) -> shapes.Moved:
    """Report a hazard: a new case."""
    fields = told.model_dump(exclude={"evidence", "again"})
    moved = report(
        call.office, Report(**fields), by=call.by, at=call.at, door=Door.API,
        key=read_key(idempotency_key), files=_files(call, told.evidence, Shows.BEFORE),
        again=told.again,
    )  # fmt: skip
    response.headers["Location"] = f"/api/v1/cases/{moved.number}"
    return shapes.Moved.model_validate(moved)


@operations.post("/cases/{number}/moves", permission=Verb.VIEW, scope=Scope.MOVE)
def move_case(
    call: Asked,
    number: asked.Number,
    wanted: sent.NewMove,
    idempotency_key: asked.Key = "",
    if_match: asked.Tag = "",
) -> shapes.Moved:
    """Do an action to a case; what it takes is told by its offers."""
    files = _files(call, wanted.evidence, Shows.AFTER)
    moved = move(
        call.office, number, wanted.action, wanted.fields, by=call.by, at=call.at, door=Door.API,
        key=read_key(idempotency_key), seen=read_tag(if_match, wanted.seen), files=files,
    )  # fmt: skip
    return shapes.Moved.model_validate(moved)


def next_page(call: Asked, after: str, response: Response) -> str | None:
    """Return the address of the page after, '' being none, and link to it."""
    if not after:
        return None
    query = [each for each in call.request.query_params.multi_items() if each[0] != "after"]
    address = f"{call.request.url.path}?{urlencode([*query, ('after', after)])}"
    response.headers["Link"] = f'<{address}>; rel="next"'
    return address


def _files(call: Asked, handles: Sequence[str], shows: Shows) -> list[Attachment]:
    return open_handles(call.settings.keys, handles, shows, by=call.by, at=call.at)


def _file(number: str, file: CaseFile) -> shapes.CaseFile:
    evidence = [
        {**each, "href": f"/api/v1/cases/{number}/evidence/{each['id']}"} for each in file.evidence
    ]
    return shapes.CaseFile.model_validate(
        {
            "case": file.case, "history": file.history, "clocks": file.clocks,
            "plans": file.plans, "evidence": evidence,
            "orders": [each["number"] for each in file.orders],
            "offers": [_offer(each) for each in file.offers], "receipt": file.receipt,
            "broken_at": file.broken_at,
        }
    )  # fmt: skip


def _offer(offer: Offer) -> shapes.Offer:
    label = offer.action.label
    return shapes.Offer(
        action=offer.action, zh=label.zh, en=label.en,
        needs=[_field(each) for each in offer.needs], may=[_field(each) for each in offer.may],
    )  # fmt: skip


def _field(field: Given) -> shapes.OfferField:
    return shapes.OfferField(name=field.value, zh=field.label.zh, en=field.label.en)
