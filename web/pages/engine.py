"""引擎: whether sweeps come, notices leave and history is sealed; and the way to Prefect's page."""

from fastapi import Response

from casework.contacts import require_administrator
from casework.health import check_health
from casework.people import find_actor
from rules.access import Verb
from web.routing import Pages
from web.visits import Here

pages = Pages()


@pages.get("/admin/engine", permission=Verb.ADMINISTER)
def show(visit: Here) -> Response:
    with visit.office.reading() as connection:
        require_administrator(connection, find_actor(connection, visit.by))
    health = check_health(visit.office, at=visit.at)
    return visit.page("engine.html", health=health, address=visit.settings.engine_address)
