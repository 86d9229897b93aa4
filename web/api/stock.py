"""Chemicals in stock: what each ledger says, its lines, and writing, signing, counting."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Path, Query, Response
from pydantic import Field

from casework.accounts.tokens import Scope
from casework.events import Door
from casework.stock.counting import count_stock
from casework.stock.entering import Typed, enter_stock
from casework.stock.listing import Stock, list_stock, open_ledger
from casework.stock.signing import cancel_stock, file_purchase, refuse_stock, sign_stock
from casework.stock.store import Who, Written
from rules.access import Verb
from rules.stock.dangers import Danger
from rules.stock.entries import Act, Stand, say_amount
from web.api.asked import After, Asking, Size
from web.api.calls import Asked
from web.api.cases import next_page
from web.api.routing import Operations
from web.api.sent import Given, Name
from web.api.shapes import Told

operations = Operations("stock")

Chemical = Annotated[int, Path(ge=1, lt=2**63, description="a chemical's id, as the list tells")]


class StockList(Asking):
    place: Name = ""
    text: Name = ""
    waiting: bool = Field(default=False, description="only with a signature to give")
    after: After = ""
    size: Size = 50


class Chemicals(Told):
    """A chemical in stock; amounts are decimal texts in its unit of measure."""

    id: int
    unit: str
    unit_code: str
    key: str
    name: str
    danger: Danger
    measure: str
    cabinet: str
    here: str
    coming: str
    leaving: str
    waiting: int
    counted_on: date | None
    count_by: date | None


class StockPage(Told):
    """A page of chemicals; ``next`` is the address of the page after it, null on the last."""

    items: list[Chemicals]
    next: str | None


class StockLine(Told):
    no: int
    act: Act
    amount: str
    stand: Stand
    on_day: date
    reason: str
    by: str
    second: str
    at: datetime
    here: str = Field(description="what was here after it")
    filing_no: str


class StockCounted(Told):
    """What was counted, and what the signed lines said; ``case`` tells of a difference."""

    on_day: date
    counted: str
    expected: str
    by: str
    case: str | None


class StockLedger(Told):
    """A ledger: its lines, the first first, and its counts, the newest first."""

    stock: Chemicals
    lines: list[StockLine]
    counts: list[StockCounted]


class NewStockLine(Given):
    act: Act
    amount: Annotated[str, Field(max_length=20)]
    on: date | None = None
    reason: Annotated[str, Field(max_length=200)] = ""
    seen: Annotated[int, Field(ge=0, lt=2**31)] | None = None


class NewStockAct(Given):
    """``reason`` for refusing and cancelling, ``filing_no`` for filing; with ``to`` every line from
    ``no`` to that one is signed that somebody else wrote.
    """

    act: Literal["sign", "refuse", "cancel", "file"]
    no: Annotated[int, Field(ge=1, lt=2**31)]
    to: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    reason: Annotated[str, Field(max_length=200)] = ""
    filing_no: Annotated[str, Field(max_length=60)] = ""


class NewCount(Given):
    counted: Annotated[str, Field(max_length=20)]
    on: date | None = None


class StockWritten(Told):
    no: int
    stand: str
    here: str
    receipt: str
    cases: list[str]


@operations.get("/stock", permission=Verb.VIEW, scope=Scope.READ)
def list_chemicals(
    call: Asked, wanted: Annotated[StockList, Query()], response: Response
) -> StockPage:
    """List the chemicals that you may see, with what their ledgers say."""
    page = list_stock(call.office, by=call.by, **wanted.model_dump())
    following = next_page(call, page.after, response)
    return StockPage(items=[_chemical(each) for each in page.rows], next=following)


@operations.get("/stock/{record}", permission=Verb.VIEW, scope=Scope.READ)
def open_stock_ledger(call: Asked, record: Chemical) -> StockLedger:
    """Open a chemical's ledger, the first line first."""
    file = open_ledger(call.office, record, by=call.by)
    lines = [
        StockLine.model_validate(
            {**each, "amount": say_amount(each["amount"]), "here": say_amount(each["here"])}
        )
        for each in file.lines
    ]
    counts = [
        StockCounted(
            on_day=each["on_day"], counted=say_amount(each["counted"]),
            expected=say_amount(each["expected"]), by=each["by"], case=each["number"],
        )
        for each in file.counts
    ]  # fmt: skip
    return StockLedger(stock=_chemical(file.stock), lines=lines, counts=counts)


@operations.post(
    "/stock/{record}/lines", permission=Verb.VIEW, scope=Scope.MOVE, status_code=201
)  # fmt: skip
def enter_stock_line(call: Asked, record: Chemical, told: NewStockLine) -> StockWritten:
    """Write a line; what is controlled waits for a second person's signature."""
    typed = Typed(told.act, told.amount, _day(told.on), told.reason, told.seen)
    key, unit = _which(call, record)
    return said_written(enter_stock(call.office, key, typed, who_acts(call), unit=unit))


@operations.post("/stock/{record}/acts", permission=Verb.VIEW, scope=Scope.MOVE)
def act_on_stock_line(call: Asked, record: Chemical, told: NewStockAct) -> StockWritten:
    """Sign, refuse or cancel a line, or note the number it is filed under."""
    (key, unit), who = _which(call, record), who_acts(call)
    match told.act:
        case "sign":
            done = sign_stock(call.office, key, told.no, who, unit=unit, to=told.to)
        case "refuse":
            done = refuse_stock(call.office, key, told.no, told.reason, who, unit=unit)
        case "cancel":
            done = cancel_stock(call.office, key, told.no, told.reason, who, unit=unit)
        case _:
            done = file_purchase(call.office, key, told.no, told.filing_no, who, unit=unit)
    return said_written(done)


@operations.post("/stock/{record}/counts", permission=Verb.VIEW, scope=Scope.MOVE, status_code=201)
def count_chemical(call: Asked, record: Chemical, told: NewCount) -> StockWritten:
    """Note what was counted; a difference becomes a case."""
    key, unit = _which(call, record)
    day = _day(told.on)
    return said_written(
        count_stock(call.office, key, told.counted, who_acts(call), unit=unit, on=day)
    )


def _which(call: Asked, record: int) -> tuple[str, str]:
    held = open_ledger(call.office, record, by=call.by).held
    return held.key, held.unit.code


def who_acts(call: Asked) -> Who:
    """Return who acts on stock by the API."""
    return Who(call.by, call.at, Door.API)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _chemical(each: Stock) -> Chemicals:
    amounts = {name: say_amount(value) for name, value in each.balance._asdict().items()}
    return Chemicals.model_validate({**each._asdict(), **amounts})


def said_written(done: Written) -> StockWritten:
    """Return what became of a ledger, as it goes out."""
    return StockWritten(
        no=done.no, stand=done.stand, here=say_amount(done.here), receipt=done.receipt,
        cases=[*done.cases],
    )  # fmt: skip
