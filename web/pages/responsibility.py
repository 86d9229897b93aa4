"""主体责任: how far the letters of a year are signed, by cluster and unit, and who is missing."""

from fastapi import Response

from casework.reach import list_reach
from casework.registers.places import find_kind, kinds_for
from casework.responsibility import FEEDBACK, LISTS, find_coverage
from rules.access import Verb
from rules.registers.coverage import percent
from rules.wording import Trouble
from rules.workdays import china_day
from web.paging import number_of
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here

pages = Pages()

_MOST = 300
"""Units on a page: more are reached by choosing a cluster."""
_YEARS = 3


@pages.get("/responsibility", permission=Verb.VIEW)
def show(visit: Here) -> Response:
    query, this_year = visit.request.query_params, china_day(visit.at).year
    place, missing = query.get("place", ""), query.get("missing") == "1"
    trouble: Trouble | None = None
    try:
        year = number_of(query, "year") or this_year
        found = find_coverage(visit.office, by=visit.by, year=year, place=place, missing=missing)
    except Trouble as raised:
        trouble = raised
        found = find_coverage(visit.office, by=visit.by, year=this_year, missing=True)
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.VIEW)
    years = [str(year) for year in range(this_year + 1, this_year - _YEARS, -1)]
    return visit.page(
        "responsibility.html", status=status_of(trouble) if trouble else 200, found=found,
        units=found.units[:_MOST], more=max(0, len(found.units) - _MOST), places=places,
        place=place, missing=missing, years=years, trouble=trouble, percent=percent,
        kind=find_kind(LISTS).key, feedback=FEEDBACK, today=china_day(visit.at),
        listed=find_kind(LISTS) in kinds_for(visit.actor),
    )  # fmt: skip
