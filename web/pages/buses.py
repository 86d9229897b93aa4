"""校车监管: today's board, and the daily bulletins as far as one may see them."""

from typing import Annotated

from fastapi import Response
from pydantic import Field as Within

from casework.buses.fleet import BUS
from casework.buses.looking import list_bulletins, open_board, open_bulletin
from casework.forms import read_day
from rules.access import Verb
from rules.buses.sightings import Fault
from web.registers import record_link
from web.routing import Pages
from web.visits import Here

pages = Pages()

Day = Annotated[str, Within(min_length=1, max_length=10)]


@pages.get("/buses", permission=Verb.VIEW)
def board(visit: Here) -> Response:
    found = open_board(visit.office, by=visit.by, at=visit.at)
    return visit.page(
        "buses.html", board=found, faults=Fault, link=_link,
        bulletins=list_bulletins(visit.office, by=visit.by),
    )  # fmt: skip


@pages.get("/buses/bulletin/{day}", permission=Verb.VIEW)
def bulletin(visit: Here, day: Day) -> Response:
    found = open_bulletin(visit.office, read_day(day, where="day"), by=visit.by)
    return visit.page("bus_bulletin.html", bulletin=found, faults=Fault)


def _link(key: str, unit: str) -> str:
    return record_link(BUS, key, unit)
