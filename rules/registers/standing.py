"""How a rule stands, and a record as a whole; in which order records are listed.

Words alone: a command line offers them before anything is read.
"""

from enum import StrEnum

from rules.wording import Wording

SOON_DAYS = 30
"""What a list and its counts call soon: our choice; each rule may warn earlier or later."""


class Standing(StrEnum):
    """How a rule stands: well, soon to run out, to be dealt with now, or broken."""

    WELL = "well"
    SOON = "soon"
    DUE = "due"
    LAPSED = "lapsed"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    Standing.WELL: Wording("正常", "well"),
    Standing.SOON: Wording("将到期", "runs out soon"),
    Standing.DUE: Wording("到期", "due"),
    Standing.LAPSED: Wording("已过期或不合规定", "lapsed"),
}


class Stands(StrEnum):
    """How a record stands as a whole: words of ``checking.Standing``, which loads far more."""

    LAPSED = "lapsed"
    SOON = "soon"
    WELL = "well"

    @property
    def label(self) -> Wording:
        return _STANDS[self]


_STANDS = {
    Stands.LAPSED: Wording("已过期或不合规定", "lapsed or not in order"),
    Stands.SOON: Wording("30 日内到期", "runs out within 30 days"),
    Stands.WELL: Wording("正常", "in order"),
}


class RecordOrder(StrEnum):
    """``EXPIRY`` puts first what runs out first, and last what never does."""

    ADDED = "added"
    EXPIRY = "expiry"

    @property
    def label(self) -> Wording:
        return _ORDERS[self]


_ORDERS = {
    RecordOrder.ADDED: Wording("登记先后", "as added"),
    RecordOrder.EXPIRY: Wording("先到期在前", "first to run out"),
}
