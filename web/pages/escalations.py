"""升级收件箱: what was escalated to whoever looks, to be acknowledged one by one or together."""

from fastapi import Response

from casework.acknowledging import acknowledge
from casework.escalations import list_escalations
from casework.events import Door
from rules.access import Verb
from web.forms import Form, Sent, bad_choice
from web.paging import number_of
from web.routing import Pages
from web.visits import Here

pages = Pages()

_PAGE = 25
_PREFIX = "notice-"


@pages.get("/escalations", permission=Verb.VIEW)
def list_(visit: Here) -> Response:
    query = visit.request.query_params
    read = query.get("read") == "1"
    inbox = list_escalations(
        visit.office, by=visit.by, as_of=visit.at, read=read,
        before=number_of(query, "before"), size=_PAGE,
    )  # fmt: skip
    done = number_of(query, "done")
    return visit.page(
        "escalations.html", inbox=inbox, read=read, done=done, paged="before" in query
    )


@pages.post("/escalations/acknowledge", permission=Verb.VIEW)
def know(visit: Here, form: Sent) -> Response:
    chosen = _shown(form) if form.text("all") else _chosen(form)
    if chosen:
        acknowledge(visit.office, chosen, by=visit.by, at=visit.at, door=Door.PAGE)
    return visit.redirect(f"/escalations?done={len(chosen)}")


def _chosen(form: Form) -> list[int]:
    """Return the notices that were ticked, or the one whose own button was pressed."""
    one = [form.text("one")] if form.text("one") else []
    names = [name for name in form.texts if name.startswith(_PREFIX)]
    return [_id(text) for text in one or [name.removeprefix(_PREFIX) for name in names]]


def _shown(form: Form) -> list[int]:
    return form.numbers("shown")[:_PAGE] if form.text("shown") else []


def _id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise bad_choice("notice")
    return int(text)
