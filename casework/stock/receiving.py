"""Transfers 调拨, the receiving end: signed for by two others, or declined with a reason.

What does not arrive is a hazard of the unit that sent it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from casework.duties.ending import fulfil
from casework.errors import Invalid, Refused
from casework.forms import read_reason
from casework.intake import Intake, Report
from casework.office import Office
from casework.people import find_actor
from casework.raising import Hazard, category_of, raise_cases
from casework.registers.places import find_kind, find_school, require_editor
from casework.registers.store import FOUND, Hand, read
from casework.stock.entering import LONGEST, Line, write_line
from casework.stock.store import KIND, Ledger, Who, Written, ledger_of, same_person, take, tell
from casework.stock.transits import RECEIVING, TRANSFERS, Transfer, no_such_transfer, read_transfer
from models.tables import REGISTER_RECORDS, STOCK_TRANSFERS
from rules.case import Level
from rules.registers.acts import RegisterAct
from rules.stock.entries import Act, read_amount
from rules.stock.transfers import Transit
from rules.wording import Wording
from rules.workdays import china_day


class _Coming(NamedTuple):
    """What is under way, and the ledger it left, locked."""

    sent: Transfer
    sender: Ledger


def receive_stock(office: Office, transfer: int, key: str, amount: str, who: Who) -> Written:
    """Take in what was sent, into the ledger of chemical ``key``; what is short becomes a case.

    A second person signs for it, and neither of those who sent it. Raise Invalid for an amount or
    a chemical that is another one, Refused for what is not under way, NotFound.
    """
    with office.writing() as connection:
        coming = _coming(connection, transfer, who)
        sent, into = coming.sent, take(connection, key, coming.sent.to_code, who)
        if into.hand.by in sent.signers:
            raise same_person()
        _require_same(sent, into)
        line = _line(sent, amount, who)
        written = write_line(
            connection, office, into, line, transfer=sent.id, sender=sent.from_code
        )
        cases = _raise(connection, office, coming, line.amount)
        ends = {"into_id": into.held.id, "into_no": written.no}
        _end(connection, coming, ends | _of_case(cases))
    return written._replace(cases=[number for _, number in cases])


def decline_stock(office: Office, transfer: int, reason: str, who: Who) -> Written:
    """Decline what was sent, with the reason: a case tells of it, and the sender takes it back by
    cancelling the line it left by. Raise Refused for what is not under way, NotFound.
    """
    words = read_reason(reason, longest=LONGEST)
    with office.writing() as connection:
        coming = _coming(connection, transfer, who)
        sent, hand = coming.sent, coming.sender.hand
        cases = _raise(connection, office, coming, 0)
        body = {"line": sent.no, "transfer": sent.id, "reason": words}
        receipt = tell(connection, coming.sender, RegisterAct.DECLINE, body)
        declined = {"declined_by_id": hand.by, "declined_at": hand.at, "why": words}
        _end(connection, coming, declined | _of_case(cases))
    numbers = [number for _, number in cases]
    return Written(sent.key, sent.from_unit, sent.no, "", 0, receipt, numbers)


def _coming(connection: Connection, number: int, who: Who) -> _Coming:
    """Return what ``who`` may receive now; strangers are told that there is no such thing."""
    record = select(TRANSFERS.record_id).where(TRANSFERS.id == number).scalar_subquery()
    wanted = FOUND.where(REGISTER_RECORDS.c.id == record).with_for_update(of=REGISTER_RECORDS)
    if (row := connection.execute(wanted).first()) is None:
        raise no_such_transfer()
    sent, kind = read_transfer(connection, number), find_kind(KIND)
    actor, to = find_actor(connection, who.by), find_school(connection, sent.to_code)
    if not actor.roles_over(to.path) & kind.see:
        raise no_such_transfer()
    hand = Hand(actor.id, require_editor(actor, kind, to), who.at, who.door)
    if sent.state is not Transit.UNDER_WAY:
        raise _not_coming(sent.state)
    return _Coming(sent, ledger_of(connection, read(row), hand))


def _not_coming(state: Transit) -> Refused:
    said = state.label
    return Refused(
        Wording(f"这笔调拨现为“{said.zh}”，不能接收", f"it cannot be received now: {said.en}"),
        remedy=Wording("请刷新查看。", "Look at the transfer again."),
        where="transfer",
    )


def _require_same(sent: Transfer, into: Ledger) -> None:
    values = into.held.values
    same = sent.danger is into.danger and sent.measure == values["measure"]
    if not same or (sent.cas and values.get("cas") and sent.cas != values["cas"]):
        raise Invalid(
            Wording(
                f"“{into.name}”与调出的“{sent.name}”类别、计量单位或 CAS 号不同",
                f"{into.name!r} differs from {sent.name!r} in class, unit of measure or CAS number",
            ),
            remedy=Wording(
                "请选同一种药品；没有的先登记。", "Choose the same chemical; register it first."
            ),
            where="key",
        )


def _line(sent: Transfer, written: str, who: Who) -> Line:
    amount = read_amount(written)
    if not amount or amount > sent.amount:
        raise Invalid(
            Wording("接收数量须大于 0，不多于调出数量", "received: above 0, no more than was sent"),
            remedy=Wording(
                "没有收到或全部退回的，请办理拒收；多出的由调出单位更正。",
                "Decline what did not come at all; what is too much the sender corrects.",
            ),
            where="amount",
        )
    reason = f"自{sent.from_unit}调入（调拨 {sent.id}）"[:LONGEST]
    return Line(Act.RECEIVE, amount, china_day(who.at), reason)


def _raise(
    connection: Connection, office: Office, coming: _Coming, came: int
) -> Sequence[tuple[int, str]]:
    """Raise a case at the unit that sent it, of what did not arrive."""
    sent, sender = coming
    if came == sent.amount:
        return ()
    hand, is_controlled = sender.hand, sent.danger.is_controlled
    book = office.rulebooks.at(connection, hand.at)
    told = Report(
        sent.from_code,
        f"{sent.danger.label.zh}化学品“{sent.name}”调拨不符：调出 {sender.said(sent.amount).zh}，"
        f"{sent.to_unit}接收 {sender.said(came).zh}（调拨 {sent.id}）",
        category_of("laboratory", book).key,
        location=sender.held.values["cabinet"],
        measure="查明去向，丢失的立即报告公安机关" if is_controlled else "查明去向，更正台账",
        level=Level.MAJOR if is_controlled else Level.ORDINARY,
        source="危险化学品安全管理条例（2013） 第23条：流向如实记录，丢失的立即报告",
    )
    said = {"stock": {"chemical": sent.key, "line": sent.no, "sent": sent.amount, "came": came}}
    intake = Intake(book, hand.by, hand.at, hand.door)
    return raise_cases(connection, intake, [Hazard(sender.held.unit, told, said)]).cases


def _of_case(cases: Sequence[tuple[int, str]]) -> dict[str, Any]:
    return {"case_id": cases[0][0]} if cases else {}


def _end(connection: Connection, coming: _Coming, columns: Mapping[str, Any]) -> None:
    """Keep what became of a transfer; the duty to take it in is done."""
    sent, hand = coming.sent, coming.sender.hand
    key = f"{sent.record}/{sent.no}"
    fulfil(connection, RECEIVING, [key], hand.at, hand.by, door=hand.door)
    connection.execute(update(STOCK_TRANSFERS).where(TRANSFERS.id == sent.id).values(**columns))
