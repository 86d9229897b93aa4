"""The list of cases: filters, order and page in the address, so that a link shows the same."""

from typing import Any
from urllib.parse import urlencode

from fastapi import Response

from casework.case_list import Filter, count_cases, list_cases
from casework.list_pages import Order
from casework.reach import list_reach
from rules.access import Role, Verb
from rules.case import Level, State
from rules.deadlines import Stage
from rules.wording import Trouble
from web.queries import query_of, read_query
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_PAGE = 25
_HOLDERS = (Role.OWNER, Role.HEAD, Role.VERIFIER, Role.CLUSTER, Role.COMMITTEE)
_ALWAYS_SHOWN = frozenset({"text", "state", "order", "overdue", "listed"})


@pages.get("/cases", permission=Verb.VIEW)
def list_(visit: Here) -> Response:
    query = visit.request.query_params
    try:
        wanted, order = read_query(query)
        found = list_cases(
            visit.office, wanted, by=visit.by, as_of=visit.at, order=order,
            after=query.get("after", ""), size=_PAGE,
        )  # fmt: skip
        total = count_cases(visit.office, wanted, by=visit.by, as_of=visit.at)
    except Trouble as trouble:
        shown = {"rows": [], "total": 0, "following": "", "trouble": trouble}
        return _page(visit, Filter(), Order.NEWEST, status_of(trouble), shown)
    kept = query_of(wanted, order)
    following = f"/cases?{urlencode({**kept, 'after': found.after})}" if found.after else ""
    shown = {"rows": found.rows, "total": total, "following": following, "trouble": None}
    return _page(visit, wanted, order, 200, shown)


def _page(
    visit: Visit, wanted: Filter, order: Order, status: int, shown: dict[str, Any]
) -> Response:
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.VIEW)
    chosen = query_of(wanted, order)
    return visit.page(
        "cases.html", status=status, wanted=wanted, order=order, places=places,
        categories=visit.policy.categories, labels=visit.category_labels,
        states=list(State), stages=list(Stage), levels=list(Level), holders=_HOLDERS,
        first="/cases?" + urlencode(chosen), files=_files(chosen),
        paged="after" in visit.request.query_params,
        narrowed=set(chosen) - {"order"}, hidden=set(chosen) - _ALWAYS_SHOWN, **shown,
    )  # fmt: skip


def _files(chosen: dict[str, str]) -> list[tuple[str, str]]:
    """Return the addresses of the list as a file, each with its ending."""
    query = urlencode(chosen)
    return [(f"/cases.{ending}?{query}", ending) for ending in ("xlsx", "csv", "json")]
