"""How far a unit's responsibility lists are signed."""

from enum import StrEnum

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


_LABELS = {
    Cover.WHOLE: Wording("已全覆盖", "covered"),
    Cover.PART: Wording("未签齐", "not all signed"),
    Cover.NONE: Wording("未签订", "not signed"),
}


def percent(part: int, whole: int) -> str:
    """Return a share in per cent, rounded down: 100 % is all of them; '—' of none."""
    return f"{part * 100 // whole}%" if whole else "—"
