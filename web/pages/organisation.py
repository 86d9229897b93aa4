"""组织: places as a tree, added and renamed."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response

from casework.events import Door
from casework.organisations import PlaceEntry
from casework.staff_file import list_organisation
from casework.staffing import Hand, add_place, rename_place
from models import Place
from rules.access import Verb
from rules.wording import Trouble, Wording
from web.forms import Form, Sent, bad_choice
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

KINDS = {
    Place.COMMITTEE: Wording("专委会", "committee"), Place.CLUSTER: Wording("片区", "cluster"),
    Place.UNIT: Wording("责任单位", "unit"), Place.DEPARTMENT: Wording("责任处室", "department"),
}  # fmt: skip
_ADDED = {each.value: word for each, word in KINDS.items() if each is not Place.COMMITTEE}


@pages.get("/admin/organisation", permission=Verb.ADMINISTER)
def show(visit: Here) -> Response:
    return _page(visit)


@pages.post("/admin/organisation/add", permission=Verb.ADMINISTER)
def add(visit: Here, form: Sent) -> Response:
    kind = form.text("kind")
    if kind not in _ADDED:
        raise bad_choice("kind")
    entry = PlaceEntry(
        Place(kind), form.text("code").strip(), form.text("name"), form.text("parent").strip(),
        form.text("unit_type"),
    )  # fmt: skip
    try:
        add_place(visit.office, entry, _hand(visit))
    except Trouble as trouble:
        return _page(visit, trouble=trouble, form=form)
    return visit.redirect("/admin/organisation?done=1")


@pages.post("/admin/organisation/rename", permission=Verb.ADMINISTER)
def rename(visit: Here, form: Sent) -> Response:
    try:
        rename_place(visit.office, form.text("code"), form.text("name"), _hand(visit))
    except Trouble as trouble:
        return _page(visit, trouble=trouble)
    return visit.redirect("/admin/organisation?done=1")


def _page(visit: Visit, *, trouble: Trouble | None = None, form: Form | None = None) -> Response:
    places = list_organisation(visit.office, by=visit.by)
    typed: Mapping[str, Any] = form.texts if form else {}
    return visit.page(
        "organisation.html", status=status_of(trouble) if trouble else 200, places=places,
        kinds=KINDS, added=_ADDED, trouble=trouble, typed=typed,
        done=bool(visit.request.query_params.get("done")),
    )  # fmt: skip


def _hand(visit: Visit) -> Hand:
    return Hand(visit.by, visit.at, Door.PAGE)
