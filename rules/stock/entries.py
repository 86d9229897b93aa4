"""Entries of a stock ledger: purchases, issues, returns, and the rest.

Quantities are whole thousandths of the chemical's unit of measure, so that sums are exact.
"""

import re
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from rules.wording import Wording

THOUSANDTHS = 1_000
MOST = 10**9 * THOUSANDTHS
"""A thousand million of a unit: more is a slip of the pen."""
_WRITTEN = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,3})?")


class Act(StrEnum):
    """``OPENING`` is what was there when the ledger was begun; ``LOSS`` what was lost or stolen;
    ``MORE`` and ``LESS`` put right what a count found; ``SEND`` and ``RECEIVE`` are the two ends
    of a transfer.
    """

    OPENING = "opening"
    PURCHASE = "purchase"
    ISSUE = "issue"
    RETURN = "return"
    DISPOSE = "dispose"
    LOSS = "loss"
    MORE = "more"
    LESS = "less"
    SEND = "send"
    RECEIVE = "receive"

    @property
    def label(self) -> Wording:
        return _LABELS[self]

    @property
    def sign(self) -> int:
        """Return 1 for what comes in, -1 for what goes out."""
        return 1 if self in _IN else -1


_LABELS = {
    Act.OPENING: Wording("期初结存", "opening balance"),
    Act.PURCHASE: Wording("购入", "purchased"),
    Act.ISSUE: Wording("领用", "issued"),
    Act.RETURN: Wording("归还", "returned"),
    Act.DISPOSE: Wording("转为废弃物", "sent to waste"),
    Act.LOSS: Wording("丢失或被盗", "lost or stolen"),
    Act.MORE: Wording("盘盈入账", "put right: more"),
    Act.LESS: Wording("盘亏出账", "put right: less"),
    Act.SEND: Wording("调出", "sent to another unit"),
    Act.RECEIVE: Wording("调入", "received from another unit"),
}
_IN = frozenset({Act.OPENING, Act.PURCHASE, Act.RETURN, Act.MORE, Act.RECEIVE})
_ALSO = {
    "期初": Act.OPENING, "上年结转": Act.OPENING, "入库": Act.PURCHASE, "购买": Act.PURCHASE,
    "出库": Act.ISSUE, "领出": Act.ISSUE, "退回": Act.RETURN, "退库": Act.RETURN,
    "报废": Act.DISPOSE, "丢失": Act.LOSS, "盘盈": Act.MORE, "盘亏": Act.LESS,
}  # fmt: skip
"""What paper ledgers call them besides."""
NEED_REASON = frozenset({Act.LOSS, Act.MORE, Act.LESS, Act.DISPOSE, Act.SEND})
"""What nobody writes without saying why or where to."""
ENDS = frozenset({Act.SEND, Act.RECEIVE})
"""What only a transfer writes, always with two people at either end."""
FILED = frozenset({Act.PURCHASE, *ENDS})
"""What is told to the police, of a class that is: 危险化学品安全管理条例（2013） Art. 41, 42."""


class Stand(StrEnum):
    """An entry waits for its second signature, stands, was refused, or was cancelled."""

    WAITING = "waiting"
    STANDS = "stands"
    REFUSED = "refused"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Wording:
        return _STANDS[self]

    @property
    def is_gone(self) -> bool:
        """Whether it counts no more."""
        return self in {Stand.REFUSED, Stand.CANCELLED}


_STANDS = {
    Stand.WAITING: Wording("待第二人签字", "waits for a second signature"),
    Stand.STANDS: Wording("已入账", "stands"),
    Stand.REFUSED: Wording("不予签字", "refused"),
    Stand.CANCELLED: Wording("已更正作废", "cancelled"),
}


class Entry(NamedTuple):
    """A line of the ledger; ``amount`` in thousandths, always positive."""

    no: int
    act: Act
    amount: int
    stand: Stand


def read_amount(text: str) -> int | None:
    """Return thousandths of what was written, up to three decimals; None for what is no amount."""
    if not _WRITTEN.fullmatch(text.strip()):
        return None
    amount = int(Decimal(text.strip()) * THOUSANDTHS)
    return amount if 0 <= amount <= MOST else None


def read_act(text: str) -> Act | None:
    """Return what is meant by a key, a label, or another word of paper ledgers; None for none."""
    written = text.strip()
    known = {name: act for act in Act for name in (act.value, act.label.zh, act.label.en)}
    return (known | _ALSO).get(written)


def say_amount(amount: int) -> str:
    """Return thousandths as a person reads them: 1500 is "1.5"."""
    whole, rest = divmod(abs(amount), THOUSANDTHS)
    text = f"{whole}.{rest:03d}".rstrip("0").rstrip(".") if rest else f"{whole}"
    return f"-{text}" if amount < 0 else text
