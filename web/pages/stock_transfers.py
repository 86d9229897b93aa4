"""调拨: what is passed on from unit to unit, and receiving or declining it."""

from typing import Annotated

from fastapi import Response
from pydantic import Field as Within

from casework.events import Door
from casework.registers.places import find_kind
from casework.stock.listing import list_stock
from casework.stock.receiving import decline_stock, receive_stock
from casework.stock.store import KIND, Who
from casework.stock.transits import list_transfers, open_transfer
from rules.access import Verb
from rules.stock.measures import say_measured
from rules.stock.transfers import Transit
from rules.wording import Trouble
from web.forms import Form, Sent, bad_choice
from web.registers import places_of, units_of
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

Id = Annotated[int, Within(ge=1, lt=2**63)]  # what a column holds
_PAGE = 25


@pages.get("/stock/transfers", permission=Verb.VIEW)
def list_(visit: Here) -> Response:
    after = visit.request.query_params.get("after", "")
    page = list_transfers(visit.office, by=visit.by, size=_PAGE, after=after)
    return visit.page(
        "stock_transfers.html", rows=page.rows, measured=say_measured,
        first="/stock/transfers" if after else "",
        following=f"/stock/transfers?after={page.after}" if page.after else "",
    )  # fmt: skip


@pages.get("/stock/transfers/{transfer}", permission=Verb.VIEW)
def show(visit: Here, transfer: Id) -> Response:
    return _page(visit, transfer)


@pages.post("/stock/transfers/{transfer}/{act}", permission=Verb.VIEW)
def do(visit: Here, form: Sent, transfer: Id, act: str) -> Response:
    """Receive what was sent into a ledger here, or decline it."""
    office, who = visit.office, Who(visit.by, visit.at, Door.PAGE)
    try:
        match act:
            case "receive":
                receive_stock(office, transfer, form.text("key"), form.text("amount"), who)
            case "decline":
                decline_stock(office, transfer, form.text("reason"), who)
            case _:
                raise bad_choice("act")
    except Trouble as trouble:
        return _page(visit, transfer, trouble=trouble, typed=form)
    return visit.redirect(f"/stock/transfers/{transfer}?done={act}")


def _page(
    visit: Visit, number: int, *, trouble: Trouble | None = None, typed: Form | None = None
) -> Response:
    found = open_transfer(visit.office, number, by=visit.by)
    kind = find_kind(KIND)
    seen = {each.code for each in places_of(visit, kind)}
    mine = {each.code for each in units_of(visit, kind)}
    receives = found.state is Transit.UNDER_WAY and found.to_code in mine
    query = visit.request.query_params
    return visit.page(
        "stock_transfer.html", status=status_of(trouble) if trouble else 200, each=found,
        trouble=trouble, typed=typed.texts if typed else {}, measured=say_measured,
        sees_sender=found.from_code in seen, sees_taker=found.to_code in seen,
        ledgers=_ledgers(visit, found.to_code, found.measure) if receives else (),
        receives=receives, states=Transit,
        done=query.get("done", "") if visit.request.method == "GET" else "",
    )  # fmt: skip


def _ledgers(visit: Visit, unit: str, measure: str) -> list[tuple[str, str]]:
    """Return the chemicals of the receiving unit that it may come in as."""
    rows = list_stock(visit.office, by=visit.by, place=unit, size=500).rows
    return [(each.key, f"{each.name}({each.key})") for each in rows if each.measure == measure]
