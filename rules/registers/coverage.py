"""How far a unit's responsibility lists are signed, and answered for."""

from datetime import date
from enum import StrEnum

from rules.registers.obligations import Turn
from rules.wording import Wording


class Cover(StrEnum):
    """``WHOLE`` has a list in which every letter is signed, ``PART`` some, ``NONE`` not one."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"

    @classmethod
    def of(cls, posts: int, signed: int) -> "Cover":
        if posts and signed == posts:
            return cls.WHOLE
        return cls.PART if signed else cls.NONE

    @property
    def label(self) -> Wording:
        return _LABELS[self]


class Answer(StrEnum):
    """How a unit's feedback of a period stands: ``NOTHING`` is owed by who has no list, ``AHEAD``
    is a period that is not asked for yet.
    """

    NOTHING = "nothing"
    WHOLE = "whole"
    AHEAD = "ahead"
    OPEN = "open"
    LATE = "late"

    @classmethod
    def of(cls, turn: Turn, posts: int, given: int, today: date) -> "Answer":
        if posts == given:
            return cls.WHOLE if posts else cls.NOTHING
        if today < turn.opens_on:
            return cls.AHEAD
        return cls.OPEN if today <= turn.due_on else cls.LATE


_LABELS = {
    Cover.WHOLE: Wording("已全覆盖", "covered"),
    Cover.PART: Wording("未签齐", "not all signed"),
    Cover.NONE: Wording("未签订", "not signed"),
}


def percent(part: int, whole: int) -> str:
    """Return a share in per cent, rounded down: 100 % is all of them; '—' of none."""
    return f"{part * 100 // whole}%" if whole else "—"
