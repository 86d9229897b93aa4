"""盘点: count what is there, and hold it against the ledger; a difference is a hazard."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select

from casework.duties.ending import fulfil
from casework.duties.opening import Wanted, open_duties
from casework.errors import Invalid
from casework.intake import Intake, Report
from casework.office import Office
from casework.raising import Hazard, category_of, raise_cases
from casework.stock.store import Ledger, Who, Written, day_of, take, tell
from models.tables import STOCK_COUNTS
from rules.case import Level
from rules.registers.acts import RegisterAct
from rules.stock.balance import balance
from rules.stock.dangers import count_due
from rules.stock.entries import read_amount
from rules.wording import Wording

COUNTING = "stock_count"


def count_stock(
    office: Office, key: str, counted: str, who: Who, *, unit: str = "", on: str = ""
) -> Written:
    """Note what was counted; where it differs from the signed lines, a case tells of it.

    The next count of a controlled chemical becomes a duty. Raise Invalid, Refused or NotFound.
    """
    amount = read_amount(counted)
    if amount is None:
        raise Invalid(
            Wording("盘点数量须是 0 或正数，至多三位小数", "what was counted must be 0 or more"),
            remedy=Wording("例如 1.5。", "For example 1.5."),
            where="counted",
        )
    day = day_of(on, who.at)
    with office.writing() as connection:
        ledger = take(connection, key, unit, who)
        found = balance(ledger.entries)
        case = _raise(connection, office, ledger, (amount, found.signed, day))
        body = {"counted": amount, "expected": found.signed, "on": day.isoformat()}
        body |= {"case": case[1]} if case else {}
        receipt = tell(connection, ledger, RegisterAct.COUNT, body)
        _owe_next(connection, ledger, day)
        connection.execute(insert(STOCK_COUNTS), _row(ledger, amount, found.signed, day, case))
    numbers = (case[1],) if case else ()
    return Written(ledger.held.key, ledger.held.unit.name, 0, "", found.here, receipt, numbers)


def _row(
    ledger: Ledger, counted: int, expected: int, day: date, case: tuple[int, str] | None
) -> dict[str, Any]:
    return {
        "record_id": ledger.held.id, "on_day": day, "counted": counted, "expected": expected,
        "by_id": ledger.hand.by, "at": ledger.hand.at, "case_id": case[0] if case else None,
    }  # fmt: skip


def _raise(
    connection: Connection, office: Office, ledger: Ledger, found: tuple[int, int, date]
) -> tuple[int, str] | None:
    counted, expected, day = found
    if counted == expected:
        return None
    book = office.rulebooks.at(connection, ledger.hand.at)
    held = ledger.held
    told = Report(
        held.unit.code,
        f"{ledger.danger.label.zh}化学品“{ledger.name}”账物不符：账面 {ledger.said(expected).zh}，"
        f"实盘 {ledger.said(counted).zh}（{day}）",
        category_of("laboratory", book).key,
        location=held.values["cabinet"],
        measure="查明原因，以盘盈、盘亏入账更正",
        level=Level.MAJOR if ledger.danger.is_controlled else Level.ORDINARY,
        source="危险化学品安全管理条例（2013） 第25条：出入库核查、登记制度",
    )
    said = {"stock": {"chemical": held.key, "counted": counted, "expected": expected}}
    intake = Intake(book, ledger.hand.by, ledger.hand.at, ledger.hand.door)
    return raise_cases(connection, intake, [Hazard(held.unit, told, said)]).cases[0]


def _owe_next(connection: Connection, ledger: Ledger, day: date) -> None:
    """End the duty that this count was, and open the next one."""
    if not ledger.danger.is_controlled:
        return
    held, hand = ledger.held, ledger.hand
    counts = STOCK_COUNTS.c
    last = connection.execute(
        select(func.max(counts.on_day)).where(counts.record_id == held.id)
    ).scalar_one()
    if last:
        key = f"{held.id}/{count_due(last)}"
        fulfil(connection, COUNTING, [key], hand.at, hand.by, door=hand.door)
    title = Wording(f"盘点{ledger.name}（{held.key}）", f"count {ledger.name} ({held.key})")
    due = count_due(max(day, last or day))
    link = f"/stock/{held.id}"
    wanted = Wanted(COUNTING, f"{held.id}/{due}", held.unit.id, due, title, link)
    open_duties(connection, [wanted], hand.at, door=hand.door)
