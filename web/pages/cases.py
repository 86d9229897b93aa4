"""The list of cases: filters, order, columns and page in the address: a link shows the same."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from fastapi import Response

from casework.asking.facets import ON_TIME, Facet, count_facets
from casework.asking.saved import list_views, remove_view, save_view
from casework.bulk.choosing import actions_for
from casework.case_list import Filter, count_cases, list_cases
from casework.list_pages import Order
from casework.reach import list_reach
from rules.access import Role, Verb
from rules.bulk import MOST
from rules.case import Level, State
from rules.deadlines import Stage
from rules.wording import Trouble, Wording
from web.forms import Sent
from web.listing import OFFERED, SORTS, USUAL, View, read_view, view_of
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_PAGE = 25
_FACETS_SHOWN = 12
_HOLDERS = (Role.OWNER, Role.HEAD, Role.VERIFIER, Role.CLUSTER, Role.COMMITTEE)
_ALWAYS_SHOWN = frozenset({"text", "state", "order", "overdue", "listed", "columns"})
_EVERYTHING = View(Filter(), Order.NEWEST, ())
# What each facet narrows a list by.
_NARROWS = {"cluster": "place", "unit": "place", "category": "category", "level": "level",
            "state": "state", "holder": "holder"}  # fmt: skip
_FACET_LABELS = {
    "cluster": Wording("片区", "Cluster"), "unit": Wording("单位", "Unit"),
    "category": Wording("品目", "Category"), "level": Wording("等级", "Level"),
    "state": Wording("状态", "State"), "holder": Wording("在等", "Waiting for"),
    "overdue": Wording("逾期", "Late"),
}  # fmt: skip
_WORDS = {"level": Level, "state": State, "holder": Role}


class Value(NamedTuple):
    """A value of a facet: what it is called, how many have it, where they are listed."""

    word: Wording
    n: int
    link: str


@pages.get("/cases", permission=Verb.VIEW)
def list_(visit: Here) -> Response:
    query = visit.request.query_params
    try:
        view = read_view(query)
        shown = _found(visit, view, query.get("after", ""), facets="facets" in query)
    except Trouble as trouble:
        nothing = {"rows": [], "total": 0, "following": "", "facets": None}
        return _page(visit, _EVERYTHING, trouble, nothing)
    return _page(visit, view, None, shown)


@pages.post("/cases/views", permission=Verb.VIEW)
def save(visit: Here, form: Sent) -> Response:
    """Keep the view as it is written anew, so that only what we can read is kept."""
    view = view_of(form.text("view"))
    save_view(
        visit.office, form.text("name"), urlencode(view.query()), by=visit.by, at=visit.at,
        shared=bool(form.text("shared")),
    )  # fmt: skip
    return visit.redirect(view.address())


@pages.post("/cases/views/remove", permission=Verb.VIEW)
def remove(visit: Here, form: Sent) -> Response:
    remove_view(visit.office, form.text("name"), by=visit.by)
    return visit.redirect(view_of(form.text("view")).address())


def _found(visit: Visit, view: View, after: str, *, facets: bool) -> dict[str, Any]:
    found = list_cases(
        visit.office, view.wanted, by=visit.by, as_of=visit.at, order=view.order, after=after,
        size=_PAGE, more=view.more,
    )  # fmt: skip
    return {
        "rows": found.rows,
        "total": count_cases(visit.office, view.wanted, by=visit.by, as_of=visit.at),
        "following": view.address(after=found.after) if found.after else "",
        "facets": _facets(visit, view) if facets else None,
    }


def _page(visit: Visit, view: View, trouble: Trouble | None, shown: dict[str, Any]) -> Response:
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.VIEW)
    chosen = view.query()
    return visit.page(
        "cases.html", status=status_of(trouble) if trouble else 200, trouble=trouble, view=view,
        wanted=view.wanted, order=view.order, places=places, orders=list(Order),
        categories=visit.policy.categories, labels=visit.category_labels, offered=OFFERED,
        ticked=view.columns or USUAL, sorts=_sorts(view), saved=_saved(visit, view),
        may_share=bool(visit.actor.reach(Verb.ADMINISTER)), actions=actions_for(visit.actor),
        most=MOST, states=list(State), stages=list(Stage), levels=list(Level), holders=_HOLDERS,
        chosen=chosen, cleared=view._replace(wanted=Filter()).address(), files=_files(view),
        paged="after" in visit.request.query_params,
        narrowed=set(chosen) - {"order", "columns"}, hidden=set(chosen) - _ALWAYS_SHOWN, **shown,
    )  # fmt: skip


def _saved(visit: Visit, view: View) -> list[dict[str, Any]]:
    """Return the saved views; of the one that is open it is said."""
    here = urlencode(view.query())
    return [
        {"name": each.name, "link": f"/cases?{each.query}" if each.query else "/cases",
         "mine": each.owner == visit.by, "owner": each.owner, "shared": each.shared,
         "here": each.query == here}
        for each in list_views(visit.office, by=visit.by)
    ]  # fmt: skip


def _sorts(view: View) -> dict[str, tuple[str, bool]]:
    """Return where the heading of a column leads, and whether the list is sorted so."""
    return {
        key: (view._replace(order=order).address(), view.order is order)
        for key, order in SORTS.items()
    }


def _files(view: View) -> list[tuple[str, str]]:
    """Return the addresses of the list as a file, each with its ending."""
    return [(view.address(f"/cases.{ending}"), ending) for ending in ("xlsx", "csv", "json")]


def _facets(visit: Visit, view: View) -> list[tuple[Wording, list[Value]]]:
    counted = count_facets(visit.office, view.wanted, by=visit.by, as_of=visit.at)
    found = [
        (_FACET_LABELS[name], [_value(visit, view, name, each) for each in facets[:_FACETS_SHOWN]])
        for name, facets in counted.items()
        if name in _NARROWS and facets
    ]
    late = sum(each.count for each in counted["overdue"] if each.value != ON_TIME)
    if late:
        link = _narrowed(view, {"overdue": "1"})
        found.append((_FACET_LABELS["overdue"], [Value(_FACET_LABELS["overdue"], late, link)]))
    return found


def _value(visit: Visit, view: View, name: str, facet: Facet) -> Value:
    link = _narrowed(view, {_NARROWS[name]: facet.value})
    return Value(_called(name, facet, visit.category_labels), facet.count, link)


def _narrowed(view: View, more: Mapping[str, str]) -> str:
    return view.address(**more, facets="1")


def _called(name: str, facet: Facet, categories: Mapping[str, Wording]) -> Wording:
    if name in _WORDS:
        label: Wording = _WORDS[name](facet.value).label  # type: ignore[attr-defined] # all three have labels
        return label
    called = facet.name or facet.value
    return categories.get(facet.value, Wording(called, called))
