"""当时: a list, or one case, as of a moment; who knew; and the whole of a case's history."""

from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Response

from casework.auditing.as_of import case_as_of
from casework.auditing.past_list import count_as_of, list_as_of
from casework.auditing.timeline import open_timeline
from casework.case_list import Filter
from casework.events import Door
from casework.exporting.archive import pack_case
from casework.reach import list_reach
from rules.access import Verb
from rules.case import Level, State
from rules.looking import Look
from rules.wording import Trouble
from web.downloads import send_made
from web.looking import record_look
from web.moments import moment_in, picked
from web.pages.asking import fault_of
from web.queries import query_of, read_query
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_PAGE = 25


@pages.get("/audit/as-of", permission=Verb.VIEW)
def look(visit: Here) -> Response:
    query = visit.request.query_params
    number = query.get("number", "").strip()
    if number:
        kept = {name: query[name] for name in ("at", "why") if query.get(name)}
        return visit.redirect(f"/audit/as-of/{quote(number, safe='')}?{urlencode(kept)}")
    try:
        shown = {"trouble": None, **_listed(visit)}
    except Trouble as fault:
        shown = {**_NOTHING, "at": visit.at, "trouble": fault}
    trouble = shown["trouble"]
    return visit.page(
        "audit_as_of.html", status=status_of(trouble) if trouble else 200, picked=picked,
        asked=query.get("q", ""), fault=fault_of(query.get("q", ""), trouble),
        **_choices(visit), **shown,
    )  # fmt: skip


@pages.get("/audit/as-of/{number}", permission=Verb.VIEW)
def look_at_case(visit: Here, number: str) -> Response:
    at = moment_in(visit.request.query_params, "at") or visit.at
    found = case_as_of(visit.office, number, at, by=visit.by)
    record_look(visit, Look.AS_OF, {"case": found.number, "as_of": at.isoformat()})
    timeline = open_timeline(visit.office, number, by=visit.by, as_of=visit.at)
    return visit.page(
        "audit_case_as_of.html", found=found, was=found.case, at=at, picked=picked,
        moments=[(each["at"], each["said"], _address(number, each["at"]))
                 for each in timeline.entries],
        labels=visit.category_labels,
    )  # fmt: skip


@pages.get("/audit/case/{number}", permission=Verb.VIEW)
def tell(visit: Here, number: str) -> Response:
    found = open_timeline(visit.office, number, by=visit.by, as_of=visit.at)
    record_look(visit, Look.SHOW, {"case": found.number})
    return visit.page(
        "audit_timeline.html", found=found, then=lambda at: _address(found.number, at),
        opens_lookbacks=bool(visit.actor.reach(Verb.SEE_LOOKBACKS)),
    )  # fmt: skip


@pages.get("/audit/case/{number}/archive", permission=Verb.VIEW)
def pack(visit: Here, number: str) -> Response:
    """一案一档 as a ZIP; casework records that it left."""
    return send_made(
        "case.zip",
        lambda path: pack_case(
            visit.office, number, path, by=visit.by, as_of=visit.at, door=Door.PAGE
        ),
    )


def _address(number: str, at: Any) -> str:  # noqa: ANN401 — a moment of an event
    return f"/audit/as-of/{quote(number, safe='')}?{urlencode({'at': at.isoformat()})}"


_NOTHING: dict[str, Any] = {
    "wanted": Filter(), "counted": None, "rows": [], "following": "", "first": "",
    "state_link": None, "then": None, "marks": [],
}  # fmt: skip


def _listed(visit: Visit) -> dict[str, Any]:
    query = visit.request.query_params
    at, (wanted, _) = moment_in(query, "at") or visit.at, read_query(query)
    after, asked = query.get("after", ""), query.get("q", "")
    found = list_as_of(visit.office, wanted, at, by=visit.by, query=asked, after=after, size=_PAGE)
    counted = count_as_of(visit.office, wanted, at, by=visit.by, query=asked)
    seen = {"as_of": at.isoformat(), "rows": len(found.rows), "place": wanted.place}
    record_look(visit, Look.LIST, seen, typed=asked)
    kept = {**query_of(wanted), **({"q": asked} if asked else {}), "at": at.isoformat()}
    return {
        "at": at, "wanted": wanted, "counted": counted, "rows": found.rows,
        "first": _list_address(kept) if after else "",
        "following": _list_address({**kept, "after": found.after}) if found.after else "",
        "state_link": lambda state: _list_address({**kept, "state": state}),
        "then": lambda number: _address(number, at),
        "marks": [(name, _list_address({**kept, **asked})) for name, asked in _MARKS],
    }  # fmt: skip


_MARKS = (
    ("open", {"is_open": "1"}), ("overdue", {"overdue": "1"}), ("listed", {"listed": "1"}),
    ("major", {"level": "major"}),
)  # fmt: skip


def _list_address(kept: dict[str, str]) -> str:
    return f"/audit/as-of?{urlencode(kept)}"


def _choices(visit: Visit) -> dict[str, Any]:
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.VIEW)
    labels = visit.category_labels
    return {
        "places": places, "states": list(State), "levels": list(Level), "labels": labels,
        "categories": labels,
    }  # fmt: skip
