"""地点: a unit's own list, and the sheet of QR codes that lead from a wall to the report's form."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import Response
from markupsafe import Markup

from casework.documents.codes import code_inline
from casework.events import Door
from casework.locations import (
    add_locations,
    list_locations,
    require_keeper,
    retire_location,
    told_locations,
)
from casework.people import Unit
from casework.reach import list_reach
from casework.staffing import Hand
from models import Place
from rules.access import Verb
from rules.wording import Trouble
from web.forms import Sent
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()


class Code(NamedTuple):
    """A QR code for a wall: where it hangs ('' for the whole unit), its picture, its address."""

    location: str
    drawn: Markup
    address: str


@pages.get("/locations", permission=Verb.LOCATE)
def list_(visit: Here) -> Response:
    return _page(visit, visit.request.query_params.get("unit", ""))


@pages.post("/locations/add", permission=Verb.LOCATE)
def add(visit: Here, form: Sent) -> Response:
    unit, names = form.text("unit"), form.text("names")
    try:
        add_locations(visit.office, unit, names, _hand(visit))
    except Trouble as trouble:
        return _page(visit, unit, trouble=trouble, typed=names)
    return _back(visit, unit)


@pages.post("/locations/retire", permission=Verb.LOCATE)
def retire(visit: Here, form: Sent) -> Response:
    unit = form.text("unit")
    try:
        retire_location(visit.office, unit, form.text("name"), _hand(visit))
    except Trouble as trouble:
        return _page(visit, unit, trouble=trouble)
    return _back(visit, unit)


@pages.get("/locations/sheet", permission=Verb.LOCATE)
def print_(visit: Here) -> Response:
    """A page to print and cut: a code for the unit, and one for each of its locations."""
    with visit.office.reading() as connection:
        asked = visit.request.query_params.get("unit", "")
        unit = require_keeper(connection, visit.actor, asked)
        names = list_locations(connection, unit)
    codes = [_code(visit, unit, each) for each in ("", *names)]
    return visit.page("location_sheet.html", unit=unit, codes=codes)


def _page(visit: Visit, asked: str, *, trouble: Trouble | None = None, typed: str = "") -> Response:
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.LOCATE)
        units = [each for each in places if each.kind is Place.UNIT]
        chosen = asked or (units[0].code if len(units) == 1 else "")
        unit = require_keeper(connection, visit.actor, chosen) if chosen else None
        names: Sequence[str] = list_locations(connection, unit) if unit else []
        told: Sequence[str] = told_locations(connection, unit) if unit else []
    return visit.page(
        "locations.html", status=status_of(trouble) if trouble else 200, trouble=trouble,
        units=units, unit=unit, names=names, told=told, typed=typed,
        done=bool(visit.request.query_params.get("done")),
    )  # fmt: skip


def _code(visit: Visit, unit: Unit, location: str) -> Code:
    asked = {"unit": unit.code} | ({"location": location} if location else {})
    url = visit.request.url
    base = f"{'https' if visit.settings.https else url.scheme}://{url.netloc}"
    address = f"{base}/report?{urlencode(asked)}"
    # Only squares: the address is in them, not written.
    return Code(location, Markup(code_inline(address)), address)  # noqa: S704 — see above


def _back(visit: Visit, unit: str) -> Response:
    return visit.redirect("/locations?" + urlencode({"unit": unit, "done": 1}))


def _hand(visit: Visit) -> Hand:
    return Hand(visit.by, visit.at, Door.PAGE)
