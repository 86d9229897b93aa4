"""更多: every other page that whoever asks may open, on one page."""

from fastapi import Response

from web.menu import sections_for
from web.permission import Anyone
from web.routing import Pages
from web.visits import Here

pages = Pages()


@pages.get("/more", permission=Anyone.SIGNED_IN)
def show(visit: Here) -> Response:
    return visit.page("more.html", sections=sections_for(visit.actor))
