"""What happens to an assessment, how it stands between, and who acts when."""

from enum import StrEnum

from rules.access import Role
from rules.wording import Wording


class ScoringStage(StrEnum):
    """Whose turn it is; a signature hands it on, the last one freezes it."""

    SCHOOL = "school"
    CLUSTER = "cluster"
    COMMITTEE = "committee"
    FROZEN = "frozen"

    @property
    def label(self) -> Wording:
        return _STAGES[self]

    @property
    def next(self) -> "ScoringStage":
        order = list(ScoringStage)
        return order[min(order.index(self) + 1, len(order) - 1)]


class ScoringAct(StrEnum):
    OPEN = "open"
    FILL_IN = "fill_in"
    ATTACH = "attach"
    REVIEW = "review"
    SIGN = "sign"
    FREEZE = "freeze"
    CORRECT = "correct"

    @property
    def label(self) -> Wording:
        return _ACTS[self]


class ScoringResult(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    VETOED = "vetoed"

    @property
    def label(self) -> Wording:
        return _RESULTS[self]


FILLS: dict[ScoringStage, frozenset[Role]] = {
    ScoringStage.SCHOOL: frozenset({Role.OWNER, Role.HEAD}),
    ScoringStage.CLUSTER: frozenset({Role.CLUSTER}),
    ScoringStage.COMMITTEE: frozenset({Role.COMMITTEE}),
    ScoringStage.FROZEN: frozenset(),
}
SIGNS: dict[ScoringStage, frozenset[Role]] = {**FILLS, ScoringStage.SCHOOL: frozenset({Role.HEAD})}
"""Who signs: the school's by its head 主要负责人."""

_STAGES = {
    ScoringStage.SCHOOL: Wording("学校自评", "self-assessment"),
    ScoringStage.CLUSTER: Wording("片区复评", "cluster's review"),
    ScoringStage.COMMITTEE: Wording("专委会审定", "committee's review"),
    ScoringStage.FROZEN: Wording("已定稿", "frozen"),
}
_ACTS = {
    ScoringAct.OPEN: Wording("建立", "opened"),
    ScoringAct.FILL_IN: Wording("自评填写", "filled in"),
    ScoringAct.ATTACH: Wording("上传佐证", "evidence attached"),
    ScoringAct.REVIEW: Wording("复评改分", "reviewed"),
    ScoringAct.SIGN: Wording("签字", "signed"),
    ScoringAct.FREEZE: Wording("定稿", "frozen"),
    ScoringAct.CORRECT: Wording("更正", "corrected"),
}
_RESULTS = {
    ScoringResult.PASSED: Wording("达标", "passed"),
    ScoringResult.FAILED: Wording("未达标", "below the mark"),
    ScoringResult.VETOED: Wording("一票否决", "vetoed"),
}
