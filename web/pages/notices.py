"""Notices to whoever looks: what was told, and 知悉."""

from fastapi import Response

from casework.acknowledging import acknowledge
from casework.events import Door
from casework.notice_list import list_notices
from web.forms import Sent
from web.permission import Anyone
from web.routing import Pages
from web.visits import Here

pages = Pages()


@pages.get("/notices", permission=Anyone.SIGNED_IN)
def list_(visit: Here) -> Response:
    found = list_notices(visit.office, by=visit.by, person=visit.by)
    return visit.page("notices.html", notices=found)


@pages.post("/notices/acknowledge", permission=Anyone.SIGNED_IN)
def know(visit: Here, form: Sent) -> Response:
    acknowledge(visit.office, form.numbers("notice"), by=visit.by, at=visit.at, door=Door.PAGE)
    return visit.redirect("/notices")
