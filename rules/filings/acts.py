"""What happens to a filing, and how it stands between."""

from enum import StrEnum

from rules.wording import Wording


class FilingState(StrEnum):
    """What is signed is frozen by the same act, so that nothing can change in between."""

    DRAFT = "draft"
    CHECKED = "checked"
    FROZEN = "frozen"

    @property
    def label(self) -> Wording:
        return _STATES[self]


class FilingAct(StrEnum):
    COMPILE = "compile"
    FILL_IN = "fill_in"
    CHECK = "check"
    RETURN = "return"
    SIGN = "sign"
    FREEZE = "freeze"
    CORRECT = "correct"

    @property
    def label(self) -> Wording:
        return _ACTS[self]


class Outcome(StrEnum):
    """How far an item of the last period's plan got."""

    DONE = "done"
    LATE = "late"
    DROPPED = "dropped"

    @property
    def label(self) -> Wording:
        return _OUTCOMES[self]


_STATES = {
    FilingState.DRAFT: Wording("草稿", "draft"),
    FilingState.CHECKED: Wording("已核对", "checked"),
    FilingState.FROZEN: Wording("已签发", "frozen"),
}
_ACTS = {
    FilingAct.COMPILE: Wording("汇编", "compiled"),
    FilingAct.FILL_IN: Wording("填写", "filled in"),
    FilingAct.CHECK: Wording("核对", "checked"),
    FilingAct.RETURN: Wording("退回", "returned"),
    FilingAct.SIGN: Wording("签发", "signed off"),
    FilingAct.FREEZE: Wording("定稿", "frozen"),
    FilingAct.CORRECT: Wording("更正", "corrected"),
}
_OUTCOMES = {
    Outcome.DONE: Wording("已完成", "done"),
    Outcome.LATE: Wording("未按期", "late"),
    Outcome.DROPPED: Wording("取消", "dropped"),
}
