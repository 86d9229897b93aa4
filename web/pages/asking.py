"""查询: cases by the one filter grammar, with facets, saved queries and exports."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Response

from casework.asking.facets import ON_TIME, Facet, count_facets
from casework.asking.saved import list_saved, remove_saved, save_query
from casework.asking.search import count_found, search
from casework.errors import NotFound
from casework.events import Door
from casework.exporting.export import Format, export
from rules.access import Role, Verb
from rules.case import Level, State
from rules.looking import Look
from rules.query import Query, QueryTrouble, Sort, parse
from rules.query.fields import FIELDS, SORT
from rules.query.refining import narrowed, sorted_by, without
from rules.wording import Trouble, Wording
from rules.workdays import CHINA
from web.downloads import send_made
from web.forms import Sent
from web.looking import record_look
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_PAGE = 25
_FACETS_SHOWN = 8
_OFFERED = (Format.CSV, Format.XLSX, Format.LINES)
_LABELLED = {"level": Level, "state": State, "holder": Role}
_EXAMPLES = (
    Wording("逾期:>10天 排序:时限", "overdue:>10d sort:due"),
    Wording("等级:重大 -状态:已销号", "level:major -state:closed"),
    Wording("曾逾期:>30天", "late:>30d"),
    Wording("挂牌:现在", "listed:now"),
    Wording("复发:是", "relapsed:yes"),
    Wording("延期:>1 灭火器", "extended:>1 灭火器"),
)


@pages.get("/audit", permission=Verb.VIEW)
def ask(visit: Here) -> Response:
    return _page(visit, visit.request.query_params.get("q", ""))


@pages.get("/audit/export.{ending}", permission=Verb.VIEW)
def export_found(visit: Here, ending: str) -> Response:
    """All that the query finds, as a file; casework records that it left."""
    if ending not in {each.value for each in _OFFERED}:
        raise NotFound(Wording("没有这种导出格式", "there is no such export"), where="format")
    asked = visit.request.query_params.get("q", "")
    name = f"bihuan-{visit.at.astimezone(CHINA):%Y%m%d-%H%M%S}.{ending}"
    return send_made(
        name,
        lambda path: export(
            visit.office, asked, path, by=visit.by, as_of=visit.at, door=Door.PAGE,
            locale=visit.locale,
        ),
    )  # fmt: skip


@pages.post("/audit/saved", permission=Verb.VIEW)
def save(visit: Here, form: Sent) -> Response:
    asked = form.text("q")
    try:
        kept = save_query(
            visit.office, form.text("name"), asked, by=visit.by, at=visit.at,
            shared=bool(form.text("shared")),
        )  # fmt: skip
    except Trouble as trouble:
        return _page(visit, asked, refused=trouble, name=form.text("name"))
    return visit.redirect(address(kept.query))


@pages.post("/audit/saved/remove", permission=Verb.VIEW)
def remove(visit: Here, form: Sent) -> Response:
    remove_saved(visit.office, form.text("name"), by=visit.by)
    return visit.redirect(address(form.text("q")))


def address(query: Query | str, **more: str) -> str:
    """Return where a query is asked."""
    told = {"q": str(query), **more}
    return "/audit?" + urlencode({name: value for name, value in told.items() if value})


def fault_of(asked: str, trouble: Trouble | None) -> dict[str, str] | None:
    """Return the query around the word that is at fault."""
    if not isinstance(trouble, QueryTrouble):
        return None
    start = trouble.column - 1
    end = max(start + 1, start + len(trouble.word))
    return {"before": asked[:start], "word": asked[start:end], "after": asked[end:]}


def _page(visit: Visit, asked: str, *, refused: Trouble | None = None, name: str = "") -> Response:
    try:
        shown: dict[str, Any] = {"trouble": None, **_found(visit, asked)}
    except Trouble as fault:
        shown = {**_NOTHING, "trouble": fault, "fault": fault_of(asked, fault)}
    trouble = refused or shown["trouble"]
    return visit.page(
        "audit.html", status=status_of(trouble) if trouble else 200, asked=asked, refused=refused,
        name=name, saved=list_saved(visit.office, by=visit.by), address=address,
        fields=[*FIELDS.values(), SORT], examples=_EXAMPLES,
        exports=[(each.value, f"/audit/export.{each.value}?{urlencode({'q': asked})}")
                 for each in _OFFERED],
        labels=visit.category_labels, case_link=lambda number: f"/case/{quote(number, safe='')}",
        **shown,
    )  # fmt: skip


_NOTHING: Mapping[str, Any] = {
    "rows": [], "count": None, "following": "", "first": "", "facets": [], "parts": [],
    "sorts": [], "fault": None,
}  # fmt: skip


def _found(visit: Visit, asked: str) -> dict[str, Any]:
    after = visit.request.query_params.get("after", "")
    query = parse(asked)
    found = search(visit.office, asked, by=visit.by, as_of=visit.at, after=after, size=_PAGE)
    count = count_found(visit.office, asked, by=visit.by, as_of=visit.at)
    record_look(visit, Look.SEARCH, {"rows": len(found.rows)}, typed=found.query)
    facets = count_facets(visit.office, asked, by=visit.by, as_of=visit.at)
    return {
        "rows": found.rows, "count": count, "fault": None,
        "following": address(asked, after=found.after) if found.after else "",
        "first": address(asked) if after else "",
        "facets": _facets(visit, query, facets), "parts": _parts(query),
        "sorts": [(each, address(sorted_by(query, each)), each is (query.sort or Sort.NEWEST))
                  for each in Sort],
    }  # fmt: skip


def _parts(query: Query) -> list[tuple[str, str]]:
    """Return each part of the query with the address of the query without it."""
    parts = [*query.clauses, *query.phrases]
    return [(str(each), address(without(query, at))) for at, each in enumerate(parts)]


def _facets(
    visit: Visit, query: Query, counted: Mapping[str, Sequence[Facet]]
) -> list[dict[str, Any]]:
    labels = visit.category_labels
    return [
        {
            "label": FIELDS[name].label,
            "more": max(0, len(facets) - _FACETS_SHOWN),
            "values": [
                {"word": visit.say(_called(name, each, labels)), "count": each.count,
                 "link": address(narrowed(query, _wanted(name, each)))}
                for each in facets[:_FACETS_SHOWN]
            ],
        }
        for name, facets in counted.items() if facets
    ]  # fmt: skip


def _wanted(name: str, facet: Facet) -> list[tuple[str, str]]:
    """Return what a facet asks for; what is on time is counted among open cases only."""
    wanted = [(name, facet.value)]
    on_time = name == "overdue" and facet.value == ON_TIME
    return [*wanted, ("-state", State.CLOSED.value)] if on_time else wanted


def _called(name: str, facet: Facet, categories: Mapping[str, Wording]) -> Wording:
    if name == "overdue" and facet.value == ON_TIME:
        return Wording("未逾期", "on time")
    if name == "overdue":
        return Wording(facet.value.replace("d", " 天"), facet.value.replace("d", " days"))
    if name in _LABELLED:
        label: Wording = _LABELLED[name](facet.value).label  # type: ignore[attr-defined] # all three have labels
        return label
    called = facet.name or facet.value
    return categories.get(facet.value, Wording(called, called))
