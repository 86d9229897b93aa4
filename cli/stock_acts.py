"""Entering, signing, correcting, counting and filing from the command line."""

from casework.events import Door
from casework.stock.counting import count_stock
from casework.stock.entering import Typed, enter_stock
from casework.stock.signing import cancel_stock, file_purchase, refuse_stock, sign_stock
from casework.stock.store import Who, Written
from casework.stock.wasting import Source, name_source
from cli.desk import Desk
from cli.printing import Answer, lines
from rules.stock.entries import Stand, say_amount
from rules.wording import Wording


def enter_one(desk: Desk, key: str, typed: tuple[str, str, str, str], unit: str) -> Answer:
    with desk.office() as office:
        done = enter_stock(office, key, Typed(*typed), who_acts(desk), unit=unit)
    return said_done(desk, done)


def sign_one(desk: Desk, key: str, no: int, to: int | None, unit: str) -> Answer:
    with desk.office() as office:
        return said_done(desk, sign_stock(office, key, no, who_acts(desk), unit=unit, to=to))


def refuse_one(desk: Desk, key: str, no: int, reason: str, unit: str) -> Answer:
    with desk.office() as office:
        return said_done(desk, refuse_stock(office, key, no, reason, who_acts(desk), unit=unit))


def cancel_one(desk: Desk, key: str, no: int, reason: str, unit: str) -> Answer:
    with desk.office() as office:
        return said_done(desk, cancel_stock(office, key, no, reason, who_acts(desk), unit=unit))


def count_one(desk: Desk, key: str, counted: str, on: str, unit: str) -> Answer:
    with desk.office() as office:
        return said_done(desk, count_stock(office, key, counted, who_acts(desk), unit=unit, on=on))


def file_one(desk: Desk, key: str, no: int, filing_no: str, unit: str) -> Answer:
    with desk.office() as office:
        return said_done(desk, file_purchase(office, key, no, filing_no, who_acts(desk), unit=unit))


def source_one(desk: Desk, batch: str, source: Source, unit: str) -> Answer:
    with desk.office() as office:
        done = name_source(office, batch, source, who_acts(desk), unit=unit)
    amount = say_amount(done.amount)
    told = Wording(
        f"批次 {done.batch}：来自 {done.key} 第 {done.no} 笔 {amount}",
        f"batch {done.batch}: {amount} of {done.key}, line {done.no}",
    )
    receipt = Wording(f"回执 {done.receipt}", f"receipt {done.receipt}")
    return Answer({**done._asdict(), "amount": amount}, lines(desk.say(told), desk.say(receipt)))


def who_acts(desk: Desk) -> Who:
    """Return who acts on stock from the command line."""
    return Who(desk.by, desk.at, Door.CLI)


def said_done(desk: Desk, done: Written, *more: Wording, **data: object) -> Answer:
    """Return what became of a ledger; ``more`` and ``data`` tell of what came with it."""
    here = say_amount(done.here)
    told = [Wording(f"{done.key}：账面 {here}", f"{done.key}: {here} on the ledger")]
    if done.stand:
        stand = Stand(done.stand).label
        told = [Wording(f"第 {done.no} 笔{stand.zh}，账面 {here}",
                        f"line {done.no} {stand.en}; {here} on the ledger")]  # fmt: skip
    told += [*more, *(Wording(f"已立案 {each}", f"raised {each}") for each in done.cases)]
    told.append(Wording(f"回执 {done.receipt}", f"receipt {done.receipt}"))
    said = {**done._asdict(), "here": here, "cases": [*done.cases], **data}
    return Answer(said, lines(*(desk.say(each) for each in told)))
