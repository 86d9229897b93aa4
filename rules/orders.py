"""Supervision orders 挂牌督办: why they are issued, how they are served."""

from enum import StrEnum

from rules.wording import Wording


class OrderCause(StrEnum):
    """Why a case was listed: overdue by the ladder, serious, or it cannot be fixed at once."""

    LADDER = "ladder"
    SERIOUS = "serious"
    CANNOT_FIX_AT_ONCE = "cannot_fix_at_once"

    @property
    def label(self) -> Wording:
        return _CAUSES[self]


class Service(StrEnum):
    """How an order was served 送达: signed for, refused (which is an answer), or left in place."""

    SIGNED = "signed"
    REFUSED = "refused"
    LEFT = "left"

    @property
    def label(self) -> Wording:
        return _SERVICES[self]


_CAUSES = {
    OrderCause.LADDER: Wording("逾期", "overdue"),
    OrderCause.SERIOUS: Wording("情况严重", "serious"),
    OrderCause.CANNOT_FIX_AT_ONCE: Wording("不能立即整改", "cannot be fixed at once"),
}
_SERVICES = {
    Service.SIGNED: Wording("已签收", "signed for"),
    Service.REFUSED: Wording("拒绝签收", "signature refused"),
    Service.LEFT: Wording("留置送达", "left in place"),
}
