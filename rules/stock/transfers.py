"""Transfers 调拨: from one unit's ledger to another's, signed for by two people at either end."""

from datetime import date, timedelta
from enum import StrEnum

from rules.parts import Part, Source
from rules.stock.dangers import Danger
from rules.stock.entries import Stand
from rules.wording import Wording

RECEIVE_WITHIN = timedelta(days=5)
"""Our choice."""


class Passing(StrEnum):
    """Whether what is of a class may pass to another unit: freely, with a permit, or never."""

    FREE = "free"
    PERMIT = "permit"
    NEVER = "never"


class Passage(Part):
    how: Passing
    source: Source


# What a user may pass on at all: the clause that forbids it names the exception.
_ART_42 = Passage(
    how=Passing.PERMIT,
    source="危险化学品安全管理条例（2013） 第42条：使用单位不得出借、转让；"
    "因转产、停产、搬迁、关闭确需转让的，须转让给有许可证件的单位 (exception from memory)",
)


class StockBounds(Part):
    """What a policy says of transfers, class by class."""

    toxic: Passage = _ART_42
    explosive: Passage = _ART_42
    drug_first: Passage = Passage(
        how=Passing.PERMIT, source="易制毒化学品管理条例（2018）：购买须取得许可证 (from memory)"
    )
    drug: Passage = Passage(
        how=Passing.PERMIT, source="易制毒化学品管理条例（2018）：购买须备案 (from memory)"
    )
    other: Passage = Passage(how=Passing.FREE, source="our choice")

    def passage(self, danger: Danger) -> Passage:
        found: Passage = getattr(self, danger.value)
        return found


class Transit(StrEnum):
    """Where what is transferred is: it is under way until the receiving end is signed for."""

    LEAVING = "leaving"
    UNDER_WAY = "under_way"
    ARRIVING = "arriving"
    RECEIVED = "received"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Wording:
        return _LABELS[self]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to sign for it, or take it back."""
        return self not in {Transit.RECEIVED, Transit.WITHDRAWN}


_LABELS = {
    Transit.LEAVING: Wording("待调出方签字", "waits for the sender's signature"),
    Transit.UNDER_WAY: Wording("在途", "under way"),
    Transit.ARRIVING: Wording("待接收方签字", "waits for the receiver's signature"),
    Transit.RECEIVED: Wording("已接收", "received"),
    Transit.DECLINED: Wording("已拒收，待退回", "declined, to be taken back"),
    Transit.WITHDRAWN: Wording("已撤回", "withdrawn"),
}


def receive_due(sent_on: date) -> date:
    """Return the day by which what was sent is taken in or declined."""
    return sent_on + RECEIVE_WITHIN


def transit(sent: Stand, came: Stand | None, *, declined: bool) -> Transit:
    """Return where it is, by how its two lines stand; ``came`` is None before it is received."""
    if sent.is_gone:
        return Transit.WITHDRAWN
    if sent is Stand.WAITING:
        return Transit.LEAVING
    if came is not None and not came.is_gone:
        return Transit.RECEIVED if came is Stand.STANDS else Transit.ARRIVING
    return Transit.DECLINED if declined else Transit.UNDER_WAY
