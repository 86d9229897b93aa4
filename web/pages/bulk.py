"""批量办理: cases ticked in a list, or all it finds; foreseen, confirmed, told row by row."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Response

from casework.bulk.choosing import Chosen, Pick, actions_for, choose, read_picks, write_picks
from casework.bulk.foreseeing import Foreseen, foresee_all
from casework.bulk.moving import find_run, move_all
from casework.bulk.results import result_of, write_results
from casework.errors import NotFound
from casework.events import Door
from rules.access import Verb
from rules.actions import Action, Given
from rules.lifecycle import Offer
from rules.moves import TABLE
from rules.wording import Trouble, Wording
from web.downloads import send_made
from web.forms import Form, Sent, bad_choice
from web.listing import read_view, view_of
from web.offers import ActionForm, Kind, form_of
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_OURS = ("case", "action", "all")


@pages.get("/cases/bulk", permission=Verb.VIEW)
def preview(visit: Here) -> Response:
    """Show what would become of each case; nothing is done yet."""
    query = visit.request.query_params
    back = urlencode([each for each in query.multi_items() if each[0] not in _OURS])
    action = _action(visit, query.get("action", ""))
    chosen: Chosen = [Pick(each) for each in query.getlist("case")]
    if query.get("all"):
        chosen = read_view(query).wanted
    try:
        foreseen = foresee_all(
            visit.office, action, {}, choose(visit.office, chosen, by=visit.by, as_of=visit.at),
            by=visit.by, as_of=visit.at,
        )  # fmt: skip
    except Trouble as trouble:
        return _page(visit, action, back, [], trouble=trouble)
    return _page(visit, action, back, foreseen)


@pages.post("/cases/bulk", permission=Verb.VIEW)
def act(visit: Here, form: Sent) -> Response:
    action = _action(visit, form.text("action"))
    picks, typed, back = read_picks(form.text("picks")), _typed(form, action), form.text("back")
    try:
        if form.text("step") == "check":
            foreseen = foresee_all(visit.office, action, typed, picks, by=visit.by, as_of=visit.at)
            return _page(visit, action, back, foreseen, typed=form.texts)
        run = move_all(
            visit.office, action, typed, picks, by=visit.by, at=visit.at, door=Door.PAGE,
            token=form.text("key"),
        )  # fmt: skip
    except Trouble as trouble:
        foreseen = _again(visit, action, picks)
        return _page(visit, action, back, foreseen, trouble=trouble, typed=form.texts)
    address = urlencode({"back": back} if back else {})
    done = f"/cases/bulk/{quote(run.token, safe='')}"
    return visit.redirect(f"{done}?{address}" if address else done)


@pages.get("/cases/bulk/{run}", permission=Verb.VIEW)
def show(visit: Here, run: str) -> Response:
    found = find_run(visit.office, run, by=visit.by)
    back = view_of(visit.request.query_params.get("back", "")).address()
    return visit.page("bulk_done.html", run=found, back=back, result_of=result_of)


@pages.get("/cases/bulk/{run}/results.{ending}", permission=Verb.VIEW)
def download(visit: Here, run: str, ending: str) -> Response:
    if ending not in ("csv", "xlsx"):
        raise NotFound(Wording("没有这种文件", "there is no such file"), where="format")
    found = find_run(visit.office, run, by=visit.by)
    return send_made(
        f"bulk-{found.action.value}.{ending}",
        lambda path: write_results(found, path, visit.locale),
    )


def _action(visit: Visit, named: str) -> Action:
    """Return the action asked for, if the person's roles may ever do it to many."""
    if named not in actions_for(visit.actor):
        raise bad_choice("action")
    return Action(named)


def _typed(form: Form, action: Action) -> dict[str, str]:
    row = TABLE[action]
    fields = [each.value for each in (*row.needs, *row.may) if each is not Given.EVIDENCE]
    said = {name: "\n".join(filter(str.strip, (form.text(f"phrase-{name}"), form.text(name))))
            for name in fields}  # fmt: skip
    return {name: text for name, text in said.items() if text}


def _again(visit: Visit, action: Action, picks: Sequence[Pick]) -> list[Foreseen]:
    try:
        return foresee_all(visit.office, action, {}, picks, by=visit.by, as_of=visit.at)
    except Trouble:
        return []


def _page(
    visit: Visit,
    action: Action,
    back: str,
    foreseen: Sequence[Foreseen],
    *,
    trouble: Trouble | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    form = _form(action)
    at_field = trouble.where if trouble and _has(form, trouble.where) else ""
    shown: dict[str, Any] = {"typed": typed or {}, "trouble": trouble, "at_field": at_field}
    return visit.page(
        "bulk.html", status=status_of(trouble) if trouble else 200, form=form, foreseen=foreseen,
        can=sum(each.may for each in foreseen), back=back,
        picks=write_picks([each.pick() for each in foreseen]),
        back_to=view_of(back).address(), kinds=Kind, **shown,
    )  # fmt: skip


def _form(action: Action) -> ActionForm:
    """Return the form of an action said of many: files belong to one case."""
    row = TABLE[action]
    may = tuple(each for each in row.may if each is not Given.EVIDENCE)
    return form_of(Offer(action, row.needs, may))


def _has(form: ActionForm, name: str) -> bool:
    return any(each.name == name for each in form.fields)
