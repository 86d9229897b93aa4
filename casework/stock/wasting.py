"""What a batch of waste came from: lines of chemicals that were issued or sent to waste."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from casework.errors import Invalid, Refused
from casework.office import Office
from casework.registers.acts import editing
from casework.registers.places import find_kind
from casework.registers.store import Held
from casework.stock.store import Ledger, Who, find_line, take, tell_of
from models.tables import STOCK_WASTES
from rules.registers.acts import RegisterAct
from rules.stock.balance import wastable
from rules.stock.entries import read_amount
from rules.wording import Wording

WASTE = "waste"
WASTES = STOCK_WASTES.c


class Source(NamedTuple):
    """A line of a chemical's ledger, and how much of it went into the batch; 0 takes it back."""

    key: str
    no: int
    amount: str


class Named(NamedTuple):
    """What a batch says it came from; ``amount`` in thousandths of the chemical's measure."""

    batch: str
    unit: str
    key: str
    no: int
    amount: int
    receipt: str


def name_source(office: Office, batch: str, source: Source, who: Who, *, unit: str = "") -> Named:
    """Say how much of a signed line went into a batch of the same unit, no more than is left of it.

    Raise Invalid for an amount, Refused where less is left, or the batch is handed over; NotFound.
    """
    amount = read_amount(source.amount)
    if amount is None:
        raise Invalid(
            Wording("数量须是 0 或正数，至多三位小数", "the amount must be 0 or more"),
            remedy=Wording("例如 1.5；填 0 即撤回。", "For example 1.5; 0 takes it back."),
            where="amount",
        )
    with office.writing() as connection:
        ledger = take(connection, source.key, unit, who)
        held, hand = editing(connection, find_kind(WASTE), (batch, ledger.held.unit.code), who)
        _require_here(held)
        before = _named(connection, held, ledger, source.no)
        _require_left(ledger, source.no, before, amount)
        _name(connection, held, ledger, (source.no, amount))
        body = {"chemical": ledger.held.key, "line": source.no, "amount": amount}
        receipt = tell_of(connection, WASTE, (held, hand), RegisterAct.WASTE, body)
    return Named(held.key, held.unit.name, ledger.held.key, source.no, amount, receipt)


def _require_here(held: Held) -> None:
    if held.values.get("handed_on"):
        raise Refused(
            Wording(f"批次“{held.key}”已移交", f"the batch {held.key!r} is handed over"),
            remedy=Wording("移交后来源不再变更。", "What it came from stays as it is."),
            where="batch",
        )


def _require_left(ledger: Ledger, no: int, before: int, amount: int) -> None:
    find_line(ledger, no)
    others = {**ledger.wasted, no: ledger.wasted.get(no, 0) - before}
    left = wastable(ledger.entries, others).get(no, 0)
    if amount > left:
        said = ledger.said(left)
        raise Refused(
            Wording(
                f"第 {no} 笔可归入废弃物的只有 {said.zh}",
                f"only {said.en} of line {no} can have gone to waste",
            ),
            remedy=Wording(
                "只能是已签字的领用或转废，扣除已归还和已归入其他批次的。",
                "Of what was issued or sent to waste and is signed, less what came back or went "
                "into other batches.",
            ),
            where="amount",
        )


def _of(held: Held, ledger: Ledger, no: int) -> ColumnElement[bool]:
    return and_(WASTES.batch_id == held.id, WASTES.record_id == ledger.held.id, WASTES.no == no)


def _named(connection: Connection, held: Held, ledger: Ledger, no: int) -> int:
    found = select(WASTES.amount).where(_of(held, ledger, no))
    return connection.execute(found).scalar() or 0


def _name(connection: Connection, held: Held, ledger: Ledger, line: tuple[int, int]) -> None:
    no, amount = line
    connection.execute(delete(STOCK_WASTES).where(_of(held, ledger, no)))
    if amount:
        columns = {
            "batch_id": held.id, "record_id": ledger.held.id, "no": no, "amount": amount,
            "by_id": ledger.hand.by, "at": ledger.hand.at,
        }  # fmt: skip
        connection.execute(insert(STOCK_WASTES), columns)
