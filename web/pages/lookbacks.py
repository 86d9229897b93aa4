"""回头看: look-backs listed, planned, drawn and followed to their verdict."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import Response
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from casework.events import Door
from casework.forms import read_day
from casework.lookback.assigning import assign_inspectors
from casework.lookback.bundle import export_bundle
from casework.lookback.committing import commit_seed
from casework.lookback.drawing import draw_lookback
from casework.lookback.ending import close_lookback, publish_lookback, withdraw_lookback
from casework.lookback.enlarging import enlarge, recheck_rejected
from casework.lookback.looking import list_lookbacks, open_lookback
from casework.lookback.looks import Hand
from casework.lookback.planning import Asked, plan_lookback, preview
from casework.lookback.templates import list_templates
from rules.access import Verb
from rules.lookback.acts import LookbackAct, LookbackState
from rules.lookback.plan import read_plan
from rules.lookback.seeds import SeedKind
from rules.wording import Trouble
from web.forms import Form, Sent, bad_choice
from web.routing import Pages
from web.strata import stratum_words
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_ACTS: Mapping[str, Callable[[Visit, Form, str, Hand], object]] = {
    "commit": lambda visit, form, number, hand: commit_seed(
        visit.office, number, hand, visit.settings.keys,
        source=form.text("source"), expected_on=_day(form, "expected_on"),
    ),
    "draw": lambda visit, form, number, hand: draw_lookback(
        visit.office, number, hand, visit.settings.keys, outside=form.text("outside")
    ),
    "assign": lambda visit, _form, number, hand: assign_inspectors(visit.office, number, hand),
    "enlarge": lambda visit, form, number, hand: enlarge(
        visit.office, number, form.text("stratum"), form.number("by") or 0, form.text("reason"),
        hand,
    ),
    "recheck": lambda visit, _form, _number, hand: recheck_rejected(visit.office, hand),
    "close": lambda visit, _form, number, hand: close_lookback(visit.office, number, hand),
    "publish": lambda visit, _form, number, hand: publish_lookback(visit.office, number, hand),
    "withdraw": lambda visit, form, number, hand: withdraw_lookback(
        visit.office, number, form.text("reason"), hand
    ),
}  # fmt: skip


@pages.get("/lookbacks", permission=Verb.SEE_LOOKBACKS)
def list_(visit: Here) -> Response:
    state = visit.request.query_params.get("state", "")
    wanted = LookbackState(state) if state in set(LookbackState) else None
    rows = list_lookbacks(visit.office, by=visit.by, state=wanted)
    return visit.page(
        "lookbacks.html", rows=rows, states=list(LookbackState), wanted=wanted,
        plans=_may_hold(visit),
    )  # fmt: skip


@pages.get("/lookbacks/plan", permission=Verb.LOOK_BACK)
def think(visit: Here) -> Response:
    """What a template would draw now; nothing is written until it is planned."""
    query = visit.request.query_params
    asked = _asked(query.get("template", ""), query.get("period", ""), query.get("clusters", ""))
    if not asked.template:
        return _planning(visit, asked)
    try:
        seen = preview(visit.office, asked, hand=_hand(visit))
    except Trouble as trouble:
        return _planning(visit, asked, trouble=trouble)
    return _planning(visit, asked, seen=seen)


@pages.post("/lookbacks/plan", permission=Verb.LOOK_BACK)
def plan(visit: Here, form: Sent) -> Response:
    asked = _asked(form.text("template"), form.text("period"), form.text("clusters"))
    try:
        planned = plan_lookback(visit.office, asked, _hand(visit))
    except Trouble as trouble:
        return _planning(visit, asked, trouble=trouble)
    return visit.redirect(f"/lookback/{planned.number}?done=plan")


@pages.get("/lookback/{number}", permission=Verb.SEE_LOOKBACKS)
def show(visit: Here, number: str) -> Response:
    return _page(visit, number)


@pages.get("/lookback/{number}/bundle", permission=Verb.SEE_LOOKBACKS)
def bundle(visit: Here, number: str) -> Response:
    """The file from which anybody draws it again."""
    folder = TemporaryDirectory(prefix="bihuan-bundle-")
    try:
        bundled = export_bundle(
            visit.office, number, Path(folder.name) / f"{number}.zip", by=visit.by
        )
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        bundled.file, filename=bundled.file.name, media_type="application/zip",
        background=BackgroundTask(folder.cleanup),
    )  # fmt: skip


@pages.post("/lookback/{number}/{act}", permission=Verb.LOOK_BACK)
def do(visit: Here, form: Sent, number: str, act: str) -> Response:
    if act not in _ACTS:
        raise bad_choice("act")
    try:
        _ACTS[act](visit, form, number, _hand(visit))
    except Trouble as trouble:
        return _page(visit, number, trouble=trouble, act=act)
    return visit.redirect(f"/lookback/{number}?done={act}")


def _page(visit: Visit, number: str, *, trouble: Trouble | None = None, act: str = "") -> Response:
    file = open_lookback(visit.office, number, by=visit.by)
    done = visit.request.query_params.get("done", "")
    return visit.page(
        "lookback.html", status=status_of(trouble) if trouble else 200, file=file, row=file.row,
        plan=read_plan(file.row["plan"]), trouble=trouble, act=act, steps=_steps(file.row),
        done=_DONE.get(done), may_hold=_may_hold(visit), states=LookbackState,
        outside=SeedKind.OUTSIDE, stratum_words=stratum_words, acts=LookbackAct,
        unfinished=sum(each["finding"] is None for each in file.visits),
        unassigned=sum(not each["team"] for each in file.visits),
        to_recheck=[each for each in file.strata
                    if each.decided == "rejected" and each.drawn < each.size.population],
    )  # fmt: skip


def _planning(visit: Visit, asked: Asked, **shown: Any) -> Response:  # noqa: ANN401 — what a preview or a trouble is
    told = {"seen": None, "trouble": None} | shown
    status = status_of(told["trouble"]) if told["trouble"] else 200
    return visit.page(
        "lookback_plan.html", status=status, templates=list_templates(visit.office), asked=asked,
        stratum_words=stratum_words, **told,
    )  # fmt: skip


def _asked(template: str, period: str, clusters: str) -> Asked:
    codes = [each for each in clusters.replace("、", ",").replace("，", ",").split(",") if each]
    return Asked(template, period=period.strip(), clusters=[each.strip() for each in codes])


def _hand(visit: Visit) -> Hand:
    return Hand(visit.by, visit.at, Door.PAGE)


def _may_hold(visit: Visit) -> bool:
    return bool(visit.actor.reach(Verb.LOOK_BACK))


def _day(form: Form, name: str) -> date | None:
    text = form.text(name).strip()
    return read_day(text, where=name) if text else None


def _steps(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the states with the moment each was reached; a withdrawn one ends where it stood."""
    moments = {
        LookbackState.PLANNED: row["planned_at"], LookbackState.COMMITTED: row["committed_at"],
        LookbackState.DRAWN: row["drawn_at"], LookbackState.CLOSED: row["closed_at"],
    }  # fmt: skip
    reached = [state for state, at in moments.items() if at is not None]
    return [
        {"state": state, "label": state.label, "at": at,
         "stands": "ahead" if at is None else "now" if state is reached[-1] else "done"}
        for state, at in moments.items()
    ]  # fmt: skip


_DONE = {
    "plan": LookbackAct.PLAN.label, "commit": LookbackAct.COMMIT.label,
    "draw": LookbackAct.DRAW.label, "assign": LookbackAct.ASSIGN.label,
    "enlarge": LookbackAct.ENLARGE.label, "recheck": LookbackAct.ENLARGE.label,
    "close": LookbackAct.CLOSE.label, "publish": LookbackAct.PUBLISH.label,
    "withdraw": LookbackAct.WITHDRAW.label,
}  # fmt: skip
