"""Sending, receiving and declining chemicals from the command line, and how transfers stand."""

from typing import Any

from casework.stock.receiving import decline_stock, receive_stock
from casework.stock.sending import Sending, send_stock
from casework.stock.transits import Transfer, list_transfers, open_transfer
from cli.desk import Desk
from cli.printing import Answer, heading, lines, plain_text
from cli.stock_acts import said_done, who_acts
from rules.stock.entries import say_amount
from rules.stock.measures import say_measured
from rules.wording import Wording
from rules.words import moment


def show_list(desk: Desk, size: int, after: str) -> Answer:
    with desk.office() as office:
        page = list_transfers(office, by=desk.by, size=size, after=after)
    told = [plain_text(_line(desk, each)) for each in page.rows]
    more = [f"--after {page.after}"] if page.after else []
    total = desk.say(Wording(f"共 {len(page.rows)} 笔", f"{len(page.rows)} in all"))
    data = {"rows": [_data(each) for each in page.rows], "after": page.after}
    return Answer(data, lines(*told, total, *more))


def show_one(desk: Desk, number: int) -> Answer:
    with desk.office() as office:
        found = open_transfer(office, number, by=desk.by)
    told = [plain_text(f"{moment(each['at'])}  {each[desk.locale]}") for each in found.story]
    return Answer(_data(found), lines(heading(_line(desk, found)), *told))


def send_some(desk: Desk, key: str, typed: tuple[str, str, str, str, str], unit: str) -> Answer:
    with desk.office() as office:
        done = send_stock(office, key, Sending(*typed), who_acts(desk), unit=unit)
    number = Wording(f"调拨 {done.transfer}", f"transfer {done.transfer}")
    return said_done(desk, done.written, number, transfer=done.transfer)


def receive_one(desk: Desk, number: int, key: str, amount: str) -> Answer:
    with desk.office() as office:
        return said_done(desk, receive_stock(office, number, key, amount, who_acts(desk)))


def decline_one(desk: Desk, number: int, reason: str) -> Answer:
    with desk.office() as office:
        done = decline_stock(office, number, reason, who_acts(desk))
    told = [Wording("已拒收", "declined")]
    told += [Wording(f"已立案 {each}", f"raised {each}") for each in done.cases]
    told.append(Wording(f"回执 {done.receipt}", f"receipt {done.receipt}"))
    data = {"transfer": number, "cases": [*done.cases], "receipt": done.receipt}
    return Answer(data, lines(*(desk.say(each) for each in told)))


def _line(desk: Desk, each: Transfer) -> str:
    amount = desk.say(say_measured(each.amount, each.measure))
    way = f"{each.from_unit} → {each.to_unit}"
    return f"{each.id}  {each.on_day}  {each.name} {amount}  {way}  {desk.say(each.state.label)}"


def _data(each: Transfer) -> dict[str, Any]:
    received = None if each.received is None else say_amount(each.received)
    left_out = {"signers", "record", "into", "to_id", "story"}
    kept = {name: value for name, value in each._asdict().items() if name not in left_out}
    return {**kept, "amount": say_amount(each.amount), "received": received}
