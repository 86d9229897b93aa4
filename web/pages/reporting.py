"""上报: a photo, a category, the place and a few words, from a phone beside the hazard."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import Response
from starlette.responses import FileResponse

from casework.asking.similar import similar_cases
from casework.errors import Refused
from casework.events import Door
from casework.forms import read_day, read_word
from casework.intake import Report
from casework.locations import list_locations
from casework.people import find_unit
from casework.reach import list_reach
from casework.reports import report
from models import Place, Shows
from rules.access import Verb
from rules.case import Level
from rules.wording import Trouble, Wording
from web.forms import Form, Sent
from web.permission import Anyone
from web.rendering import STATIC
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

# The icon of a category, by its key in the policy that comes with the product.
ICONS = {
    "fire": "fire", "school_bus": "bus-front", "laboratory": "eyedropper", "food": "cup-hot",
    "building": "building", "facility": "tools", "electricity": "lightning-charge",
    "security": "shield-lock", "surroundings": "signpost-2", "bullying": "people",
    "management": "journal-check",
}  # fmt: skip
_PRESET = ("unit", "category", "location", "description")


@pages.get("/report", permission=Verb.REPORT)
def ask(visit: Here) -> Response:
    """The address may fill fields in: a QR code on a wall does."""
    query = visit.request.query_params
    return _page(visit, {name: query.get(name, "") for name in _PRESET})


@pages.get("/report/form", permission=Verb.REPORT)
def keep(visit: Here) -> Response:
    """The form as a browser keeps it for where there is no connection: it names nobody."""
    return _page(visit, {}, kept=True)


@pages.get("/report/worker.js", permission=Anyone.ANYBODY)
def work(_visit: Here) -> Response:
    """The script that opens the kept form; it may answer for ``/report`` above its own folder."""
    return FileResponse(
        STATIC / "report-worker.js", media_type="text/javascript",
        headers={"Service-Worker-Allowed": "/report", "Cache-Control": "no-cache"},
    )  # fmt: skip


@pages.get("/report/similar", permission=Verb.REPORT)
def compare(visit: Here) -> Response:
    """Open cases of the unit that may be of the same hazard, asked for while one types."""
    return visit.page("similar.html", similar=_similar(visit, visit.request.query_params))


@pages.post("/report", permission=Verb.REPORT)
def tell(visit: Here, form: Sent) -> Response:
    if form.text("person") not in ("", visit.by):
        return _page(visit, dict(form.texts), _another(), status=401)
    try:
        if similar := _not_seen(visit, form):
            return _page(visit, dict(form.texts), similar=similar)
        number = _report(visit, form)
    except Trouble as trouble:
        return _page(visit, dict(form.texts), _spent() if trouble.where == "key" else trouble)
    return visit.redirect(f"/case/{number}?" + urlencode({"done": "report"}))


def _another() -> Trouble:
    """Somebody else typed this: two share a phone, one signed out. It waits for whoever it was."""
    return Refused(
        Wording("填写人与当前登录人不同", "somebody else than you typed this"),
        remedy=Wording("请由填写人登录后提交。", "Whoever typed it signs in and sends it."),
    )


def _not_seen(visit: Visit, form: Form) -> Sequence[Mapping[str, Any]]:
    """Return what may be the same hazard, unless the form has shown all of it already.

    A draft that is sent by itself asks nobody: its hazard waits for a connection since long.
    """
    if form.text("again") or form.text("later"):
        return []
    similar = _similar(visit, form.texts)
    seen = set(form.text("seen").split(","))
    to_ask = {each["number"] for each in similar} - seen
    # The very same is refused with words of its own.
    return similar if to_ask and not any(each["same"] for each in similar) else []


def _similar(visit: Visit, typed: Mapping[str, str]) -> Sequence[Mapping[str, Any]]:
    return similar_cases(
        visit.office, typed.get("unit", ""), typed.get("description", ""), by=visit.by,
        location=typed.get("location", ""),
    )  # fmt: skip


def _spent() -> Trouble:
    """A key that was used: what was typed first is reported, and was changed afterwards."""
    return Refused(
        Wording("这份上报此前已经收到", "this report was received before"),
        remedy=Wording("请在案件列表中查看，需要补充的写在案件里。",
                       "Find it among the cases, and add to it there."),
        where="key",
    )  # fmt: skip


def _report(visit: Visit, form: Form) -> str:
    told = Report(
        form.text("unit"), form.text("description"), form.text("category"),
        found_on=read_day(day, where="found_on") if (day := form.text("found_on")) else None,
        location=form.text("location"), measure=form.text("measure"),
        level=read_word(Level, form.text("level") or Level.ORDINARY.value, where="level"),
    )  # fmt: skip
    files = form.keep(visit.office, "photo", Shows.BEFORE)
    moved = report(
        visit.office, told, by=visit.by, at=visit.at, door=Door.PAGE,
        key=form.text("key") or None, files=files, again=bool(form.text("again")),
    )  # fmt: skip
    return moved.number


def _page(
    visit: Visit,
    typed: dict[str, str],
    trouble: Trouble | None = None,
    *,
    similar: Sequence[Mapping[str, Any]] = (),
    kept: bool = False,
    status: int = 0,
) -> Response:
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.REPORT)
        units = [each for each in places if each.kind is Place.UNIT]
        chosen = units[0].code if len(units) == 1 else typed.get("unit", "")
        known = any(each.code == chosen for each in units)
        spots = list_locations(connection, find_unit(connection, chosen)) if known else []
    return visit.page(
        "report.html", status=status or (status_of(trouble) if trouble else 200),
        trouble=trouble, typed=typed, units=units, categories=visit.policy.categories, icons=ICONS,
        levels=list(Level), similar=similar, kept=kept,
        locations=spots,
    )  # fmt: skip
