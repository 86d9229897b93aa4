"""Entering, signing, correcting, counting and filing from the command line."""

from casework.events import Door
from casework.stock.counting import count_stock
from casework.stock.entering import Typed, enter_stock
from casework.stock.signing import cancel_stock, file_purchase, refuse_stock, sign_stock
from casework.stock.store import Who, Written
from cli.desk import Desk
from cli.printing import Answer, lines
from rules.stock.entries import Stand, say_amount
from rules.wording import Wording


def enter_one(desk: Desk, key: str, typed: tuple[str, str, str, str], unit: str) -> Answer:
    with desk.office() as office:
        done = enter_stock(office, key, Typed(*typed), _who(desk), unit=unit)
    return _done(desk, done)


def sign_one(desk: Desk, key: str, no: int, to: int | None, unit: str) -> Answer:
    with desk.office() as office:
        return _done(desk, sign_stock(office, key, no, _who(desk), unit=unit, to=to))


def refuse_one(desk: Desk, key: str, no: int, reason: str, unit: str) -> Answer:
    with desk.office() as office:
        return _done(desk, refuse_stock(office, key, no, reason, _who(desk), unit=unit))


def cancel_one(desk: Desk, key: str, no: int, reason: str, unit: str) -> Answer:
    with desk.office() as office:
        return _done(desk, cancel_stock(office, key, no, reason, _who(desk), unit=unit))


def count_one(desk: Desk, key: str, counted: str, on: str, unit: str) -> Answer:
    with desk.office() as office:
        return _done(desk, count_stock(office, key, counted, _who(desk), unit=unit, on=on))


def file_one(desk: Desk, key: str, no: int, filing_no: str, unit: str) -> Answer:
    with desk.office() as office:
        return _done(desk, file_purchase(office, key, no, filing_no, _who(desk), unit=unit))


def _who(desk: Desk) -> Who:
    return Who(desk.by, desk.at, Door.CLI)


def _done(desk: Desk, done: Written) -> Answer:
    here = say_amount(done.here)
    told = [Wording(f"{done.key}:账面 {here}", f"{done.key}: {here} on the ledger")]
    if done.stand:
        stand = Stand(done.stand).label
        told = [Wording(f"第 {done.no} 笔{stand.zh},账面 {here}",
                        f"line {done.no} {stand.en}; {here} on the ledger")]  # fmt: skip
    told += [Wording(f"已立案 {each}", f"raised {each}") for each in done.cases]
    told.append(Wording(f"回执 {done.receipt}", f"receipt {done.receipt}"))
    data = {**done._asdict(), "here": here, "cases": [*done.cases]}
    return Answer(data, lines(*(desk.say(each) for each in told)))
