"""Inspections 检查: what is to be inspected, by whom, records with their signatures."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Response
from starlette.responses import FileResponse

from casework.accounts.tokens import Scope
from casework.evidence_store import Stored
from casework.inspections.checklists import list_checklists
from casework.inspections.drafts import Found, Told
from casework.inspections.heads import record_refusal, sign_as_head, sign_on_the_spot
from casework.inspections.listing import list_tasks
from casework.inspections.naming import begin_inspection, name_inspectors
from casework.inspections.recording import record_inspection, sign_inspection
from casework.inspections.showing import open_inspection, show_photo
from casework.inspections.standing import Recorded
from models import Shows
from rules.access import Verb
from rules.workdays import china_day
from web.api import asked, inspection_shapes
from web.api.calls import Asked, Call, read_key
from web.api.cases import next_page
from web.api.files import gives, send_shown
from web.api.handles import open_handles
from web.api.routing import Operations

operations = Operations("inspections")


@operations.get("/inspections", permission=Verb.VIEW, scope=Scope.READ)
def list_inspections(
    call: Asked, wanted: Annotated[inspection_shapes.InspectionList, Query()], response: Response
) -> inspection_shapes.InspectionPage:
    """List inspections, those due first on top; an unannounced one only to who may know of it."""
    page = list_tasks(call.office, wanted.wanted(), by=call.by, today=china_day(call.at))
    following = next_page(call, page.after, response)
    return inspection_shapes.InspectionPage.model_validate(
        {"items": [dict(each) for each in page.rows], "next": following}
    )


@operations.get("/inspections/{number}", permission=Verb.VIEW, scope=Scope.READ)
def open_inspection_(call: Asked, number: asked.Number) -> inspection_shapes.InspectionFile:
    """Open an inspection: its items, what was found, who signed, the cases it led to."""
    file = open_inspection(call.office, number, by=call.by, today=china_day(call.at))
    items = [
        {
            "item": each.key, "zh": each.zh, "en": each.en, "source": each.source,
            "answer": _answer(file.answers.get(each.key)),
            "case": file.cases[each.key].number if each.key in file.cases else None,
            "open_before": [before.number for before in file.open_before.get(each.key, ())],
        }
        for each in file.checklist.items
    ]  # fmt: skip
    return inspection_shapes.InspectionFile.model_validate(
        {
            "inspection": dict(file.row), "items": items, "record": file.record,
            "signatures": [_signature(each) for each in file.signatures], "needed": file.needed,
            "receipt": file.receipt, "broken_at": file.broken_at,
        }
    )  # fmt: skip


@operations.post("/inspections", permission=Verb.REPORT, scope=Scope.REPORT, status_code=201)
def begin_inspection_(
    call: Asked, wanted: inspection_shapes.NewInspection, response: Response
) -> inspection_shapes.Begun:
    """Begin an inspection that no plan asked for."""
    begun = begin_inspection(call.office, wanted.unit, wanted.checklist, wanted.kind, call.hand)
    response.headers["Location"] = f"/api/v1/inspections/{begun.number}"
    return inspection_shapes.Begun.model_validate(begun._asdict())


@operations.post("/inspections/{number}/records", permission=Verb.REPORT, scope=Scope.REPORT)
def record_inspection_(
    call: Asked,
    number: asked.Number,
    told: inspection_shapes.NewInspectionRecord,
    idempotency_key: asked.Key = "",
) -> inspection_shapes.Recorded:
    """Record what was found and sign it; `reason` corrects a record that stands."""
    found = {item: _found(call, each) for item, each in told.items.items()}
    recorded = record_inspection(
        call.office, number,
        Told(found, told.participants, told.held_on, told.mode, told.note, told.reason),
        call.hand, key=read_key(idempotency_key),
    )  # fmt: skip
    return _recorded(recorded)


@operations.post("/inspections/{number}/signatures", permission=Verb.VIEW, scope=Scope.MOVE)
def sign_inspection_(
    call: Asked, number: asked.Number, wanted: inspection_shapes.NewSignature
) -> inspection_shapes.Signed:
    """Sign as another inspector or as the school's head, or record that the head refused."""
    if wanted.refused:
        return inspection_shapes.Signed(
            receipt=record_refusal(call.office, number, wanted.refused, call.hand)
        )
    if wanted.drawn:
        receipt = sign_on_the_spot(
            call.office, number, wanted.signer, _picture(call, wanted.drawn), call.hand
        )
        return inspection_shapes.Signed(receipt=receipt)
    if wanted.head:
        return inspection_shapes.Signed(receipt=sign_as_head(call.office, number, call.hand))
    signed = sign_inspection(call.office, number, wanted.version, call.hand)
    return inspection_shapes.Signed(receipt=signed.receipt)


@operations.post("/inspections/{number}/inspectors", permission=Verb.VIEW, scope=Scope.MOVE)
def name_inspectors_(
    call: Asked, number: asked.Number, wanted: inspection_shapes.NewTeam
) -> inspection_shapes.Signed:
    """Name who makes an inspection, with the reason, in place of whoever was drawn or named."""
    receipt = name_inspectors(call.office, number, wanted.inspectors, wanted.reason, call.hand)
    return inspection_shapes.Signed(receipt=receipt)


@operations.get(
    "/inspections/{number}/photos/{sha256}", permission=Verb.VIEW, scope=Scope.READ,
    response_class=FileResponse, openapi_extra=gives("image/jpeg", "application/pdf"),
)  # fmt: skip
def get_inspection_photo(
    call: Asked, number: asked.Number, sha256: inspection_shapes.PhotoDigest
) -> Response:
    """Get a photo without its metadata, or a document, of an inspection."""
    return send_shown(show_photo(call.office, number, sha256, by=call.by))


@operations.get("/checklists", permission=Verb.VIEW, scope=Scope.READ)
def list_checklists_(call: Asked) -> list[inspection_shapes.Checklist]:
    """List the checklists in force, each item with the clause behind it."""
    found = list_checklists(call.office)
    return [inspection_shapes.Checklist.model_validate(each.part) for each in found]


def _found(call: Call, each: inspection_shapes.NewAnswer) -> Found:
    files = open_handles(call.settings.keys, each.evidence, Shows.BEFORE, by=call.by, at=call.at)
    return Found(each.result, each.note, each.place, each.no_photo, each.another, files)


def _picture(call: Call, handle: str) -> Stored:
    (file,) = open_handles(call.settings.keys, [handle], Shows.AFTER, by=call.by, at=call.at)
    return file.stored


def _signature(each: Mapping[str, Any]) -> dict[str, Any]:
    return {**each, "drawn": each["drawn"]["sha256"] if each["drawn"] else None}


def _answer(answer: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return an answer with its photos by hash; the bytes are evidence of the case."""
    if answer is None:
        return None
    return {**answer, "photos": [each["sha256"] for each in answer["photos"]]}


def _recorded(recorded: Recorded) -> inspection_shapes.Recorded:
    cases = [each._asdict() for each in recorded.cases]
    told = {name: getattr(recorded, name) for name in Recorded.__slots__}
    return inspection_shapes.Recorded.model_validate({**told, "cases": cases})
