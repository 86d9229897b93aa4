"""Where a supervision order stands: the columns of the board, from its issue to its release."""

from enum import StrEnum

from rules.wording import Wording


class Stand(StrEnum):
    """``casework.order_board`` says which of them an order is in."""

    ISSUED = "issued"
    IN_FORCE = "in_force"
    ASKED = "asked"
    READY = "ready"
    RELEASED = "released"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    Stand.ISSUED: Wording("已签发，待送达", "issued, not served"),
    Stand.IN_FORCE: Wording("督办中", "in force"),
    Stand.ASKED: Wording("申请延期，待答复", "extension asked for"),
    Stand.READY: Wording("验收通过，待摘牌", "verified, to be released"),
    Stand.RELEASED: Wording("已摘牌", "released"),
}
