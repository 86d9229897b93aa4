"""A batch of waste: its closed loop, stage by stage, and what it came from."""

from typing import Annotated

from fastapi import Response
from pydantic import Field as Within

from casework.events import Door
from casework.registers.places import find_kind
from casework.stock.batches import list_wastable, open_batch
from casework.stock.store import Who
from casework.stock.wasting import WASTE, Source, name_source
from models import RecordState
from rules.access import Verb
from rules.stock.measures import say_measured
from rules.wording import Trouble
from web.forms import Form, Sent
from web.registers import record_link, said_value, units_of
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

Id = Annotated[int, Within(ge=1, lt=2**63)]  # what a column holds


@pages.get("/stock/waste/{batch}", permission=Verb.VIEW)
def show(visit: Here, batch: Id) -> Response:
    return _page(visit, batch)


@pages.post("/stock/waste/{batch}/source", permission=Verb.VIEW)
def name(visit: Here, form: Sent, batch: Id) -> Response:
    """Say how much of a line went into the batch, or take it back with 0."""
    held = open_batch(visit.office, batch, by=visit.by).held
    no, _, key = form.text("line").partition(" ")
    source = Source(key, int(no) if no.isascii() and no.isdigit() else 0, form.text("amount"))
    who = Who(visit.by, visit.at, Door.PAGE)
    try:
        name_source(visit.office, held.key, source, who, unit=held.unit.code)
    except Trouble as trouble:
        return _page(visit, batch, trouble=trouble, typed=form)
    return visit.redirect(f"/stock/waste/{batch}?done=source")


def _page(
    visit: Visit, number: int, *, trouble: Trouble | None = None, typed: Form | None = None
) -> Response:
    batch = open_batch(visit.office, number, by=visit.by)
    held, kind = batch.held, find_kind(WASTE)
    codes = {each.code for each in units_of(visit, kind)}
    is_open = held.state is RecordState.ACTIVE and not held.values.get("handed_on")
    editable = is_open and held.unit.code in codes
    return visit.page(
        "stock_waste.html", status=status_of(trouble) if trouble else 200, batch=batch,
        values=held.values, kind=kind, said_value=said_value, measured=say_measured,
        lines=list_wastable(visit.office, held.unit.id) if editable else (),
        editable=editable, trouble=trouble, typed=typed.texts if typed else {},
        record_link=record_link(WASTE, held.key, held.unit.code),
        change_link=record_link(WASTE, held.key, held.unit.code, "change"),
        done=visit.request.query_params.get("done", "") if visit.request.method == "GET" else "",
    )  # fmt: skip
