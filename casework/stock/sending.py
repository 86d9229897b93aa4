"""Transfers 调拨, the giving end: a line out of one unit's ledger, signed for by two people there.

What was sent is under way until the other end is signed for.
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, insert

from casework.duties.opening import Wanted, open_duties
from casework.errors import Invalid, Refused
from casework.forms import clean
from casework.office import Office
from casework.registers.places import find_school
from casework.stock.entering import LONGEST_NUMBER, Typed, read_line, write_line
from casework.stock.store import Ledger, Who, Written, take
from casework.stock.transits import RECEIVING, TRANSFERS
from models.tables import STOCK_TRANSFERS
from rules.stock.entries import Act
from rules.stock.transfers import Passage, Passing, receive_due
from rules.wording import Wording


class Sending(NamedTuple):
    """What somebody typed to send something: to which unit, and its permit where one is asked."""

    to: str
    amount: str
    reason: str
    permit_no: str = ""
    on: str = ""


class Sent(NamedTuple):
    """The line it left by, and the transfer's id."""

    written: Written
    transfer: int


def send_stock(office: Office, key: str, typed: Sending, who: Who, *, unit: str = "") -> Sent:
    """Send some of a chemical to another unit, once a second person has signed for it.

    Raise Refused where the policy forbids it of the class, or less is here; Invalid for a field;
    NotFound.
    """
    line = read_line(Typed(Act.SEND, typed.amount, typed.on, typed.reason), who)
    permit = clean(typed.permit_no, where="permit_no", longest=LONGEST_NUMBER)
    with office.writing() as connection:
        ledger = take(connection, key, unit, who)
        to = find_school(connection, typed.to)
        if to.id == ledger.held.unit.id:
            raise _same_unit()
        policy = office.rulebooks.at(connection, who.at).policy
        _require_passage(policy.stock.passage(ledger.danger), ledger, permit)
        said = {"to": to.code, **({"permit": permit} if permit else {})}
        written = write_line(connection, office, ledger, line, **said)
        number = _add(connection, ledger, written.no, (to.id, permit))
        _owe(connection, ledger, (written.no, number, to.id), line.on_day)
    return Sent(written, number)


def _require_passage(passage: Passage, ledger: Ledger, permit: str) -> None:
    danger = ledger.danger.label
    if passage.how is Passing.NEVER:
        raise Refused(
            Wording(f"{danger.zh}化学品不得调拨", f"{danger.en}: not to be passed on"),
            remedy=Wording(f"依据：{passage.source}。", f"Source: {passage.source}."),
            where="danger",
        )
    if passage.how is Passing.PERMIT and not permit:
        raise Invalid(
            Wording(
                f"{danger.zh}化学品凭接收单位的许可或备案证明调拨",
                f"{danger.en}: passed on to who has a permit or is filed",
            ),
            remedy=Wording(
                f"请填许可证或备案证明编号。依据：{passage.source}。",
                f"Give the number of the permit or filing. Source: {passage.source}.",
            ),
            where="permit_no",
        )


def _same_unit() -> Invalid:
    return Invalid(
        Wording("接收单位就是本单位", "this is the unit that sends it"),
        remedy=Wording("请填另一单位的代码或全称。", "Give another unit's code or full name."),
        where="to",
    )


def _add(connection: Connection, ledger: Ledger, no: int, to: tuple[int, str]) -> int:
    columns = {
        "record_id": ledger.held.id, "no": no, "to_unit_id": to[0], "permit_no": to[1], "why": "",
    }  # fmt: skip
    done = connection.execute(insert(STOCK_TRANSFERS).values(columns).returning(TRANSFERS.id))
    return int(done.scalar_one())


def _owe(connection: Connection, ledger: Ledger, sent: tuple[int, int, int], on: date) -> None:
    """Let the receiving unit owe that it takes it in or declines it."""
    no, number, unit = sent
    held, hand = ledger.held, ledger.hand
    title = Wording(
        f"签收自{held.unit.name}调入的{ledger.name}",
        f"take in {ledger.name}, sent by {held.unit.name}",
    )
    link = f"/stock/transfers/{number}"
    wanted = Wanted(RECEIVING, f"{held.id}/{no}", unit, receive_due(on), title, link)
    open_duties(connection, [wanted], hand.at, door=hand.door)
