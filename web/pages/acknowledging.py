"""The page that a notice's link leads to: looking changes nothing, the button acknowledges.

Programs that follow links in messages only look. Nobody needs to be signed in: the link is
signed, for one person and these notices.
"""

from fastapi import Response

from casework.acknowledging import acknowledge_by_link
from casework.events import Door
from casework.link_preview import preview_link
from web.permission import Anyone
from web.routing import Pages
from web.visits import Here, Visit

pages = Pages()


@pages.get("/acknowledge/{token}", permission=Anyone.ANYBODY)
def show(visit: Here, token: str) -> Response:
    return _page(visit, token, done=False)


@pages.post("/acknowledge/{token}", permission=Anyone.ANYBODY)
def know(visit: Here, token: str) -> Response:
    acknowledge_by_link(visit.office, visit.settings.keys, token, at=visit.at, door=Door.PAGE)
    return _page(visit, token, done=True)


def _page(visit: Visit, token: str, *, done: bool) -> Response:
    preview = preview_link(visit.office, visit.settings.keys, token, at=visit.at)
    return visit.page("acknowledge.html", preview=preview, done=done, token=token)
