"""定期报告: filings by period, who has not reported, and the daily self-check by phone."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Response

from casework.events import Door
from casework.filings.compiling import compile_period, open_filing
from casework.filings.listing import STANDINGS, Page, list_filings, newest_period, show_board
from casework.filings.places import Which
from casework.filings.signing import file_at_once
from casework.filings.templates import find_template, templates_in_force
from casework.filings.today import TEMPLATE, show_today
from casework.reach import list_reach
from rules.access import Verb
from rules.filings.acts import FilingState
from rules.filings.periods import PeriodKind
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
    which = Which(form.text("template"), form.text("period"), form.text("unit"))
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
    """Compile a period, or open a campaign, for everybody."""
    template, period = form.text("template"), form.text("period")
    try:
        done = compile_period(
            visit.office, template, period, by=visit.by, at=visit.at, door=Door.PAGE
        )
    except Trouble as trouble:
        return _list(visit, trouble)
    asked = {"template": done.template, "period": done.period}
    return visit.redirect(f"/filings/board?{urlencode(asked)}")


@pages.get("/filings/board", permission=Verb.VIEW)
def board(visit: Here) -> Response:
    query = visit.request.query_params
    with visit.office.reading() as connection:
        template = find_template(connection, query.get("template") or "monthly")
        period = query.get("period") or newest_period(connection, template) or ""
        known = templates_in_force(connection).values()
    shown: dict[str, Any] = {"board": None, "chart": None, "trouble": None}
    try:
        if period:
            found = show_board(
                visit.office, template.key, period, by=visit.by, today=china_day(visit.at)
            )
            rows = [(visit.say(STANDINGS[key]), found.counts[key], str(found.counts[key]))
                    for key in STANDINGS]  # fmt: skip
            shown |= {"board": found, "chart": draw_bars(rows)}
    except Trouble as trouble:
        shown["trouble"] = trouble
    return visit.page(
        "filings_board.html", status=status_of(shown["trouble"]) if shown["trouble"] else 200,
        kind=template, period=period, templates=_compiled(known), said=STANDINGS, address=address,
        **shown,
    )  # fmt: skip


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
    own = [each for each in places if each.kind.value == "unit"] if visit.may_report else []
    return visit.page(
        "filings.html", status=status_of(trouble) if trouble else 200, rows=page.rows,
        following=following, asked=asked, templates=known, places=places,
        states=list(FilingState), own=own, campaigns=_compiled(known), trouble=trouble,
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


def _compiled(known: Iterable[Template]) -> Sequence[Template]:
    """Return the templates that are compiled for everybody: all but the daily one."""
    return [each for each in known if each.period is not PeriodKind.DAY]
