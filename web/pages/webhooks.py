"""网址回调: where case events are posted to; added, paused, resumed, removed, tried out."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import Response

from casework.events import Door
from casework.office import Office
from casework.webhooks.acts import (
    Added,
    Wanted,
    add_webhook,
    pause_webhook,
    remove_webhook,
    resume_webhook,
)
from casework.webhooks.listing import list_receipts, list_webhooks
from casework.webhooks.rotating import GRACE_HOURS, Rotated, rotate_secret
from casework.webhooks.store import Hand
from casework.webhooks.trying import try_webhook
from notifications.sentences import KINDS
from rules.access import Verb
from rules.webhooks import STATES
from rules.wording import Trouble
from web.forms import Form, Sent, bad_choice
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_ACTS: Mapping[str, Callable[[Office, str, Hand], None]] = {
    "pause": pause_webhook, "resume": resume_webhook, "remove": remove_webhook,
}  # fmt: skip


@pages.get("/admin/webhooks", permission=Verb.ADMINISTER)
def show(visit: Here) -> Response:
    return _page(visit)


@pages.post("/admin/webhooks/add", permission=Verb.ADMINISTER)
def add(visit: Here, form: Sent) -> Response:
    """Add one; its secret stands on the answer's page, and on no other."""
    kinds = form.text("kinds").replace(",", " ").replace("，", " ").split()
    wanted = Wanted(form.text("name"), form.text("url").strip(), kinds, form.text("place"))
    keys, outside = visit.settings.keys, visit.settings.outside
    try:
        added = add_webhook(visit.office, keys, wanted, _hand(visit), outside)
    except Trouble as trouble:
        return _page(visit, trouble=trouble, form=form)
    return _page(visit, added=added)


@pages.post("/admin/webhooks/test", permission=Verb.ADMINISTER)
def test(visit: Here, form: Sent) -> Response:
    name = form.text("name")
    try:
        try_webhook(visit.office, visit.settings.posting, name, _hand(visit))
    except Trouble as trouble:
        return _page(visit, trouble=trouble)
    return _back(visit, name)


@pages.post("/admin/webhooks/rotate", permission=Verb.ADMINISTER)
def rotate(visit: Here, form: Sent) -> Response:
    """Change a secret; the new one stands on the answer's page, and on no other."""
    name, hours = form.text("name"), form.number("hours")
    try:
        rotated = rotate_secret(
            visit.office, visit.settings.keys, name, _hand(visit),
            hours=GRACE_HOURS if hours is None else hours,
        )  # fmt: skip
    except Trouble as trouble:
        return _page(visit, trouble=trouble)
    return _page(visit, rotated=rotated)


@pages.post("/admin/webhooks/{act}", permission=Verb.ADMINISTER)
def do(visit: Here, form: Sent, act: str) -> Response:
    if act not in _ACTS:
        raise bad_choice("act")
    name = form.text("name")
    try:
        _ACTS[act](visit.office, name, _hand(visit))
    except Trouble as trouble:
        return _page(visit, trouble=trouble)
    return _back(visit, "" if act == "remove" else name)


def _page(
    visit: Visit,
    *,
    trouble: Trouble | None = None,
    form: Form | None = None,
    added: Added | None = None,
    rotated: Rotated | None = None,
) -> Response:
    listed = list_webhooks(visit.office, by=visit.by)
    asked = visit.request.query_params.get("name", "")
    chosen = next((each for each in listed if each["name"] == asked), None)
    typed: Mapping[str, Any] = form.texts if form else {}
    return visit.page(
        "webhooks.html", status=status_of(trouble) if trouble else 200, listed=listed,
        trouble=trouble, typed=typed, added=added, states=STATES, kinds=sorted(KINDS),
        chosen=chosen, rotated=rotated,
        receipts=list_receipts(visit.office, asked, by=visit.by) if chosen else [],
    )  # fmt: skip


def _back(visit: Visit, name: str) -> Response:
    return visit.redirect("/admin/webhooks?" + urlencode({"name": name}))


def _hand(visit: Visit) -> Hand:
    return Hand(visit.by, visit.at, Door.PAGE)
