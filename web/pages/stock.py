"""危化品库存: what each ledger says is here, who has to sign, and one ledger with its forms."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Response
from pydantic import Field as Within

from casework.events import Door
from casework.registers.places import find_kind, kinds_for
from casework.stock.counting import count_stock
from casework.stock.entering import Typed, enter_stock
from casework.stock.listing import File, list_stock, open_ledger
from casework.stock.sending import Sending, send_stock
from casework.stock.signing import cancel_stock, file_purchase, refuse_stock, sign_stock
from casework.stock.store import KIND, Who, Written
from models import RecordState
from rules.access import Verb
from rules.stock.entries import ENDS, FILED, Act, Stand
from rules.stock.measures import say_measured
from rules.stock.transfers import Passing
from rules.wording import Trouble
from web.forms import Form, Sent, bad_choice
from web.registers import may_edit, places_of, record_link
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

Id = Annotated[int, Within(ge=1, lt=2**63)]  # what a column holds
_PAGE = 25
_DOING = ("enter", "sign", "refuse", "cancel", "count", "file")


@pages.get("/stock", permission=Verb.VIEW)
def list_(visit: Here) -> Response:
    query = visit.request.query_params
    kind = find_kind(KIND)
    seen = kind in kinds_for(visit.actor)
    asked = {name: query.get(name, "").strip() for name in ("place", "text", "waiting")}
    page, trouble = None, None
    try:
        page = None if not seen else list_stock(
            visit.office, by=visit.by, place=asked["place"], text=asked["text"],
            waiting=asked["waiting"] == "1", size=_PAGE, after=query.get("after", ""),
        )  # fmt: skip
    except Trouble as fault:
        trouble = fault
    kept = {name: value for name, value in asked.items() if value}
    following = f"/stock?{urlencode({**kept, 'after': page.after})}" if page and page.after else ""
    first = f"/stock?{urlencode(kept)}" if "after" in query else ""
    files = [(f"/stock/export.{ending}?{urlencode(kept)}", ending) for ending in ("xlsx", "csv")]
    return visit.page(
        "stock.html", status=status_of(trouble) if trouble else 200, trouble=trouble,
        rows=page.rows if page else (), asked=asked, following=following, first=first,
        measured=say_measured, files=files,
        places=[(each.code, each.name) for each in places_of(visit, kind)],
        editable=seen and may_edit(visit, kind), seen=seen,
    )  # fmt: skip


@pages.get("/stock/{record}", permission=Verb.VIEW)
def show(visit: Here, record: Id) -> Response:
    return _ledger(visit, record)


@pages.post("/stock/{record}/send", permission=Verb.VIEW)
def send(visit: Here, form: Sent, record: Id) -> Response:
    """Send some of it to another unit; its second signature is given on the ledger."""
    file = open_ledger(visit.office, record, by=visit.by)
    typed = Sending(*(form.text(name) for name in Sending._fields))
    who, unit = Who(visit.by, visit.at, Door.PAGE), file.held.unit.code
    try:
        done = send_stock(visit.office, file.held.key, typed, who, unit=unit)
    except Trouble as trouble:
        return _ledger(visit, record, trouble=trouble, typed=form, sending=True)
    return visit.redirect(f"/stock/transfers/{done.transfer}?done=send")


@pages.post("/stock/{record}/{act}", permission=Verb.VIEW)
def do(visit: Here, form: Sent, record: Id, act: str) -> Response:
    """Write a line, sign, refuse or cancel one, count, or note a filing."""
    if act not in _DOING:
        raise bad_choice("act")
    file = open_ledger(visit.office, record, by=visit.by)
    try:
        _do(visit, form, file, act)
    except Trouble as trouble:
        return _ledger(visit, record, trouble=trouble, typed=form)
    return visit.redirect(f"/stock/{record}?done={act}")


def _do(visit: Visit, form: Form, file: File, act: str) -> Written:
    office, key, unit = visit.office, file.held.key, file.held.unit.code
    who, no = Who(visit.by, visit.at, Door.PAGE), form.number("no") or 0
    match act:
        case "enter":
            typed = Typed(
                form.text("entry"), form.text("amount"), form.text("on"), form.text("reason"),
                form.number("seen"),
            )  # fmt: skip
            return enter_stock(office, key, typed, who, unit=unit)
        case "sign":
            return sign_stock(office, key, no, who, unit=unit, to=form.number("to"))
        case "refuse":
            return refuse_stock(office, key, no, form.text("reason"), who, unit=unit)
        case "cancel":
            return cancel_stock(office, key, no, form.text("reason"), who, unit=unit)
        case "count":
            return count_stock(
                office, key, form.text("counted"), who, unit=unit, on=form.text("on")
            )
        case _:
            return file_purchase(office, key, no, form.text("filing_no"), who, unit=unit)


def _ledger(
    visit: Visit, record: int, *, trouble: Trouble | None = None, typed: Form | None = None,
    sending: bool = False,
) -> Response:  # fmt: skip
    file = open_ledger(visit.office, record, by=visit.by)
    active = file.held.state is RecordState.ACTIVE
    others = [
        each["no"] for each in file.lines
        if each["stand"] is Stand.WAITING and each["by_id"] != visit.actor.id
    ]  # fmt: skip
    stock = file.stock
    return visit.page(
        "stock_ledger.html", status=status_of(trouble) if trouble else 200, stock=stock,
        lines=list(reversed(file.lines)), counts=file.counts, trouble=trouble,
        acts=[each for each in Act if each not in ENDS], sending=sending,
        passage=_passage(visit, file), passings=Passing,
        typed=typed.texts if typed else {}, others=others, measured=say_measured, filed=FILED,
        editable=active and may_edit(visit, find_kind(KIND)), seen=len(file.lines),
        record_link=record_link(KIND, stock.key, stock.unit_code),
        done=visit.request.query_params.get("done", "") if visit.request.method == "GET" else "",
    )  # fmt: skip


def _passage(visit: Visit, file: File) -> Passing:
    """Return whether what is of its class may be sent to another unit."""
    with visit.office.reading() as connection:
        policy = visit.office.rulebooks.at(connection, visit.at).policy
    return policy.stock.passage(file.stock.danger).how
