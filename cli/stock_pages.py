"""The stock as pages: every chemical, and one ledger."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from rich.console import Console, RenderableType

from casework.stock.listing import File, Stock, find_ledger, list_stock
from cli.desk import Desk
from cli.printing import Answer, Column, heading, lines, plain_text, table
from rules.stock.entries import Act, Stand, say_amount
from rules.wording import Wording


class Wanted(NamedTuple):
    """Which chemicals."""

    place: str
    text: str
    waiting: bool
    size: int
    after: str


def show_list(desk: Desk, wanted: Wanted) -> Answer:
    with desk.office() as office:
        page = list_stock(office, by=desk.by, **wanted._asdict())

    def show(out: Console) -> None:
        if page.rows:
            made = table(_COLUMNS, desk.locale)
            for each in page.rows:
                made.add_row(*_cells(desk, each))
            out.print(made)
        out.print(desk.say(Wording(f"共 {len(page.rows)} 种", f"{len(page.rows)} in all")))
        if page.after:
            out.print(f"--after {page.after}")

    return Answer({"rows": [said_stock(each) for each in page.rows], "after": page.after}, show)


def show_ledger(desk: Desk, key: str, unit: str) -> Answer:
    with desk.office() as office:
        file = find_ledger(office, key, by=desk.by, unit=unit)
    stock = said_stock(file.stock)
    data = {"stock": stock, "lines": [*file.lines], "counts": [*file.counts]}
    return Answer(data, lines(*_told(desk, file)))


def said_stock(each: Stock) -> dict[str, Any]:
    """Return a chemical with its amounts as a person reads them."""
    amounts = {name: say_amount(value) for name, value in each.balance._asdict().items()}
    return {**each._asdict(), "balance": amounts}


_COLUMNS = [
    Column(Wording("编号", "code")),
    Column(Wording("品名", "name"), ratio=1),
    Column(Wording("类别", "class")),
    Column(Wording("单位", "unit")),
    Column(Wording("账面", "here")),
    Column(Wording("待签字", "to sign")),
    Column(Wording("上次盘点", "counted on")),
]


def _cells(desk: Desk, each: Stock) -> list[RenderableType]:
    return [
        plain_text(each.key), plain_text(each.name), plain_text(desk.say(each.danger.label)),
        plain_text(each.unit), say_amount(each.balance.here), f"{each.waiting or ''}",
        f"{each.counted_on or ''}",
    ]  # fmt: skip


def _told(desk: Desk, file: File) -> list[str | RenderableType]:
    stock = file.stock
    here = say_amount(stock.balance.here)
    return [
        heading(f"{stock.key} {stock.name}  {stock.unit}"),
        desk.say(Wording(f"账面 {here}，存放 {stock.cabinet}", f"{here} in {stock.cabinet}")),
        *[plain_text(_line(desk, each)) for each in file.lines],
        *[plain_text(_count(desk, each)) for each in file.counts],
    ]


def _line(desk: Desk, each: Mapping[str, Any]) -> str:
    act, stand = Act(each["act"]), Stand(each["stand"])
    amount = f"{'+' if act.sign > 0 else '-'}{say_amount(each['amount'])}"
    people = "、".join(name for name in (each["by"], each["second"]) if name)
    said = f"{each['no']}  {each['on_day']}  {desk.say(act.label)} {amount}  {people}"
    return f"{said}  {desk.say(stand.label)}  {each['reason']}".rstrip()


def _count(desk: Desk, each: Mapping[str, Any]) -> str:
    counted, expected = say_amount(each["counted"]), say_amount(each["expected"])
    told = Wording(f"盘点 {counted}，账面 {expected}", f"counted {counted}, expected {expected}")
    return f"{each['on_day']}  {desk.say(told)}  {each['number'] or ''}".rstrip()
