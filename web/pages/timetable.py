"""回头看模板和排期: what is drawn by which plan, and when it is drawn by itself."""

from collections.abc import Callable, Mapping

from fastapi import Response

from casework.lookback.example import EXAMPLE
from casework.lookback.scheduling import (
    add_schedule,
    change_schedule,
    list_schedules,
    pause_schedule,
    remove_schedule,
    resume_schedule,
)
from casework.lookback.templates import list_templates, retire_template, save_template
from casework.staff_file import list_clusters
from rules.access import Verb
from rules.differing import around
from rules.fault_lines import line_of
from rules.lookback.timing import Timing, TimingKind
from rules.wording import Trouble
from web.forms import Form, Sent, bad_choice
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_ACTS: Mapping[str, Callable[[Visit, Form, str], object]] = {
    "add": lambda visit, form, name: add_schedule(
        visit.office, name, template=form.text("template"), timing=_timing(form),
        clusters=_clusters(form), by=visit.by, at=visit.at,
    ),
    "change": lambda visit, form, name: change_schedule(
        visit.office, name, template=form.text("template"), timing=_timing(form),
        clusters=_clusters(form), by=visit.by, at=visit.at,
    ),
    "pause": lambda visit, _form, name: pause_schedule(
        visit.office, name, by=visit.by, at=visit.at
    ),
    "resume": lambda visit, _form, name: resume_schedule(
        visit.office, name, by=visit.by, at=visit.at
    ),
    "remove": lambda visit, _form, name: remove_schedule(
        visit.office, name, by=visit.by, at=visit.at
    ),
}  # fmt: skip


@pages.get("/lookbacks/schedules", permission=Verb.LOOK_BACK)
def show(visit: Here) -> Response:
    return _schedules(visit)


@pages.post("/lookbacks/schedules/{act}", permission=Verb.LOOK_BACK)
def do(visit: Here, form: Sent, act: str) -> Response:
    if act not in _ACTS:
        raise bad_choice("act")
    try:
        _ACTS[act](visit, form, form.text("name"))
    except Trouble as trouble:
        return _schedules(visit, trouble=trouble, form=form)
    return visit.redirect("/lookbacks/schedules?done=1")


@pages.get("/lookbacks/templates", permission=Verb.LOOK_BACK)
def edit(visit: Here) -> Response:
    name = visit.request.query_params.get("name", "")
    texts = {each.name: each.text for each in list_templates(visit.office)}
    return _templates(visit, name if name in texts else "", texts.get(name, EXAMPLE))


@pages.post("/lookbacks/templates/save", permission=Verb.LOOK_BACK)
def save(visit: Here, form: Sent) -> Response:
    name, text = form.text("name"), form.text("text")
    try:
        save_template(visit.office, name, text, by=visit.by, at=visit.at)
    except Trouble as trouble:
        return _templates(visit, name, text, trouble=trouble)
    return visit.redirect("/lookbacks/templates?done=1")


@pages.post("/lookbacks/templates/retire", permission=Verb.LOOK_BACK)
def retire(visit: Here, form: Sent) -> Response:
    retire_template(visit.office, form.text("name"), by=visit.by, at=visit.at)
    return visit.redirect("/lookbacks/templates?done=1")


def _timing(form: Form) -> str:
    return f"{form.text('when')}:{form.text('nth').strip()}"


def _clusters(form: Form) -> str:
    """Return what was ticked; of nothing, whether all are drawn together or each by itself."""
    ticked = [name.removeprefix("at-") for name in form.texts if name.startswith("at-")]
    return ",".join(ticked) or form.text("clusters")


def _schedules(
    visit: Visit, *, trouble: Trouble | None = None, form: Form | None = None
) -> Response:
    listed = list_schedules(visit.office, by=visit.by, as_of=visit.at)
    return visit.page(
        "schedules.html", status=status_of(trouble) if trouble else 200, listed=listed,
        timing=Timing.parse, kinds=TimingKind, templates=list_templates(visit.office),
        trouble=trouble, typed=form.texts if form else {},
        typed_clusters=_clusters(form) if form else "",
        clusters=list_clusters(visit.office),
        done=bool(visit.request.query_params.get("done")),
    )  # fmt: skip


def _templates(visit: Visit, name: str, text: str, *, trouble: Trouble | None = None) -> Response:
    list_schedules(visit.office, by=visit.by, as_of=visit.at)  # who may not see them is refused
    line = line_of(text, trouble) if trouble else None
    return visit.page(
        "lookback_templates.html", status=status_of(trouble) if trouble else 200,
        templates=list_templates(visit.office), name=name, text=text, trouble=trouble, line=line,
        excerpt=around(text, line) if line else [],
        done=bool(visit.request.query_params.get("done")),
    )  # fmt: skip
