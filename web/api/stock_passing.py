"""What leaves a stock: sent to another unit and received there, or gone into a batch of waste."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import Path, Query, Response
from pydantic import Field

from casework.accounts.tokens import Scope
from casework.stock.batches import open_batch
from casework.stock.listing import open_ledger
from casework.stock.receiving import decline_stock, receive_stock
from casework.stock.sending import Sending, send_stock
from casework.stock.transits import Transfer, list_transfers, open_transfer
from casework.stock.wasting import Source, name_source
from rules.access import Verb
from rules.stock.dangers import Danger
from rules.stock.disposal import Disposal
from rules.stock.entries import say_amount
from rules.stock.transfers import Transit
from web.api.asked import After, Asking, Size
from web.api.calls import Asked
from web.api.cases import next_page
from web.api.routing import Operations
from web.api.sent import Given
from web.api.shapes import Told
from web.api.stock import Chemical, StockWritten, said_written, who_acts

operations = Operations("stock")

Number = Annotated[
    int, Path(ge=1, lt=2**63, alias="transfer", description="a transfer's id, as its list tells")
]
Waste = Annotated[int, Path(ge=1, lt=2**63, alias="batch", description="a record of waste's id")]
Words = Annotated[str, Field(max_length=200)]
Amount = Annotated[str, Field(max_length=20)]


class TransferList(Asking):
    after: After = ""
    size: Size = 50


class NewTransfer(Given):
    """``to`` is a unit's code or full name; ``permit_no`` where the policy asks for one."""

    to: Words
    amount: Amount
    reason: Words
    permit_no: Annotated[str, Field(max_length=60)] = ""
    on: date | None = None


class NewTransferAct(Given):
    """``key`` (a chemical of the receiving unit) and ``amount`` to receive, or ``reason``."""

    act: Literal["receive", "decline"]
    key: Annotated[str, Field(max_length=40)] = ""
    amount: Amount = ""
    reason: Words = ""


class StockPassed(Told):
    """A transfer; amounts are decimal texts, ``received`` is null until it is."""

    id: int
    name: str
    danger: Danger
    measure: str
    amount: str
    received: str | None
    from_unit: str
    to_unit: str
    on_day: date
    reason: str
    permit_no: str
    state: Transit


class StockPassedPage(Told):
    """A page of transfers; ``next`` is the address of the page after it, null on the last."""

    items: list[StockPassed]
    next: str | None


class StockSent(Told):
    transfer: int
    written: StockWritten


class NewSource(Given):
    """A line of a chemical of the same unit; an amount of 0 takes it back."""

    key: Annotated[str, Field(max_length=40)]
    no: Annotated[int, Field(ge=1, lt=2**31)]
    amount: Amount


class WasteSource(Told):
    key: str
    name: str
    no: int
    amount: str
    measure: str
    by: str
    at: datetime


class WasteStage(Told):
    stage: Disposal
    reached: bool
    told: str = Field(description="the day or place that says so")


class WasteBatch(Told):
    """A batch of waste: how far its disposal is, and the lines it came from."""

    key: str
    unit: str
    stages: list[WasteStage]
    sources: list[WasteSource]


@operations.get("/stock/transfers", permission=Verb.VIEW, scope=Scope.READ)
def list_stock_transfers(
    call: Asked, wanted: Annotated[TransferList, Query()], response: Response
) -> StockPassedPage:
    """List transfers from and to where you may look, the newest first."""
    page = list_transfers(call.office, by=call.by, size=wanted.size, after=wanted.after)
    following = next_page(call, page.after, response)
    return StockPassedPage(items=[_passed(each) for each in page.rows], next=following)


@operations.get("/stock/transfers/{transfer}", permission=Verb.VIEW, scope=Scope.READ)
def get_stock_transfer(call: Asked, number: Number) -> StockPassed:
    """Get a transfer that you see from either end."""
    return _passed(open_transfer(call.office, number, by=call.by))


@operations.post("/stock/transfers/{transfer}/acts", permission=Verb.VIEW, scope=Scope.MOVE)
def act_on_stock_transfer(call: Asked, number: Number, told: NewTransferAct) -> StockWritten:
    """Receive what was sent, or decline it; what is short or declined becomes a case."""
    office, who = call.office, who_acts(call)
    if told.act == "receive":
        return said_written(receive_stock(office, number, told.key, told.amount, who))
    return said_written(decline_stock(office, number, told.reason, who))


@operations.post(
    "/stock/{record}/transfers", permission=Verb.VIEW, scope=Scope.MOVE, status_code=201
)  # fmt: skip
def send_chemical(call: Asked, record: Chemical, told: NewTransfer) -> StockSent:
    """Send some of a chemical to another unit, once a second person has signed for it."""
    held = open_ledger(call.office, record, by=call.by).held
    day = told.on.isoformat() if told.on else ""
    typed = Sending(told.to, told.amount, told.reason, told.permit_no, day)
    done = send_stock(call.office, held.key, typed, who_acts(call), unit=held.unit.code)
    return StockSent(transfer=done.transfer, written=said_written(done.written))


@operations.get("/stock/waste/{batch}", permission=Verb.VIEW, scope=Scope.READ)
def get_waste_batch(call: Asked, number: Waste) -> WasteBatch:
    """Get a batch of waste with its stages and what it came from."""
    batch = open_batch(call.office, number, by=call.by)
    stages = [
        WasteStage(stage=each.stage, reached=each.stands == "done", told=each.told)
        for each in batch.stages
    ]
    sources: list[dict[str, Any]] = [
        {**each._asdict(), "amount": say_amount(each.amount)} for each in batch.sources
    ]
    return WasteBatch.model_validate({
        "key": batch.held.key, "unit": batch.held.unit.name, "stages": stages, "sources": sources,
    })  # fmt: skip


@operations.post("/stock/waste/{batch}/sources", permission=Verb.VIEW, scope=Scope.MOVE)
def name_waste_source(call: Asked, number: Waste, told: NewSource) -> WasteBatch:
    """Say how much of a signed line went into a batch, no more than is left of it."""
    held = open_batch(call.office, number, by=call.by).held
    source = Source(told.key, told.no, told.amount)
    name_source(call.office, held.key, source, who_acts(call), unit=held.unit.code)
    return get_waste_batch(call, number)


def _passed(each: Transfer) -> StockPassed:
    received = None if each.received is None else say_amount(each.received)
    amounts = {"amount": say_amount(each.amount), "received": received}
    return StockPassed.model_validate({**each._asdict(), **amounts})
