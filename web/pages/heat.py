"""片区热力: open, late and listed cases by place, each number a link to its list."""

from fastapi import Response

from casework.heat import count_places
from rules.access import Verb
from web.heating import shades
from web.routing import Pages
from web.visits import Here

pages = Pages()


@pages.get("/heat", permission=Verb.VIEW)
def show(visit: Here) -> Response:
    places = count_places(visit.office, by=visit.by, as_of=visit.at)
    return visit.page("heat.html", places=places, shades=shades(places))
