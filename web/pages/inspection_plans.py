"""检查计划 on pages: with the task breakdown, what each draw drew, and what is published of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response

from casework.events import Door
from casework.inspections.checklists import list_checklists
from casework.inspections.listing import Wanted, list_tasks
from casework.inspections.people import Choice, called, list_people, split_names
from casework.inspections.plan_importing import read_percent
from casework.inspections.plans import NamedLine, list_plans, make, show_plan
from casework.inspections.progress import plan_progress
from casework.inspections.publishing import list_draws, publish_draw, verify_draw
from casework.inspections.withdrawing import withdraw_plan
from casework.lookback.looks import Hand
from casework.reach import list_reach
from rules.access import Verb
from rules.inspections.acts import TaskState
from rules.inspections.kinds import PLANNERS, InspectionKind
from rules.inspections.periods import Cadence
from rules.inspections.plan import Plan, make_plan
from rules.wording import Trouble
from rules.workdays import china_day
from web.forms import Form, Sent, bad_choice
from web.inspections import holds, own_places
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

LINES = 10
"""Lines of the breakdown that a form offers; a workbook takes more."""
INSPECTORS = 3
"""Inspectors that a line of the form offers; a workbook takes more."""
_SHOWN = 10  # of those still to be made; the list has them all
_LINE = ("task", "checklist", "place", "responsible", "lead")


@pages.get("/inspections/plans", permission=Verb.VIEW)
def list_(visit: Here) -> Response:
    return visit.page(
        "inspection_plans.html",
        rows=list_plans(visit.office, by=visit.by),
        plans=holds(visit, PLANNERS),
    )


@pages.get("/inspections/plans/new", permission=Verb.VIEW)
def ask(visit: Here) -> Response:
    """An empty form, or another plan's words to begin with."""
    today = {"first_on": china_day(visit.at).isoformat()}
    if alike := visit.request.query_params.get("like", ""):
        return _form(visit, _typed_of(show_plan(visit.office, alike, by=visit.by)) | today)
    return _form(visit, {**today, "cadence": Cadence.MONTHLY.value})


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
    today = china_day(visit.at)
    owed = Wanted(states=(TaskState.OPEN, TaskState.AWAITING), plan=number, size=_SHOWN)
    waiting = list_tasks(visit.office, owed, by=visit.by, today=today)
    return visit.page(
        "inspection_plan.html", status=status_of(trouble) if trouble else 200, shown=shown,
        plan=shown["plan"], draws=draws, checks=checks, verified=wanted, tasks=waiting.rows,
        more=bool(waiting.after), trouble=trouble, plans=holds(visit, PLANNERS),
        progress=plan_progress(visit.office, number, by=visit.by, today=today),
        done=query.get("done", ""),
    )  # fmt: skip


def _form(visit: Visit, typed: Mapping[str, str], trouble: Trouble | None = None) -> Response:
    with visit.office.reading() as connection:
        below = list_reach(connection, visit.actor, Verb.VIEW)
        own = own_places(connection, visit)
        people = list_people(connection, visit.actor.reach(Verb.VIEW))
    places = own | {each.code: each.name for each in below}
    checklists = [each.part for each in list_checklists(visit.office)]
    head, _, tail = (trouble.where if trouble else "").partition(".")
    at_line, _, at_part = tail.partition(".")
    return visit.page(
        "inspection_plan_new.html", status=status_of(trouble) if trouble else 200, typed=typed,
        trouble=trouble, places=places, own=own, checklists=checklists, kinds=list(InspectionKind),
        cadences=list(Cadence), people=people, me=_me(people, visit),
        lines=range(1, LINES + 1), shown_lines=min(_used(typed) + 1, LINES),
        team=range(1, INSPECTORS + 1),
        at_line=int(at_line) + 1 if head == "lines" and at_line.isdigit() else 0,
        at_part=at_part.partition(".")[0] if head == "lines" else head,
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
        told["sample"] = {"percent": read_percent(form.text("percent") or "5")}
    told["unannounced"] = bool(form.text("unannounced"))
    return {**told, "lines": [{name: one for name, one in each.items() if one} for each in lines]}


def _line(form: Form, n: int) -> dict[str, Any]:
    line: dict[str, Any] = {name: form.text(f"{name}-{n}").strip() for name in _LINE}
    named = (split_names(form.text(f"inspector-{n}-{k}")) for k in range(1, INSPECTORS + 1))
    return {
        **line, "responsible": line["responsible"] or line["place"],
        "inspectors": [each for names in named for each in names],
    }  # fmt: skip


def _typed_of(shown: Mapping[str, Any]) -> dict[str, str]:
    """Return a plan's words as the form has them; what is more than it offers is left out."""
    plan: Plan = shown["plan"]
    typed = {
        "title": plan.title, "place": plan.place, "kind": plan.kind.value,
        "cadence": plan.cadence.value, "unannounced": "1" if plan.unannounced else "",
        "sampled": "1" if plan.sample else "",
        "percent": f"{plan.sample.percent:g}" if plan.sample else "5",
    }  # fmt: skip
    for n, each in enumerate(shown["lines"][:LINES], 1):
        line: NamedLine = each
        typed |= {
            f"task-{n}": line.line.task, f"checklist-{n}": line.line.checklist,
            f"place-{n}": line.place, f"responsible-{n}": line.responsible,
            f"lead-{n}": called(line.lead, line.line.lead),
        }  # fmt: skip
        team = map(called, line.inspectors, line.line.inspectors)
        typed |= {f"inspector-{n}-{k}": one for k, one in enumerate(team, 1)}
    return typed


def _me(people: Sequence[Choice], visit: Visit) -> str:
    return next((each.called for each in people if each.code == visit.by), visit.by)


def _used(typed: Mapping[str, str]) -> int:
    return max((n for n in range(1, LINES + 1) if typed.get(f"task-{n}", "").strip()), default=0)


def _hand(visit: Visit) -> Hand:
    return Hand(visit.by, visit.at, Door.PAGE)
