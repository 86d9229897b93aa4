"""访问记录: who looked at the audit, exported from it or revealed personal data, and why."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import Response

from casework.auditing.access import OVERSEERS, list_access
from rules.access import Verb
from rules.looking import Look
from rules.wording import Trouble
from web.forms import bad_choice
from web.looking import record_look
from web.moments import moment_in, opening_in, picked
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_PAGE = 50


@pages.get("/audit/access", permission=Verb.VIEW)
def list_(visit: Here) -> Response:
    try:
        shown: dict[str, Any] = {**_found(visit), "trouble": None}
    except Trouble as fault:
        shown = {"rows": [], "earlier": "", "trouble": fault, "since": None, "until": None}
    query, trouble = visit.request.query_params, shown["trouble"]
    return visit.page(
        "audit_access.html", status=status_of(trouble) if trouble else 200, looks=list(Look),
        person=query.get("person", ""), look=query.get("look", ""), picked=picked,
        moment_of=datetime.fromisoformat,
        sees_all=any(grant.role in OVERSEERS for grant in visit.actor.grants), **shown,
    )  # fmt: skip


def _found(visit: Visit) -> dict[str, Any]:
    query = visit.request.query_params
    since, until = opening_in(query, "since"), moment_in(query, "until")
    look, person = query.get("look", ""), query.get("person", "").strip()
    if look and look not in set(Look):
        raise bad_choice("look")
    rows = list_access(
        visit.office, by=visit.by, person=person, look=Look(look) if look else None, since=since,
        until=until, size=_PAGE + 1,
    )  # fmt: skip
    record_look(visit, Look.ACCESS, {"person": person, "rows": min(len(rows), _PAGE)})
    earlier = ""
    if len(rows) > _PAGE:
        kept = {name: query[name] for name in ("person", "look", "since") if query.get(name)}
        earlier = "/audit/access?" + urlencode({**kept, "until": rows[_PAGE]["at"].isoformat()})
    return {"rows": rows[:_PAGE], "earlier": earlier, "since": since, "until": until}
