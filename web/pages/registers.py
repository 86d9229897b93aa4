"""台账: the kinds with their counts, each kind's list, and who runs out when."""

from typing import Any
from urllib.parse import urlencode

from fastapi import Response

from casework.events import Door
from casework.registers.counting import count_kinds
from casework.registers.exporting import export_register
from casework.registers.listing import Page, count_records, list_expiring, list_records
from casework.registers.narrowing import Narrow
from casework.registers.places import kinds_for
from rules.access import Verb
from rules.registers.kinds import Kind
from rules.registers.standing import RecordOrder, Stands
from rules.wording import Trouble
from rules.workdays import china_day
from web.downloads import send_made
from web.forms import bad_choice
from web.paging import number_of
from web.registers import (
    ICONS,
    kind_of,
    list_link,
    may_edit,
    places_of,
    query_of,
    read_narrow,
    row_link,
    said_value,
)
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_PAGE = 25
_DAYS = (7, 30, 60, 90, 180)
_LEAST_COLUMNS = 3


@pages.get("/registers", permission=Verb.VIEW)
def index(visit: Here) -> Response:
    counted = count_kinds(visit.office, by=visit.by, today=china_day(visit.at))
    return visit.page(
        "registers.html", counted=counted, icons=ICONS, list_link=list_link, stands=Stands,
        editable={each.kind.key for each in counted if may_edit(visit, each.kind)},
    )  # fmt: skip


@pages.get("/registers/expiring", permission=Verb.VIEW)
def expiring(visit: Here) -> Response:
    query = visit.request.query_params
    written, place = query.get("kind", ""), query.get("place", "").strip()
    kinds = kinds_for(visit.actor)
    found, trouble, days = Page((), ""), None, 30
    try:
        days = number_of(query, "days") if query.get("days") else 30
        if days not in _DAYS:
            raise bad_choice("days")
        if written:
            kind_of(visit, written)
        found = list_expiring(
            visit.office, by=visit.by, today=china_day(visit.at), days=days, written=written,
            place=place, size=_PAGE, after=query.get("after", ""),
        )  # fmt: skip
    except Trouble as fault:
        trouble = fault
    kept = {"kind": written, "days": f"{days}" if days != 30 else "", "place": place}
    kept = {name: value for name, value in kept.items() if value}
    return visit.page(
        "registers_expiring.html", status=status_of(trouble) if trouble else 200,
        trouble=trouble, rows=found.rows, kinds={each.key: each for each in kinds},
        chosen=written, days=days, choices=_DAYS, place=place, places=_all_places(visit, kinds),
        paged="after" in query, row_link=row_link, icons=ICONS,
        following=_address("/registers/expiring", {**kept, "after": found.after}, found.after),
        first=_address("/registers/expiring", kept, "1"),
    )  # fmt: skip


@pages.get("/registers/{written}", permission=Verb.VIEW)
def list_(visit: Here, written: str) -> Response:
    query = visit.request.query_params
    kind = kind_of(visit, written)
    narrow, order = Narrow(), RecordOrder.EXPIRY
    try:
        narrow, order = read_narrow(query)
        found = list_records(
            visit.office, kind.key, narrow, by=visit.by, today=china_day(visit.at), order=order,
            size=_PAGE, after=query.get("after", ""),
        )  # fmt: skip
        total = count_records(
            visit.office, kind.key, narrow, by=visit.by, today=china_day(visit.at)
        )
    except Trouble as trouble:
        shown = {"rows": (), "total": 0, "following": "", "trouble": trouble}
        return _list(visit, kind, (narrow, order), status_of(trouble), shown)
    kept = query_of(narrow, order)
    following = _address(f"/registers/{kind.key}", {**kept, "after": found.after}, found.after)
    shown = {"rows": found.rows, "total": total, "following": following, "trouble": None}
    return _list(visit, kind, (narrow, order), 200, shown)


@pages.get("/registers/{written}/export.csv", permission=Verb.VIEW)
def as_csv(visit: Here, written: str) -> Response:
    return _file(visit, written, "csv")


@pages.get("/registers/{written}/export.xlsx", permission=Verb.VIEW)
def as_workbook(visit: Here, written: str) -> Response:
    return _file(visit, written, "xlsx")


def _list(
    visit: Visit, kind: Kind, asked: tuple[Narrow, RecordOrder], status: int, shown: dict[str, Any]
) -> Response:
    narrow, order = asked
    kept = query_of(narrow, order)
    files = [
        (_address(f"/registers/{kind.key}/export.{ending}", kept, "1"), ending)
        for ending in ("xlsx", "csv")
    ]
    return visit.page(
        "register.html", status=status, kind=kind, narrow=narrow, order=order, files=files,
        stands=list(Stands), orders=list(RecordOrder), places=places_of(visit, kind),
        columns=_columns(kind), narrowed=set(kept) - {"order"}, row_link=row_link,
        paged="after" in visit.request.query_params, editable=may_edit(visit, kind),
        first=_address(f"/registers/{kind.key}", kept, "1"), said_value=said_value, **shown,
    )  # fmt: skip


def _columns(kind: Kind) -> list[str]:
    """Return the fields of a list: those the kind names, else the first ones besides its name."""
    others = [each.key for each in kind.fields if each.key != kind.unique]
    return list(kind.columns or others[:_LEAST_COLUMNS])


def _all_places(visit: Visit, kinds: list[Kind]) -> list[Any]:
    """Return the places of every kind within sight, each once."""
    found = {each.code: each for kind in kinds for each in places_of(visit, kind)}
    return list(found.values())


def _file(visit: Visit, written: str, ending: str) -> Response:
    """Send all that the filter finds, masked; that it left is recorded by then."""
    kind = kind_of(visit, written)
    narrow, _ = read_narrow(visit.request.query_params)
    return send_made(
        f"{kind.key}-{visit.at:%Y%m%d-%H%M}.{ending}",
        lambda path: export_register(
            visit.office, kind.key, path, by=visit.by, at=visit.at, door=Door.PAGE, narrow=narrow
        ),
    )


def _address(path: str, query: dict[str, str], when: str) -> str:
    """Return the address, or '' where there is nothing to lead to."""
    if not when:
        return ""
    return f"{path}?{urlencode(query)}" if query else path
