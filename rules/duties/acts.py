"""What happens to a duty: the kinds of its events."""

from enum import StrEnum

from rules.wording import Wording


class DutyAct(StrEnum):
    """``OPEN``, ``CHASE`` and ``RAISE_CASE`` are the engine's."""

    OPEN = "open"
    CHASE = "chase"
    RAISE_CASE = "raise_case"
    FULFIL = "fulfil"
    WAIVE = "waive"
    WITHDRAW = "withdraw"
    MOVE = "move"
    HAND_OVER = "hand_over"
    ACKNOWLEDGE = "acknowledge"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    DutyAct.OPEN: Wording("立项", "opened"),
    DutyAct.CHASE: Wording("催办", "chased"),
    DutyAct.RAISE_CASE: Wording("立案", "raised a case"),
    DutyAct.FULFIL: Wording("办结", "done"),
    DutyAct.WAIVE: Wording("免办", "waived"),
    DutyAct.WITHDRAW: Wording("撤回", "withdrawn"),
    DutyAct.MOVE: Wording("改期", "moved"),
    DutyAct.HAND_OVER: Wording("转交", "handed over"),
    DutyAct.ACKNOWLEDGE: Wording("知悉", "acknowledged"),
}


class Counted(StrEnum):
    """How duties count in a score: ``OWED`` are all but waived ones, ``KEPT`` those of them that
    were done by their day.
    """

    OWED = "owed"
    KEPT = "kept"
    MISSED = "missed"

    @property
    def label(self) -> Wording:
        return _COUNTED[self]


_COUNTED = {
    Counted.OWED: Wording("应办", "owed"),
    Counted.KEPT: Wording("按期办结", "done in time"),
    Counted.MISSED: Wording("未按期", "not in time"),
}
