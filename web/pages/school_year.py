"""日历: a year of days off, make-up days and terms; single days and terms are entered here."""

from collections.abc import Sequence

from fastapi import Response

from casework.errors import Invalid
from casework.forms import read_day
from casework.school_year import Day, open_year
from casework.settings import enter_day, enter_term
from rules.access import Verb
from rules.overrides import TermKind
from rules.wording import Trouble, Wording
from rules.workdays import china_day
from web.forms import Form, Sent, bad_choice
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

WEEKDAYS = (
    Wording("一", "Mo"), Wording("二", "Tu"), Wording("三", "We"), Wording("四", "Th"),
    Wording("五", "Fr"), Wording("六", "Sa"), Wording("日", "Su"),
)  # fmt: skip
_OFF = {"off": True, "work": False, "withdraw": None}
_FIRST, _LAST = 2007, 2100  # the first notice we hold; as far as anybody plans


@pages.get("/admin/calendar", permission=Verb.ADMINISTER)
def show(visit: Here) -> Response:
    return _page(visit, _year(visit))


@pages.post("/admin/calendar/day", permission=Verb.ADMINISTER)
def add_day(visit: Here, form: Sent) -> Response:
    how = form.text("how")
    if how not in _OFF:
        raise bad_choice("how")
    try:
        day = read_day(form.text("day").strip(), where="day")
        enter_day(
            visit.office, day, off=_OFF[how], name=form.text("name"), by=visit.by, at=visit.at
        )
    except Trouble as trouble:
        return _page(visit, china_day(visit.at).year, trouble=trouble, form=form, at="day")
    return visit.redirect(f"/admin/calendar?year={day.year}&done=day")


@pages.post("/admin/calendar/term", permission=Verb.ADMINISTER)
def add_term(visit: Here, form: Sent) -> Response:
    try:
        starts = read_day(form.text("starts").strip(), where="starts")
        ends = read_day(form.text("ends").strip(), where="ends")
        enter_term(
            visit.office, _kind(form), form.text("name"), starts=starts, ends=ends,
            by=visit.by, at=visit.at, withdrawn=form.text("withdraw") == "1",
        )  # fmt: skip
    except Trouble as trouble:
        return _page(visit, china_day(visit.at).year, trouble=trouble, form=form, at="term")
    return visit.redirect(f"/admin/calendar?year={starts.year}&done=term")


def _page(
    visit: Visit, year: int, *, trouble: Trouble | None = None, form: Form | None = None,
    at: str = "",
) -> Response:  # fmt: skip
    opened = open_year(visit.office, year, by=visit.by, at=visit.at)
    typed = form.texts if form and trouble else {}
    return visit.page(
        "calendar.html", status=status_of(trouble) if trouble else 200, year=opened,
        months=_months(opened.days), weekdays=WEEKDAYS, kinds=list(TermKind), trouble=trouble,
        at=at, typed=typed, today=china_day(visit.at),
        done=bool(visit.request.query_params.get("done")),
    )  # fmt: skip


def _months(days: Sequence[Day]) -> list[list[list[Day | None]]]:
    """Return the weeks of each month, Monday first, None where another month's days lie."""
    months = []
    for month in range(1, 13):
        cells: list[Day | None] = [each for each in days if each.day.month == month]
        first = cells[0].day.weekday() if cells[0] else 0
        cells = [*[None] * first, *cells]
        cells += [None] * (-len(cells) % 7)
        months.append([cells[n : n + 7] for n in range(0, len(cells), 7)])
    return months


def _year(visit: Visit) -> int:
    text = visit.request.query_params.get("year", "") or str(china_day(visit.at).year)
    if text.isascii() and text.isdigit() and _FIRST <= int(text[:5]) <= _LAST:
        return int(text)
    raise Invalid(
        Wording(f"没有 {text[:20]} 年的日历", f"there is no calendar of {text[:20]!r}"),
        remedy=Wording(f"请填 {_FIRST} 至 {_LAST}。", f"Give a year from {_FIRST} to {_LAST}."),
        where="year",
    )


def _kind(form: Form) -> TermKind:
    if form.text("kind") not in set(TermKind):
        raise bad_choice("kind")
    return TermKind(form.text("kind"))
