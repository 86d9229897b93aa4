"""我的复查: the visits an inspector was drawn for, and what was found on them."""

from fastapi import Response

from casework.events import Door
from casework.lookback.looking import my_visits, open_lookback
from casework.lookback.looks import Hand
from casework.lookback.recording import Found, Recorded, record_finding, sign_finding
from models import Shows
from rules.lookback.findings import Finding, InspectionMode
from rules.lookback.plan import read_plan
from rules.wording import Trouble
from web.forms import Form, Sent, bad_choice
from web.permission import Anyone
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()


@pages.get("/visits", permission=Anyone.SIGNED_IN)
def list_(visit: Here) -> Response:
    done = visit.request.query_params.get("done", "")
    return visit.page("visits.html", rows=my_visits(visit.office, by=visit.by), done=done)


@pages.get("/visits/{lookback}/{case}", permission=Anyone.SIGNED_IN)
def show(visit: Here, lookback: str, case: str) -> Response:
    return _page(visit, lookback, case)


@pages.post("/visits/{lookback}/{case}", permission=Anyone.SIGNED_IN)
def record(visit: Here, form: Sent, lookback: str, case: str) -> Response:
    """Record what was found, or sign what another inspector recorded."""
    try:
        _record(visit, form, lookback, case)
    except Trouble as trouble:
        return _page(visit, lookback, case, trouble=trouble, typed=form)
    return visit.redirect("/visits?done=1")


def _record(visit: Visit, form: Form, lookback: str, case: str) -> Recorded:
    said, hand = form.text("finding"), Hand(visit.by, visit.at, Door.PAGE)
    if said not in set(Finding):
        raise bad_choice("finding")
    if form.text("sign"):
        return sign_finding(visit.office, lookback, case, Finding(said), hand)
    mode = form.text("mode")
    if mode not in set(InspectionMode):
        raise bad_choice("mode")
    files = form.keep(visit.office, "evidence", Shows.AFTER)
    found = Found(Finding(said), InspectionMode(mode), form.text("note"), files)
    return record_finding(visit.office, lookback, case, found, hand)


def _page(
    visit: Visit,
    lookback: str,
    case: str,
    *,
    trouble: Trouble | None = None,
    typed: Form | None = None,
) -> Response:
    file = open_lookback(visit.office, lookback, by=visit.by)
    drawn = next((each for each in file.visits if each["number"] == case), None)
    if drawn is None:
        raise bad_choice("case")
    mine = next((each for each in drawn["team"] if each["code"] == visit.by), None)
    return visit.page(
        "visit.html", status=status_of(trouble) if trouble else 200, drawn=drawn, row=file.row,
        mine=mine, findings=list(Finding), modes=list(InspectionMode), trouble=trouble,
        planned_mode=read_plan(file.row["plan"]).mode, typed=typed.texts if typed else {},
        to_sign=bool(mine and drawn["proposed"] and not mine["signed_at"]),
    )  # fmt: skip
