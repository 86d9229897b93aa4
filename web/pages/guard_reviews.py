"""保安年审: asked for by schools on a phone, carried out by the cluster or the committee."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode

from fastapi import Response

from casework.events import Door
from casework.forms import read_day
from casework.reviews.asking import ask_reviews
from casework.reviews.deciding import Left, pass_records, review_record
from casework.reviews.listing import ReviewPage, list_reviews, open_review
from casework.reviews.store import Named, find_reviewed
from rules.access import Verb
from rules.registers.outcomes import ReviewOutcome, ReviewStatus
from rules.registers.reviews import Verdict
from rules.wording import Trouble
from rules.workdays import china_day
from web.forms import Form, Sent, bad_choice
from web.registers import places_of
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

GUARD, HERE = "guard", "/guard-reviews"
_PAGE = 25
_PICK, _REASON = "pick-", "r-"


@pages.get(HERE, permission=Verb.VIEW)
def list_(visit: Here) -> Response:
    return _list(visit, visit.request.query_params)


@pages.post("/guard-reviews/ask", permission=Verb.VIEW)
def ask(visit: Here, form: Sent) -> Response:
    """Ask for the reviews of those picked."""
    try:
        ask_reviews(visit.office, GUARD, _picked(form), by=visit.by, at=visit.at, door=Door.PAGE)
    except Trouble as trouble:
        return _list(visit, _narrowed(form.texts), trouble=trouble)
    return visit.redirect(_address(HERE, {**_narrowed(form.texts), "done": "ask"}))


@pages.post("/guard-reviews/pass", permission=Verb.VIEW)
def pass_(visit: Here, form: Sent) -> Response:
    """Pass those picked that nothing speaks against; who is left stands there with why."""
    try:
        passed, left = pass_records(
            visit.office, GUARD, _picked(form), by=visit.by, at=visit.at, door=Door.PAGE
        )
    except Trouble as trouble:
        return _list(visit, _narrowed(form.texts), trouble=trouble)
    return _list(visit, _narrowed(form.texts), result=(len(passed), left))


@pages.get("/guard-reviews/guard", permission=Verb.VIEW)
def show(visit: Here, unit: str = "", guard: str = "") -> Response:
    return _one(visit, Named(unit, guard))


@pages.post("/guard-reviews/guard", permission=Verb.VIEW)
def decide(visit: Here, form: Sent) -> Response:
    """Ask for one guard's review, or carry it out."""
    named, at = Named(form.text("unit"), form.text("guard")), visit.at
    try:
        if form.text("act") == "ask":
            ask_reviews(visit.office, GUARD, [named], by=visit.by, at=at, door=Door.PAGE)
        else:
            verdict = _verdict(form)
            review_record(visit.office, GUARD, named, verdict, by=visit.by, at=at, door=Door.PAGE)
    except Trouble as trouble:
        return _one(visit, named, trouble=trouble, typed=form)
    done = "ask" if form.text("act") == "ask" else "decide"
    return visit.redirect(_address("/guard-reviews/guard", {**_query(named), "done": done}))


def _verdict(form: Form) -> Verdict:
    """Return what was decided; raise Invalid for an outcome or day that is none."""
    if form.text("outcome") not in set(ReviewOutcome):
        raise bad_choice("outcome")
    return Verdict(
        ReviewOutcome(form.text("outcome")),
        tuple(name.removeprefix(_REASON) for name in form.texts if name.startswith(_REASON)),
        read_day(form.text("until"), where="until") if form.text("until").strip() else None,
        form.text("note"), form.text("why"),
    )  # fmt: skip


def _picked(form: Form) -> list[Named]:
    """Return the guards whose boxes are ticked: each holds unit and number as a query does."""
    found = [parse_qs(text) for name, text in form.texts.items() if name.startswith(_PICK)]
    return [Named("".join(each.get("unit", ())), "".join(each.get(GUARD, ()))) for each in found]


def _list(
    visit: Visit,
    query: Mapping[str, str],
    *,
    trouble: Trouble | None = None,
    result: tuple[int, list[Left]] | None = None,
) -> Response:
    kept, found = _narrowed(query), ReviewPage((), {}, "")
    try:
        if kept.get("status", "") not in {"", *ReviewStatus}:
            raise bad_choice("status")
        status = ReviewStatus(kept["status"]) if "status" in kept else None
        found = list_reviews(
            visit.office, GUARD, by=visit.by, today=_today(visit), status=status,
            place=kept.get("place", ""), size=_PAGE, after=query.get("after", ""),
        )  # fmt: skip
    except Trouble as fault:
        trouble = trouble or fault
    return visit.page(
        "guard_reviews.html", status=status_of(trouble) if trouble else 200, trouble=trouble,
        rows=found.rows, counts=found.counts, kept=kept, result=result, year=_today(visit).year,
        places=places_of(visit, find_reviewed(GUARD)[0]), done=query.get("done", ""),
        first=_address(HERE, kept), paged="after" in query, address=_address, link=_link,
        query=lambda row: urlencode(_query(Named(row["unit_code"], row["key"]))),
        following=_address(HERE, {**kept, "after": found.after}) if found.after else "",
    )  # fmt: skip


def _one(
    visit: Visit, named: Named, *, trouble: Trouble | None = None, typed: Form | None = None
) -> Response:
    found = open_review(visit.office, GUARD, named, by=visit.by, today=_today(visit))
    kind, reviews = find_reviewed(GUARD)
    return visit.page(
        "guard_review.html", status=status_of(trouble) if trouble else 200, trouble=trouble,
        row=found, kind=kind, reviews=reviews, outcomes=list(ReviewOutcome),
        year=_today(visit).year, typed=typed.texts if typed else {},
        done=visit.request.query_params.get("done", ""),
    )  # fmt: skip


def _narrowed(query: Mapping[str, str]) -> dict[str, str]:
    found = {name: query.get(name, "").strip() for name in ("status", "place")}
    return {name: text for name, text in found.items() if text}


def _query(named: Named) -> dict[str, str]:
    return {"unit": named.unit, GUARD: named.key}


def _link(row: Mapping[str, Any]) -> str:
    return _address("/guard-reviews/guard", _query(Named(row["unit_code"], row["key"])))


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _today(visit: Visit) -> date:
    return china_day(visit.at)
