"""What the kinds of notices are called on a page."""

from rules.actions import Action
from rules.wording import Wording

_NAMES = {
    "remind": Wording("提醒", "reminder"),
    "overdue": Wording("逾期", "late"),
    "handed": Wording("交办", "handed to you"),
    "demand": Wording("督办要求", "demand"),
    "miss_report": Wording("进展未报", "report missed"),
    "order_overdue": Wording("督办逾期", "order late"),
    "ask_order_extension": Wording("督办延期申请", "order extension asked"),
    "grant_order_extension": Wording("督办延期同意", "order extension granted"),
    "late_decision": Wording("督办延期未答复", "extension unanswered"),
    "late_publication": Wording("督办未公布", "order unpublished"),
    "refuse_order_extension": Wording("督办延期不同意", "order extension refused"),
    **{action.value: action.label for action in Action},
}


def name_of(kind: str) -> Wording:
    return _NAMES.get(kind, Wording("通知", "notice"))
