"""上报: a photo, a category, the place and a few words, from a phone beside the hazard."""

from urllib.parse import urlencode

from fastapi import Response

from casework.events import Door
from casework.forms import read_day, read_word
from casework.intake import Report
from casework.reach import list_reach
from casework.reports import report
from models import Place, Shows
from rules.access import Verb
from rules.case import Level
from rules.wording import Trouble
from web.forms import Form, Sent
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
    return _page(visit, {name: query.get(name, "") for name in _PRESET}, None)


@pages.post("/report", permission=Verb.REPORT)
def tell(visit: Here, form: Sent) -> Response:
    try:
        number = _report(visit, form)
    except Trouble as trouble:
        return _page(visit, dict(form.texts), trouble)
    return visit.redirect(f"/case/{number}?" + urlencode({"done": "report"}))


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


def _page(visit: Visit, typed: dict[str, str], trouble: Trouble | None) -> Response:
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.REPORT)
    units = [each for each in places if each.kind is Place.UNIT]
    return visit.page(
        "report.html", status=status_of(trouble) if trouble else 200, trouble=trouble,
        typed=typed, units=units, categories=visit.policy.categories, icons=ICONS,
        levels=list(Level),
    )  # fmt: skip
