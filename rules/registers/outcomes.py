"""What comes of a yearly review, and how a record stands in a year."""

from enum import StrEnum

from rules.wording import Wording


class ReviewOutcome(StrEnum):
    """``CONDITIONAL`` counts as passed, and is looked at again by a day."""

    PASSED = "passed"
    CONDITIONAL = "conditional"
    FAILED = "failed"

    @property
    def label(self) -> Wording:
        return _OUTCOMES[self]


_OUTCOMES = {
    ReviewOutcome.PASSED: Wording("通过", "passed"),
    ReviewOutcome.CONDITIONAL: Wording("有条件通过", "passed with conditions"),
    ReviewOutcome.FAILED: Wording("未通过", "failed"),
}


class ReviewStatus(StrEnum):
    """How a record stands in a year: nothing was asked, asked and not decided, or what came."""

    DUE = "due"
    ASKED = "asked"
    PASSED = "passed"
    CONDITIONAL = "conditional"
    FAILED = "failed"

    @property
    def label(self) -> Wording:
        return _STATUSES[self]


_STATUSES = {
    ReviewStatus.DUE: Wording("未申请", "not asked for"),
    ReviewStatus.ASKED: Wording("待审核", "to be reviewed"),
    ReviewStatus.PASSED: ReviewOutcome.PASSED.label,
    ReviewStatus.CONDITIONAL: ReviewOutcome.CONDITIONAL.label,
    ReviewStatus.FAILED: ReviewOutcome.FAILED.label,
}
