"""One inspection: recorded on a phone, signed, corrected, read and printed."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from fastapi import Response

from casework.errors import Invalid
from casework.events import Door
from casework.evidence_store import Stored
from casework.forms import read_day
from casework.inspections.drafts import Found, Told, save_draft
from casework.inspections.heads import record_refusal, sign_as_head, sign_on_the_spot
from casework.inspections.naming import name_inspectors
from casework.inspections.people import Choice, list_people, split_names
from casework.inspections.recording import record_inspection, sign_inspection
from casework.inspections.showing import InspectionFile, open_inspection, show_photo
from casework.lookback.looks import Hand
from models import Shows
from rules.access import Verb
from rules.inspections.acts import Part, TaskState, Word
from rules.inspections.answers import Result
from rules.inspections.checklists import Checklist
from rules.lookback.findings import InspectionMode
from rules.wording import Trouble, Wording
from rules.workdays import china_day
from web.forms import Form, Sent, bad_choice
from web.photos import send_shown
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_TEAM = 3  # inspectors that the form offers to name
_DONE = frozenset({"record", "sign", "head", "spot", "refuse", "name", "draft"})


@pages.get("/inspections/{number}", permission=Verb.VIEW)
def show(visit: Here, number: str) -> Response:
    file = _open(visit, number)
    query = visit.request.query_params
    return _page(visit, file, _begun(file), edits="edit" in query, done=query.get("done", ""))


@pages.get("/inspections/{number}/paper", permission=Verb.VIEW)
def paper(visit: Here, number: str) -> Response:
    """The record as it is printed, with room for signatures."""
    return visit.page(
        "inspection_paper.html", file=_open(visit, number), results=Result, parts=Part, words=Word
    )


@pages.get("/inspections/{number}/photo/{sha256}", permission=Verb.VIEW)
def photo(visit: Here, number: str, sha256: str) -> Response:
    return send_shown(visit, show_photo(visit.office, number, sha256, by=visit.by))


@pages.post("/inspections/{number}/record", permission=Verb.VIEW)
def record(visit: Here, form: Sent, number: str) -> Response:
    """Record what was found, or keep it as a draft; what is refused is kept as one too."""
    file = _open(visit, number)
    told: Told | None = None
    try:
        told = _told(visit, form, file.checklist)
        if form.text("draft"):
            save_draft(visit.office, number, told, _hand(visit))
            return visit.redirect(f"/inspections/{number}?done=draft")
        record_inspection(visit.office, number, told, _hand(visit), key=form.text("key") or None)
    except Trouble as trouble:
        if told and isinstance(trouble, Invalid) and file.row["state"] is TaskState.OPEN:
            with suppress(Trouble):
                save_draft(visit.office, number, told, _hand(visit))
        file = _open(visit, number)
        return _page(visit, file, _typed(form, file), trouble=trouble, edits=True, form=form)
    return visit.redirect(f"/inspections/{number}?done=record")


@pages.post("/inspections/{number}/{act}", permission=Verb.VIEW)
def do(visit: Here, form: Sent, number: str, act: str) -> Response:
    """Sign as inspector or head, record a refusal, or name who inspects."""
    try:
        _act(visit, form, number, act)
    except Trouble as trouble:
        file = _open(visit, number)
        return _page(visit, file, _begun(file), trouble=trouble, form=form)
    return visit.redirect(f"/inspections/{number}?done={act}")


def _act(visit: Visit, form: Form, number: str, act: str) -> None:
    office, hand = visit.office, _hand(visit)
    match act:
        case "sign":
            sign_inspection(office, number, form.number("version") or 0, hand)
        case "head":
            sign_as_head(office, number, hand)
        case "spot":
            sign_on_the_spot(office, number, form.text("signer"), _signature(visit, form), hand)
        case "refuse":
            record_refusal(office, number, form.text("reason"), hand)
        case "name":
            named = [form.text(f"inspector-{k}") for k in range(1, _TEAM + 1)]
            people = split_names("、".join(named))
            name_inspectors(office, number, people, form.text("reason"), hand)
        case _:
            raise bad_choice("act")


def _signature(visit: Visit, form: Form) -> Stored:
    """Return the picture of a signature, drawn on the page or photographed; raise Invalid."""
    files = form.keep(visit.office, "drawn", Shows.BEFORE)
    if files:
        return files[0].stored
    raise Invalid(
        Wording("没有签字", "there is no signature"),
        remedy=Wording("请在框内签字，或拍下纸上的签字。", "Sign in the frame, or photograph one."),
        where="drawn",
    )


def _told(visit: Visit, form: Form, checklist: Checklist) -> Told:
    """Return what the form says; items without a result are left out."""
    mode = form.text("mode") or InspectionMode.OPEN.value
    if mode not in set(InspectionMode):
        raise bad_choice("mode")
    day = form.text("held_on").strip()
    found = {
        item.key: _found(visit, form, item.key)
        for item in checklist.items
        if form.text(f"r-{item.key}") in set(Result)
    }
    return Told(
        found, form.number("participants") or 0,
        read_day(day, where="held_on") if day else None, InspectionMode(mode),
        form.text("note"), form.text("reason"),
    )  # fmt: skip


def _found(visit: Visit, form: Form, item: str) -> Found:
    files = form.keep(visit.office, f"f-{item}", Shows.BEFORE)
    return Found(
        Result(form.text(f"r-{item}")), form.text(f"n-{item}"), form.text(f"p-{item}"),
        form.text(f"w-{item}"), bool(form.text(f"a-{item}")), files,
    )  # fmt: skip


def _begun(file: InspectionFile) -> Mapping[str, Any]:
    """Return the answers a form begins with: those known. Nothing is in order by itself."""
    none = {"result": "", "note": "", "place": "", "no_photo": "", "another": False,
            "photos": []}  # fmt: skip
    return {item.key: file.answers.get(item.key, none) for item in file.checklist.items}


def _typed(form: Form, file: InspectionFile) -> Mapping[str, Any]:
    """Return the answers as they were typed, with the photos that are kept already."""
    known = _begun(file)
    return {
        item.key: {
            "result": form.text(f"r-{item.key}"), "note": form.text(f"n-{item.key}"),
            "place": form.text(f"p-{item.key}"), "no_photo": form.text(f"w-{item.key}"),
            "another": bool(form.text(f"a-{item.key}")), "photos": known[item.key]["photos"],
        }
        for item in file.checklist.items
    }  # fmt: skip


def _page(
    visit: Visit,
    file: InspectionFile,
    answers: Mapping[str, Any],
    *,
    trouble: Trouble | None = None,
    edits: bool = False,
    done: str = "",
    form: Form | None = None,
) -> Response:
    fills = file.offers.record and (edits or file.row["state"] is TaskState.OPEN)
    may_name = file.offers.name and file.row["state"] is TaskState.OPEN
    at, _, part = (trouble.where if trouble else "").partition(".")
    at_item = at if at in file.checklist.by_key else ""
    return visit.page(
        "inspection.html", status=status_of(trouble) if trouble else 200, file=file,
        row=file.row, answers=answers,
        begun=_around(file, form), fills=fills, trouble=trouble, at_item=at_item,
        at_part=part if at_item else "", typed=form.texts if form else {},
        done=done if done in _DONE else "", results=list(Result), modes=list(InspectionMode),
        parts=Part, words=Word, today=china_day(visit.at),
        may_name=may_name, people=_people(visit) if may_name else (),
    )  # fmt: skip


def _around(file: InspectionFile, form: Form | None) -> dict[str, Any]:
    """Return what stands around the items: as typed, else as recorded or drafted."""
    known = file.record or file.draft or {}
    typed = form.texts if form else {}
    begins = {"participants": 1, "mode": InspectionMode.OPEN.value, "note": ""}
    return {name: typed.get(name) or known.get(name) or first for name, first in begins.items()}


def _people(visit: Visit) -> Sequence[Choice]:
    with visit.office.reading() as connection:
        return list_people(connection, visit.actor.reach(Verb.VIEW))


def _open(visit: Visit, number: str) -> InspectionFile:
    return open_inspection(visit.office, number, by=visit.by, today=china_day(visit.at))


def _hand(visit: Visit) -> Hand:
    return Hand(visit.by, visit.at, Door.PAGE)
