"""Conditions on a move, each carrying the sentence to show when it is unmet."""

from collections.abc import Callable
from dataclasses import dataclass

from rules.case import Bounds, Facts, Level
from rules.wording import NOTHING, Wording


@dataclass(frozen=True, slots=True)
class Guard:
    """``holds`` takes the facts, the bounds and the acting person's id; ``label`` is the
    condition as the table of moves shows it, ``unmet`` the sentence when it does not hold.
    """

    label: Wording
    holds: Callable[[Facts, Bounds, int | None], bool]
    unmet: Wording
    remedy: Wording = NOTHING


ORDINARY_ONLY = Guard(
    Wording("仅限一般隐患", "ordinary only"),
    lambda case, _bounds, _by: case.level is Level.ORDINARY,
    Wording("重大隐患不能立行立改", "a major hazard cannot be fixed on the spot"),
    Wording("请报整改方案。", "Submit a plan."),
)
NOT_THE_AUTHOR = Guard(
    Wording("不是方案报送人", "not the plan's author"),
    lambda case, _bounds, by: by != case.plan_author,
    Wording("不能审批自己报的方案", "nobody decides on a plan they wrote"),
    Wording("请由上一级审批。", "Ask the next superior."),
)
CLAIMED = Guard(
    Wording("已申请验收", "claimed"),
    lambda case, _bounds, _by: case.claimed,
    Wording("责任单位尚未申请验收", "the unit has not claimed that it is done"),
    Wording("请等责任单位申请验收。", "Wait for the claim."),
)
NOT_CLAIMED = Guard(
    Wording("未申请验收", "not claimed"),
    lambda case, _bounds, _by: not case.claimed,
    Wording("已申请验收，正等待验收", "already claimed; it waits for verification"),
    Wording("请等验收结果。", "Wait for the verifier's finding."),
)
NOT_A_HAND = Guard(
    Wording("未参与整改", "no hand in it"),
    lambda case, _bounds, by: by not in case.hands,
    Wording(
        "参与过方案、整改或申请验收的人不能验收",
        "nobody verifies what they planned, rectified or claimed",
    ),
    Wording("请换一名验收人。", "Ask another verifier."),
)
NO_EXTENSION_PENDING = Guard(
    Wording("无待批延期", "no extension pending"),
    lambda case, _bounds, _by: case.extension_asked_by is None,
    Wording("已有一份延期申请待批", "an extension is already being decided"),
    Wording("请等上级答复。", "Wait for the answer."),
)
EXTENSION_PENDING = Guard(
    Wording("有待批延期", "extension pending"),
    lambda case, _bounds, _by: case.extension_asked_by is not None,
    Wording("没有待批的延期申请", "no extension has been asked for"),
)
NOT_THE_ASKER = Guard(
    Wording("不是延期申请人", "not the asker"),
    lambda case, _bounds, by: by != case.extension_asked_by,
    Wording("不能批自己的延期申请", "nobody decides on an extension they asked for"),
    Wording("请由上一级决定。", "Ask the next superior."),
)
BEFORE_DUE = Guard(
    Wording("未到期", "before due"),
    lambda _case, bounds, _by: not bounds.overdue,
    Wording(
        "已经逾期，延期须在到期前申请", "already overdue; an extension is asked for before due"
    ),
    Wording("请报进展并说明情况。", "Report progress and explain."),
)
EXTENSIONS_LEFT = Guard(
    Wording("还有延期次数", "extensions left"),
    lambda case, bounds, _by: case.extensions < bounds.most_extensions,
    Wording("延期次数已用完", "no extension is left"),
    Wording("请报请挂牌督导。", "Ask for listed guidance."),
)
NOT_LISTED = Guard(
    Wording("未挂牌", "not listed"),
    lambda case, _bounds, _by: case.listed is None,
    Wording("尚在挂牌中", "the case is listed"),
    Wording("请先摘牌。", "Release it first."),
)
LISTED = Guard(
    Wording("挂牌中", "listed"),
    lambda case, _bounds, _by: case.listed is not None,
    Wording("并未挂牌", "the case is not listed"),
)
NOT_THE_VERIFIER_OF_MAJOR = Guard(
    Wording("重大隐患：不是验收人", "not the verifier, if major"),
    lambda case, _bounds, by: case.level is Level.ORDINARY or by != case.verified_by,
    Wording(
        "重大隐患的验收人不能摘牌或销号",
        "the verifier of a major hazard neither releases it nor closes it out",
    ),
    Wording("请由专委会另一人办理。", "Ask another member of the committee."),
)
