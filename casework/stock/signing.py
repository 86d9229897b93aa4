"""The second signature of a line, its refusal, its cancelling, and the number it is filed under."""

from collections.abc import Sequence

from sqlalchemy import Connection

from casework.duties.ending import fulfil
from casework.errors import Invalid, Refused
from casework.forms import clean, read_reason
from casework.office import Office
from casework.stock.entering import FILING, LONGEST, LONGEST_NUMBER
from casework.stock.store import (
    Ledger,
    Who,
    Written,
    change_line,
    find_line,
    same_person,
    take,
    tell,
)
from casework.stock.transits import RECEIVING, is_received, require_other_hands
from rules.registers.acts import RegisterAct
from rules.stock.balance import balance, may_drop
from rules.stock.entries import FILED, Stand
from rules.wording import Wording


def sign_stock(
    office: Office, key: str, no: int, who: Who, *, unit: str = "", to: int | None = None
) -> Written:
    """Sign a line as the second person; with ``to`` every line from ``no`` to that one that waits
    for somebody else's signature. Raise Refused for its writer, or when none is asked for.
    """
    with office.writing() as connection:
        ledger = take(connection, key, unit, who)
        signed = [no] if to is None else _for_others(ledger, no, to)
        _require_waiting(ledger, signed[0])
        columns = {"stand": Stand.STANDS, "second_id": ledger.hand.by, "second_at": ledger.hand.at}
        require_other_hands(connection, ledger, signed)
        for each in signed:
            change_line(connection, ledger, each, columns)
        body = {"line": no} if to is None else {"lines": signed}
        receipt = tell(connection, ledger, RegisterAct.SIGN, body)
    return _written(ledger, signed, Stand.STANDS, receipt)


def refuse_stock(
    office: Office, key: str, no: int, reason: str, who: Who, *, unit: str = ""
) -> Written:
    """Refuse to sign a line, with the reason: it counts no more. Raise as ``sign_stock`` does."""
    words = read_reason(reason, longest=LONGEST)
    with office.writing() as connection:
        ledger = take(connection, key, unit, who)
        _require_waiting(ledger, no)
        _require_loose(connection, ledger, no)
        columns = {
            "stand": Stand.REFUSED, "second_id": ledger.hand.by, "second_at": ledger.hand.at,
            "closing": words,
        }  # fmt: skip
        change_line(connection, ledger, no, columns)
        body = {"line": no, "reason": words}
        receipt = tell(connection, ledger, RegisterAct.REFUSE, body)
        _owe_no_more(connection, ledger, no)
    return _written(ledger, [no], Stand.REFUSED, receipt)


def cancel_stock(
    office: Office, key: str, no: int, reason: str, who: Who, *, unit: str = ""
) -> Written:
    """Cancel a line that was wrong, with the reason; it stays to be read.

    Where two people sign, whoever cancels is not the one who wrote it. Raise Refused when the
    ledger without it would have gone below nothing, or it counts no more anyway.
    """
    words = read_reason(reason, longest=LONGEST)
    with office.writing() as connection:
        ledger = take(connection, key, unit, who)
        row = find_line(ledger, no)
        if row.stand.is_gone:
            raise _closed(no)
        if ledger.needs_two(row.act) and row.by_id == ledger.hand.by:
            raise same_person()
        _require_loose(connection, ledger, no)
        change_line(connection, ledger, no, {"stand": Stand.CANCELLED, "closing": words})
        body = {"line": no, "reason": words}
        receipt = tell(connection, ledger, RegisterAct.CANCEL, body)
        _owe_no_more(connection, ledger, no)
    return _written(ledger, [no], Stand.CANCELLED, receipt)


def file_purchase(
    office: Office, key: str, no: int, filing_no: str, who: Who, *, unit: str = ""
) -> Written:
    """Note the number under which a purchase is filed with the police; its duty is done."""
    number = clean(filing_no, where="filing_no", longest=LONGEST_NUMBER)
    if not number:
        raise Invalid(
            Wording("没有填备案编号", "the filing number is missing"),
            remedy=Wording("请填公安机关给的编号。", "Give the number the police gave."),
            where="filing_no",
        )
    with office.writing() as connection:
        ledger = take(connection, key, unit, who)
        row = find_line(ledger, no)
        if row.act not in FILED or row.stand.is_gone:
            raise _closed(no)
        change_line(connection, ledger, no, {"filing_no": number})
        body = {"line": no, "filing_no": number}
        receipt = tell(connection, ledger, RegisterAct.FILE, body)
        fulfil(connection, FILING, [f"{ledger.held.id}/{no}"], who.at, ledger.hand.by)
    return _written(ledger, [no], row.stand, receipt)


def _owe_no_more(connection: Connection, ledger: Ledger, no: int) -> None:
    """End what a line that counts no more asked for: its filing, its being taken in."""
    for duty in (FILING, RECEIVING):
        fulfil(connection, duty, [f"{ledger.held.id}/{no}"], ledger.hand.at, ledger.hand.by)


def _for_others(ledger: Ledger, first: int, last: int) -> list[int]:
    """Return the lines of a range that wait and are another's; its first one where there is none,
    of which it is then said why not.
    """
    others = [
        row.no for row in ledger.rows
        if first <= row.no <= last and row.stand is Stand.WAITING and row.by_id != ledger.hand.by
    ]  # fmt: skip
    return others or [first]


def _written(ledger: Ledger, changed: Sequence[int], stand: Stand, receipt: str) -> Written:
    held, entries = ledger.held, ledger.entries
    now = [each._replace(stand=stand) if each.no in changed else each for each in entries]
    here = balance(now).here
    return Written(held.key, held.unit.name, changed[-1], stand.value, here, receipt)


def _require_waiting(ledger: Ledger, no: int) -> None:
    row = find_line(ledger, no)
    if row.stand is not Stand.WAITING:
        raise Refused(
            Wording(f"第 {no} 笔不待签字", f"line {no} waits for no signature"),
            remedy=Wording("请刷新台账。", "Look at the ledger again."),
            where="no",
        )
    if row.by_id == ledger.hand.by:
        raise same_person()


def _require_loose(connection: Connection, ledger: Ledger, no: int) -> None:
    """Raise Refused for a line that something came of: an issue, a return, waste, a reception."""
    if not may_drop(ledger.entries, no, ledger.wasted) or is_received(connection, ledger, no):
        raise Refused(
            Wording(
                f"第 {no} 笔之后已有领用、归还、废弃物或接收",
                f"line {no} has been issued from since, returned, wasted or received",
            ),
            remedy=Wording("请先更正其后的记录。", "Correct what came of it first."),
            where="no",
        )


def _closed(no: int) -> Refused:
    return Refused(
        Wording(f"第 {no} 笔已不能这样办理", f"this cannot be done to line {no} any more"),
        remedy=Wording("请查看台账。", "Look at the ledger."),
        where="no",
    )
