"""Lines of a chemical's ledger: bought, issued, returned, sent to waste, lost, put right."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from casework.duties.opening import Wanted, open_duties
from casework.errors import Conflict, Invalid, Refused
from casework.forms import clean
from casework.intake import Intake, Report
from casework.office import Office
from casework.raising import Hazard, category_of, raise_cases
from casework.rulebook import Rulebook
from casework.stock.store import Ledger, Who, Written, add_line, day_of, take, tell
from rules.case import Level
from rules.registers.acts import RegisterAct
from rules.stock.balance import balance, left_out, may_add
from rules.stock.dangers import file_due
from rules.stock.entries import (
    ENDS,
    FILED,
    NEED_REASON,
    Act,
    Entry,
    Stand,
    read_act,
    read_amount,
)
from rules.wording import Wording

LONGEST, LONGEST_NUMBER = 200, 60
FILING = "stock_filing"


class Typed(NamedTuple):
    """A line as somebody typed it. ``on`` is the day it happened, blank for today; ``seen`` the
    number of lines its writer has read, None for whatever is there; ``filing_no`` the number under
    which the police filed a purchase, where it is known already.
    """

    act: str
    amount: str
    on: str = ""
    reason: str = ""
    seen: int | None = None
    filing_no: str = ""


class Line(NamedTuple):
    """What was typed, read; ``amount`` in thousandths."""

    act: Act
    amount: int
    on_day: date
    reason: str
    filing_no: str = ""


def enter_stock(office: Office, key: str, typed: Typed, who: Who, *, unit: str = "") -> Written:
    """Write a line; what is highly toxic or a precursor waits for a second person's signature.

    Raise Invalid for a field, Refused where the person may not or less is here, Conflict when
    somebody wrote meanwhile, NotFound.
    """
    line = read_line(typed, who)
    require_one_end(line.act)
    with office.writing() as connection:
        ledger = take(connection, key, unit, who)
        _require_seen(ledger, typed.seen)
        return write_line(connection, office, ledger, line)


def read_line(typed: Typed, who: Who) -> Line:
    """Return what was typed; raise Invalid for a field that cannot be."""
    if (act := read_act(typed.act)) is None:
        raise Invalid(
            Wording("没有这种出入库", "there is no such entry"),
            remedy=Wording(
                "可填：" + "、".join(f"{each.value}({each.label.zh})" for each in Act) + "。",
                "Choose from: " + ", ".join(Act) + ".",
            ),
            where="act",
        )
    if not (amount := read_amount(typed.amount)):
        raise Invalid(
            Wording(
                "数量须大于 0，至多三位小数", "the amount must be above 0, three decimals at most"
            ),
            remedy=Wording("例如 1.5。", "For example 1.5."),
            where="amount",
        )
    reason = clean(typed.reason, where="reason", longest=LONGEST)
    if act in NEED_REASON and not reason:
        raise Invalid(
            Wording(f"{act.label.zh}须写明原因", f"{act.label.en}: the reason is missing"),
            remedy=Wording("请写明原因或去向。", "Say why, or where it went."),
            where="reason",
        )
    filing_no = clean(typed.filing_no, where="filing_no", longest=LONGEST_NUMBER)
    return Line(act, amount, day_of(typed.on, who.at), reason, filing_no)


def require_one_end(act: Act) -> None:
    """Raise Refused for a line that has an end at another unit: only a transfer writes it."""
    if act in ENDS:
        raise Refused(
            Wording(f"{act.label.zh}不能单独记账", f"{act.label.en}: not as a line alone"),
            remedy=Wording("请办理调拨。", "Transfer it to the other unit, or receive it."),
            where="act",
        )


def write_line(
    connection: Connection, office: Office, ledger: Ledger, line: Line, **said: object
) -> Written:
    """Write a line that was read into a ledger that was taken; ``said`` goes into its event too.

    Raise Refused when less is here, or less is out than comes back.
    """
    stand = Stand.WAITING if ledger.needs_two(line.act) else Stand.STANDS
    new = Entry(len(ledger.rows) + 1, line.act, line.amount, stand)
    if not may_add(ledger.entries, new, ledger.wasted):
        raise _less_is_out(ledger) if line.act is Act.RETURN else _less_is_here(ledger)
    no = add_line(connection, ledger, {**line._asdict(), "stand": stand})
    receipt = tell(connection, ledger, RegisterAct.ENTER, {**_said(no, line, stand), **said})
    cases = _follow(connection, office, ledger, line, no)
    here = balance([*ledger.entries, new]).here
    return Written(ledger.held.key, ledger.held.unit.name, no, stand.value, here, receipt, cases)


def _less_is_here(ledger: Ledger) -> Refused:
    here = ledger.said(balance(ledger.entries).here)
    return Refused(
        Wording(f"账上只有 {here.zh}，不够", f"the ledger has only {here.en}"),
        remedy=Wording(
            "请核对数量；购入、归还须先由第二人签字入账。",
            "Check the amount; what comes in counts once a second person has signed.",
        ),
        where="amount",
    )


def _less_is_out(ledger: Ledger) -> Refused:
    out = ledger.said(max(0, left_out(ledger.entries, ledger.wasted)))
    return Refused(
        Wording(f"领出未还的只有 {out.zh}", f"only {out.en} is out"),
        remedy=Wording(
            "请核对数量；建账以前领出的，以盘盈入账并写明原因。",
            "Check the amount; what was out before the ledger began is put right with a reason.",
        ),
        where="amount",
    )


def _require_seen(ledger: Ledger, seen: int | None) -> None:
    if seen is not None and seen != len(ledger.rows):
        raise Conflict(
            Wording("台账刚有新的记录", "the ledger was written to meanwhile"),
            remedy=Wording("请查看后再记。", "Look at it, then write."),
            where="seen",
        )


def _said(no: int, line: Line, stand: Stand) -> dict[str, object]:
    filed = {"filing_no": line.filing_no} if line.filing_no else {}
    return {
        "line": no, "entry": line.act.value, "amount": line.amount, "on": line.on_day.isoformat(),
        "reason": line.reason, "stand": stand.value, **filed,
    }  # fmt: skip


def _follow(
    connection: Connection, office: Office, ledger: Ledger, line: Line, no: int
) -> Sequence[str]:
    """Do what a line asks for: what comes or passes on is told to the police, a loss is a case."""
    held, at = ledger.held, ledger.hand.at
    if line.act in FILED and ledger.danger.is_filed and not line.filing_no:
        title = Wording(
            f"向公安机关备案：{line.act.label.zh}{ledger.name}第 {no} 笔",
            f"file with the police: {ledger.name}, line {no}, {line.act.label.en}",
        )
        key, link = f"{held.id}/{no}", f"/stock/{held.id}"
        wanted = Wanted(FILING, key, held.unit.id, file_due(line.on_day), title, link)
        open_duties(connection, [wanted], at, door=ledger.hand.door)
    if line.act is not Act.LOSS:
        return ()
    book = office.rulebooks.at(connection, at)
    told = _loss(ledger, line, book)
    said = {"stock": {"chemical": held.key, "line": no}}
    intake = Intake(book, ledger.hand.by, at, ledger.hand.door)
    return raise_cases(connection, intake, [Hazard(held.unit, told, said)]).opened


def _loss(ledger: Ledger, line: Line, book: Rulebook) -> Report:
    held = ledger.held
    return Report(
        held.unit.code,
        f"{ledger.danger.label.zh}化学品“{ledger.name}”丢失或被盗 {ledger.said(line.amount).zh}"
        f"（{line.on_day}，第 {len(ledger.rows) + 1} 笔）",
        category_of("laboratory", book).key,
        location=held.values["cabinet"],
        measure="立即报告当地公安机关" if ledger.danger.is_controlled else "查明去向",
        level=Level.MAJOR if ledger.danger.is_controlled else Level.ORDINARY,
        source="危险化学品安全管理条例（2013） 第23条：丢失、被盗的，立即向当地公安机关报告",
    )
