"""应办事项: what must be done by a day, listed, opened, and let off by who may."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import Response

from casework.duties.ending import waive
from casework.duties.listing import DutyFilter, count_duties, list_duties, show_duty
from casework.events import Door
from casework.forms import read_day
from casework.people import find_unit
from casework.reach import list_reach
from rules.access import Verb
from rules.duties.acts import Counted
from rules.duties.kinds import kinds
from rules.wording import Trouble
from rules.workdays import china_day
from web.forms import Sent, bad_choice
from web.permission import Anyone
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_PAGE = 25
_FLAGS = ("late", "mine", "ended")
_DAYS = ("since", "until")


@pages.get("/duties", permission=Anyone.SIGNED_IN)
def list_(visit: Here) -> Response:
    query, today = visit.request.query_params, china_day(visit.at)
    try:
        wanted = _wanted(query)
        found = list_duties(
            visit.office, by=visit.by, today=today, wanted=wanted, size=_PAGE,
            after=query.get("after", ""),
        )  # fmt: skip
        total = count_duties(visit.office, by=visit.by, today=today, wanted=wanted)
    except Trouble as trouble:
        shown = {"rows": [], "total": 0, "following": "", "trouble": trouble}
        return _list(visit, DutyFilter(), status_of(trouble), shown)
    kept = _query(wanted)
    following = f"/duties?{urlencode({**kept, 'after': found.after})}" if found.after else ""
    shown = {"rows": found.rows, "total": total, "following": following, "trouble": None}
    return _list(visit, wanted, 200, shown)


@pages.get("/duty", permission=Anyone.SIGNED_IN)
def show(visit: Here, kind: str = "", key: str = "") -> Response:
    return _one(visit, kind, key)


@pages.post("/duty/waive", permission=Verb.SWEEP)
def let_off(visit: Here, form: Sent) -> Response:
    kind, key, reason = form.text("kind"), form.text("key"), form.text("reason")
    try:
        waive(visit.office, kind, key, reason, by=visit.by, at=visit.at, door=Door.PAGE)
    except Trouble as trouble:
        return _one(visit, kind, key, trouble=trouble)
    return visit.redirect("/duty?" + urlencode({"kind": kind, "key": key}))


def _wanted(query: Mapping[str, str]) -> DutyFilter:
    """Return what the address asks for; raise Invalid for a day or choice that is none."""
    late, mine, ended = (query.get(name) == "1" for name in _FLAGS)
    since, until = (
        read_day(query[name], where=name) if query.get(name) else None for name in _DAYS
    )
    counted = query.get("counted", "")
    if counted and counted not in set(Counted):
        raise bad_choice("counted")
    return DutyFilter(
        query.get("kind", ""), query.get("place", ""), late, mine, ended, since, until,
        Counted(counted) if counted else None,
    )  # fmt: skip


def _list(visit: Visit, wanted: DutyFilter, status: int, shown: dict[str, Any]) -> Response:
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.VIEW)
    chosen = _query(wanted)
    return visit.page(
        "duties.html", status=status, wanted=wanted, places=places, kinds=list(kinds().values()),
        first="/duties?" + urlencode(chosen), narrowed=bool(chosen),
        paged="after" in visit.request.query_params, **shown,
    )  # fmt: skip


def _one(visit: Visit, kind: str, key: str, *, trouble: Trouble | None = None) -> Response:
    duty = show_duty(visit.office, kind, key, by=visit.by, today=china_day(visit.at))
    with visit.office.reading() as connection:
        path = find_unit(connection, duty["unit_code"]).path
    return visit.page(
        "duty.html", status=status_of(trouble) if trouble else 200, duty=duty, trouble=trouble,
        may_waive=duty["state"] == "open" and visit.actor.may(Verb.SWEEP, path),
    )  # fmt: skip


def _query(wanted: DutyFilter) -> dict[str, str]:
    flags = {name: "1" for name in _FLAGS if getattr(wanted, name)}
    texts = {name: getattr(wanted, name) for name in ("kind", "place", *_DAYS, "counted")}
    return {name: str(text) for name, text in texts.items() if text} | flags
