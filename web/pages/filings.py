"""定期报告: filings by period, who has not reported, and the daily self-check by phone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Response

from casework.events import Door
from casework.filings.compiling import compile_period, open_filing
from casework.filings.listing import STANDINGS, Page, list_filings, list_periods, show_board
from casework.filings.places import Which
from casework.filings.reminding import may_remind, remind_missing
from casework.filings.signing import file_at_once
from casework.filings.templates import templates_in_force
from casework.filings.today import TEMPLATE, show_today, units_filled_by
from casework.reach import list_reach
from models import Place
from rules.access import Verb
from rules.filings.acts import FilingState
from rules.filings.periods import Period, PeriodKind, recent
from rules.filings.templates import Template
from rules.wording import Trouble
from rules.workdays import china_day
from web.charts import draw_bars
from web.forms import Sent
from web.pages import asking
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_PAGE = 25
_RECENT = 4
"""So many periods of each report are offered to begin or compile."""


def address(row: dict[str, Any]) -> str:
    """Return the path of a filing's page."""
    parts = (row["template"], row["period"], row["unit_code"])
    return "/filings/" + "/".join(quote(each, safe="") for each in parts)


@pages.get("/filings", permission=Verb.VIEW)
def list_(visit: Here) -> Response:
    return _list(visit)


@pages.post("/filings/open", permission=Verb.REPORT)
def begin(visit: Here, form: Sent) -> Response:
    """Begin a unit's own filing before the engine does."""
    which = Which(*_picked(form.text("which")), form.text("unit"))
    try:
        held = open_filing(visit.office, which, by=visit.by, at=visit.at, door=Door.PAGE)
    except Trouble as trouble:
        return _list(visit, trouble)
    template, period, unit = held.named
    return visit.redirect(
        address({"template": template.key, "period": period.key, "unit_code": unit.code})
    )


@pages.post("/filings/compile", permission=Verb.SWEEP)
def compile_(visit: Here, form: Sent) -> Response:
    """Compile a period for everybody."""
    template, period = _picked(form.text("which"))
    try:
        done = compile_period(
            visit.office, template, period, by=visit.by, at=visit.at, door=Door.PAGE
        )
    except Trouble as trouble:
        return _list(visit, trouble)
    return visit.redirect(_board_of(done.template, done.period))


@pages.get("/filings/board", permission=Verb.VIEW)
def board(visit: Here) -> Response:
    return _board(visit)


@pages.post("/filings/board/remind", permission=Verb.VIEW)
def remind(visit: Here, form: Sent) -> Response:
    """Remind who has not reported, of those that the board shows."""
    (template, period), place = _picked(form.text("which")), form.text("place")
    try:
        done = remind_missing(visit.office, template, period, by=visit.by, at=visit.at, place=place)
    except Trouble as trouble:
        return _board(visit, trouble)
    return visit.redirect(_board_of(template, period, place=place, told=str(done.people)))


def _board(visit: Visit, trouble: Trouble | None = None) -> Response:
    query, found = visit.request.query_params, None
    with visit.office.reading() as connection:
        offered = _offered(visit, list_periods(connection, visit.by))
        places = list_reach(connection, visit.actor, Verb.VIEW)
    which, place = _wanted(query, [key for key, _ in offered]), query.get("place", "")
    try:
        if which:
            today = china_day(visit.at)
            found = show_board(visit.office, *_picked(which), by=visit.by, today=today, place=place)
    except Trouble as fault:
        trouble = trouble or fault
    rows = found.counts.items() if found else ()
    return visit.page(
        "filings_board.html", status=status_of(trouble) if trouble else 200, trouble=trouble,
        board=found, which=which, place=place, offered=offered, address=address, said=STANDINGS,
        chart=draw_bars([(visit.say(STANDINGS[key]), number, str(number)) for key, number in rows]),
        clusters=[each for each in places if each.kind is Place.CLUSTER],
        reminds=may_remind(visit.actor), told=query.get("told", ""),
    )  # fmt: skip


def _wanted(query: Mapping[str, str], offered: Sequence[str]) -> str:
    """Return what the board is asked for: what was picked or linked to, else the newest."""
    template, period = query.get("template", ""), query.get("period", "")
    linked = f"{template}/{period}" if period else ""
    newest = next((each for each in offered if each.startswith(template)), "")
    return query.get("which") or linked or newest


@pages.get("/filings/today", permission=Verb.REPORT)
def today(visit: Here) -> Response:
    return _today(visit)


@pages.post("/filings/today", permission=Verb.REPORT)
def send_today(visit: Here, form: Sent) -> Response:
    """Send a day's self-check: nothing is typed but how many took part."""
    day, unit = china_day(visit.at).isoformat(), form.text("unit")
    typed = {name: form.text(name) for name in ("participants", "checked", "nil", "note")}
    try:
        file_at_once(
            visit.office, Which(TEMPLATE, day, unit), typed,
            by=visit.by, at=visit.at, door=Door.PAGE,
        )  # fmt: skip
    except Trouble as trouble:
        return _today(visit, trouble, unit)
    return visit.redirect("/filings/today?done=1")


def _today(visit: Visit, trouble: Trouble | None = None, unit: str = "") -> Response:
    return visit.page(
        "filings_today.html", status=status_of(trouble) if trouble else 200,
        units=show_today(visit.office, by=visit.by, at=visit.at), trouble=trouble, wrong=unit,
        asked=asking.address, address=address,
        done=bool(visit.request.query_params.get("done")),
    )  # fmt: skip


def _list(visit: Visit, trouble: Trouble | None = None) -> Response:
    query = visit.request.query_params
    asked = {name: query.get(name, "") for name in ("template", "period", "place", "state")}
    page = Page((), "")
    try:
        page = _found(visit, asked, query.get("after", ""))
    except Trouble as found:
        trouble = trouble or found
    kept = {name: value for name, value in asked.items() if value}
    following = f"/filings?{urlencode({**kept, 'after': page.after})}" if page.after else ""
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.VIEW)
        known = list(templates_in_force(connection).values())
        own = units_filled_by(connection, visit.actor)
    return visit.page(
        "filings.html", status=status_of(trouble) if trouble else 200, rows=page.rows,
        following=following, asked=asked, templates=known, places=places,
        states=list(FilingState), own=own, recent=_recent(visit, known), trouble=trouble,
        compiled=_recent(visit, (each for each in known if each.period is not PeriodKind.DAY)),
        may_compile=bool(visit.actor.reach(Verb.SWEEP)), address=address,
        first="/filings?" + urlencode(kept) if "after" in query else "",
    )  # fmt: skip


def _found(visit: Visit, asked: dict[str, str], after: str) -> Page:
    state = asked["state"]
    return list_filings(
        visit.office, by=visit.by, today=china_day(visit.at), template=asked["template"],
        period=asked["period"], place=asked["place"],
        state=FilingState(state) if state in set(FilingState) else None,
        size=_PAGE, after=after,
    )  # fmt: skip


def _board_of(template: str, period: str, **more: str) -> str:
    asked = {"which": f"{template}/{period}", **more}
    return "/filings/board?" + urlencode({name: each for name, each in asked.items() if each})


def _picked(which: str) -> tuple[str, str]:
    template, _, period = which.partition("/")
    return template, period


def _offered(visit: Visit, periods: Iterable[tuple[Template, Period]]) -> list[tuple[str, str]]:
    """Return periods of templates as a field offers them."""
    return [
        (f"{template.key}/{period.key}", f"{visit.say(template.label)} {visit.say(period.label)}")
        for template, period in periods
    ]


def _recent(visit: Visit, known: Iterable[Template]) -> list[tuple[str, str]]:
    today = china_day(visit.at)
    return _offered(visit, [
        (each, period) for each in known for period in recent(each.period, today, _RECENT)
    ])  # fmt: skip
