"""检查计划 on pages: with the task breakdown, what each draw drew, and what is published of it."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response

from casework.errors import Invalid
from casework.events import Door
from casework.inspections.checklists import list_checklists
from casework.inspections.listing import Wanted, list_tasks
from casework.inspections.plans import list_plans, make, show_plan
from casework.inspections.publishing import list_draws, publish_draw, verify_draw
from casework.inspections.withdrawing import withdraw_plan
from casework.lookback.looks import Hand
from casework.reach import list_posts, list_reach
from rules.access import Verb
from rules.inspections.kinds import PLANNERS, InspectionKind
from rules.inspections.periods import Cadence
from rules.inspections.plan import make_plan
from rules.wording import Trouble, Wording
from rules.workdays import china_day
from web.forms import Form, Sent, bad_choice
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

LINES = 6
"""Lines of the breakdown that a form offers; a file of `bihuan inspection plan` takes more."""
_LINE = ("task", "checklist", "place", "responsible", "lead", "inspectors")


@pages.get("/inspections/plans", permission=Verb.VIEW)
def list_(visit: Here) -> Response:
    return visit.page(
        "inspection_plans.html", rows=list_plans(visit.office, by=visit.by), plans=_plans(visit)
    )


@pages.get("/inspections/plans/new", permission=Verb.VIEW)
def ask(visit: Here) -> Response:
    today = china_day(visit.at).isoformat()
    return _form(visit, {"first_on": today, "cadence": Cadence.MONTHLY.value})


@pages.post("/inspections/plans", permission=Verb.VIEW)
def plan(visit: Here, form: Sent) -> Response:
    try:
        planned = make(visit.office, make_plan(_told(form), where=""), _hand(visit))
    except Trouble as trouble:
        return _form(visit, form.texts, trouble)
    return visit.redirect(f"/inspections/plans/{planned.number}?done=plan")


@pages.get("/inspections/plans/{number}", permission=Verb.VIEW)
def show(visit: Here, number: str) -> Response:
    return _page(visit, number)


@pages.post("/inspections/plans/{number}/{act}", permission=Verb.VIEW)
def do(visit: Here, form: Sent, number: str, act: str) -> Response:
    """Withdraw a plan, or publish what a draw of it led to."""
    try:
        if act == "withdraw":
            withdraw_plan(visit.office, number, form.text("reason"), _hand(visit))
        elif act == "publish":
            publish_draw(visit.office, form.text("draw"), _hand(visit))
        else:
            raise bad_choice("act")
    except Trouble as trouble:
        return _page(visit, number, trouble)
    return visit.redirect(f"/inspections/plans/{number}?done={act}")


def _page(visit: Visit, number: str, trouble: Trouble | None = None) -> Response:
    shown = show_plan(visit.office, number, by=visit.by)
    draws = list_draws(visit.office, number, by=visit.by) if shown["plan"].sample else []
    query = visit.request.query_params
    wanted = query.get("verify", "")
    checks = (
        verify_draw(visit.office, wanted, by=visit.by)
        if wanted in {each["number"] for each in draws if each["drawn_at"]} else []
    )  # fmt: skip
    tasks = list_tasks(
        visit.office, Wanted(plan=number, size=100), by=visit.by, today=china_day(visit.at)
    )
    return visit.page(
        "inspection_plan.html", status=status_of(trouble) if trouble else 200, shown=shown,
        plan=shown["plan"], draws=draws, checks=checks, verified=wanted, tasks=tasks.rows,
        more=bool(tasks.after), trouble=trouble, plans=_plans(visit),
        done=query.get("done", ""),
    )  # fmt: skip


def _form(visit: Visit, typed: Mapping[str, str], trouble: Trouble | None = None) -> Response:
    with visit.office.reading() as connection:
        below = list_reach(connection, visit.actor, Verb.VIEW)
        posts = list_posts(connection, visit.by)
    own = {each.code: each.place for each in posts if each.role in PLANNERS}
    places = own | {each.code: each.name for each in below}
    checklists = [each.part for each in list_checklists(visit.office)]
    return visit.page(
        "inspection_plan_new.html", status=status_of(trouble) if trouble else 200, typed=typed,
        trouble=trouble, places=places, own=own, checklists=checklists, kinds=list(InspectionKind),
        cadences=list(Cadence), lines=range(1, LINES + 1), me=visit.by,
        shown_lines=_used(typed) + 1,
    )  # fmt: skip


def _told(form: Form) -> dict[str, Any]:
    """Return the plan a form describes, as ``make_plan`` takes it."""
    lines = [each for each in (_line(form, n) for n in range(1, LINES + 1)) if each["task"]]
    told: dict[str, Any] = {
        name: form.text(name).strip() for name in ("title", "place", "kind", "cadence", "first_on")
    }
    if form.text("until").strip():
        told["until"] = form.text("until").strip()
    if form.text("sampled"):
        told["sample"] = {"percent": _percent(form)}
    told["unannounced"] = bool(form.text("unannounced"))
    return {**told, "lines": [{name: one for name, one in each.items() if one} for each in lines]}


def _line(form: Form, n: int) -> dict[str, Any]:
    line: dict[str, Any] = {name: form.text(f"{name}-{n}").strip() for name in _LINE}
    codes = line["inspectors"].replace("，", ",").replace("、", ",").split(",")
    return {**line, "inspectors": [each.strip() for each in codes if each.strip()]}


def _percent(form: Form) -> float:
    try:
        return float(form.text("percent") or "5")
    except ValueError:
        raise Invalid(
            Wording("抽取比例不是数字", "the percentage is no number"),
            remedy=Wording("请填 0 到 100 之间的数。", "Give a number up to 100."),
            where="percent",
        ) from None


def _used(typed: Mapping[str, str]) -> int:
    return max((n for n in range(1, LINES + 1) if typed.get(f"task-{n}", "").strip()), default=0)


def _plans(visit: Visit) -> bool:
    return any(grant.role in PLANNERS for grant in visit.actor.grants)


def _hand(visit: Visit) -> Hand:
    return Hand(visit.by, visit.at, Door.PAGE)
