"""校车监管: today's board, daily bulletins, violations and vetoes, each as far as one may see."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Response
from pydantic import Field as Within

from casework.buses.fleet import BUS, KINDS
from casework.buses.looking import list_bulletins, open_board, open_bulletin
from casework.buses.sheets import write_bulletin, write_violations
from casework.buses.vetoes import list_vetoes
from casework.buses.vetoing import Which, lift, veto
from casework.buses.violations import EVERY, Narrow, list_violations
from casework.events import Door
from casework.forms import read_day
from casework.registers.places import find_kind
from rules.access import Verb
from rules.buses.sightings import Stray
from rules.wording import Trouble
from web.downloads import send_made
from web.forms import Form, Sent, bad_choice
from web.permission import is_permitted
from web.registers import places_of, record_link
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

Day = Annotated[str, Within(min_length=1, max_length=10)]
_PAGE = 50
_TYPED = ("done", "act", "kind", "key", "unit", "reason")
_ACTS = {"veto": veto, "lift": lift}


@pages.get("/buses", permission=Verb.VIEW)
def board(visit: Here) -> Response:
    found = open_board(visit.office, by=visit.by, at=visit.at)
    return visit.page(
        "buses.html", board=found, faults=Stray, link=record_link, bus=BUS,
        vetoes=list_vetoes(visit.office, by=visit.by),
        bulletins=list_bulletins(visit.office, by=visit.by), may_veto=_may_veto(visit),
    )  # fmt: skip


@pages.get("/buses/bulletin/{day}", permission=Verb.VIEW)
def bulletin(visit: Here, day: Day) -> Response:
    found = open_bulletin(visit.office, read_day(day, where="day"), by=visit.by)
    return visit.page("bus_bulletin.html", bulletin=found, faults=Stray)


@pages.get("/buses/bulletin/{day}/sheet.{ending}", permission=Verb.VIEW)
def bulletin_sheet(visit: Here, day: Day, ending: str) -> Response:
    named = read_day(day, where="day")

    def write(path: Path) -> object:
        return write_bulletin(visit.office, named, path, visit.taking)

    return send_made(f"bus-bulletin-{named}.{ending}", write)


@pages.get("/buses/violations", permission=Verb.VIEW)
def violations(visit: Here) -> Response:
    query = visit.request.query_params
    narrow, shown = EVERY, dict[str, Any](rows=(), following="", trouble=None)
    try:
        narrow = _narrow(visit)
        found = list_violations(
            visit.office, by=visit.by, narrow=narrow, size=_PAGE, after=query.get("after", "")
        )
        following = _address(narrow, after=found.after) if found.after else ""
        shown |= {"rows": found.rows, "following": following}
    except Trouble as trouble:
        shown["trouble"] = trouble
    return _violations(visit, narrow, shown)


@pages.get("/buses/violations.{ending}", permission=Verb.VIEW)
def violation_sheet(visit: Here, ending: str) -> Response:
    narrow = _narrow(visit)

    def write(path: Path) -> object:
        return write_violations(visit.office, narrow, path, visit.taking)

    return send_made(f"bus-violations-{visit.at:%Y%m%d}.{ending}", write)


@pages.get("/buses/vetoes", permission=Verb.VIEW)
def vetoes(visit: Here) -> Response:
    return _vetoes(visit, visit.request.query_params)


@pages.post("/buses/vetoes/{act}", permission=Verb.SWEEP)
def act_on_veto(visit: Here, form: Sent, act: str) -> Response:
    """Veto, or lift one; the reason stands in the record's history."""
    if act not in _ACTS:
        raise bad_choice("act")
    try:
        _ACTS[act](
            visit.office, _which(form), form.text("reason"), by=visit.by, at=visit.at,
            door=Door.PAGE,
        )  # fmt: skip
    except Trouble as trouble:
        return _vetoes(visit, {**form.texts, "act": act}, trouble)
    return visit.redirect(f"/buses/vetoes?done={act}")


def _which(form: Form) -> Which:
    return Which(form.text("kind"), form.text("key"), form.text("unit"))


def _vetoes(visit: Visit, typed: Mapping[str, str], trouble: Trouble | None = None) -> Response:
    kinds = [find_kind(key) for key in KINDS]
    return visit.page(
        "bus_vetoes.html", status=status_of(trouble) if trouble else 200, trouble=trouble,
        typed={name: typed.get(name, "") for name in _TYPED}, link=record_link,
        standing=list_vetoes(visit.office, by=visit.by), may_veto=_may_veto(visit),
        lifted=list_vetoes(visit.office, by=visit.by, lifted=True),
        kinds=kinds, named={each.key: each.label for each in kinds},
    )  # fmt: skip


def _violations(visit: Visit, narrow: Narrow, shown: dict[str, Any]) -> Response:
    trouble: Trouble | None = shown["trouble"]
    places = places_of(visit, find_kind(BUS))
    return visit.page(
        "bus_violations.html", status=status_of(trouble) if trouble else 200, narrow=narrow,
        places=[(each.code, each.name) for each in places], link=record_link, bus=BUS,
        paged="after" in visit.request.query_params, first=_address(narrow),
        files=[(_address(narrow, f".{each}"), each) for each in ("xlsx", "csv")], **shown,
    )  # fmt: skip


def _narrow(visit: Visit) -> Narrow:
    """Return what is asked for; raise Invalid for a day that is none."""
    query = visit.request.query_params
    since, until = (
        read_day(query[name], where=name) if query.get(name) else None
        for name in ("since", "until")
    )
    return Narrow(query.get("place", ""), query.get("text", "").strip(), since, until)


def _address(narrow: Narrow, ending: str = "", **more: str) -> str:
    asked = {name: str(value) for name, value in narrow._asdict().items() if value} | more
    return f"/buses/violations{ending}" + (f"?{urlencode(asked)}" if asked else "")


def _may_veto(visit: Visit) -> bool:
    return is_permitted(Verb.SWEEP, visit.actor)
