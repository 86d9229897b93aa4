"""What the columns of 任务分解清单 are called, in workbooks that leave and in those that come."""

from casework.ledger.columns import Scheme
from rules.wording import Wording

NAMES = {
    "title": ("计划名称", "计划", "检查计划", "plan", "title"),
    "whose": ("计划单位", "制定单位", "whose"),
    "kind": ("检查类型", "类型", "kind"),
    "cadence": ("周期", "频次", "检查频次", "cadence"),
    "first_on": ("开始日期", "开始", "first_on"),
    "until": ("结束日期", "结束", "until"),
    "percent": ("随机抽取%", "抽取比例", "抽取比例%", "双随机", "percent"),
    "unannounced": ("四不两直", "unannounced"),
    "task": ("任务", "检查任务", "工作任务", "检查内容", "task"),
    "checklist": ("检查表", "checklist"),
    "place": ("检查范围", "范围", "检查对象", "place"),
    "responsible": ("责任单位", "牵头单位", "responsible"),
    "lead": ("责任人", "牵头人", "负责人", "lead"),
    "inspectors": ("检查人员", "检查人", "inspectors"),
    "number": ("计划编号", "number"),
}
"""By field, the name we write first; a row with the number of a plan is not brought in again."""
OF_PLAN = ("title", "whose", "kind", "cadence", "first_on", "until", "percent", "unannounced")
"""What is the plan's; the rest is a line's. Cells merged downwards hold for all of their rows."""
SCHEME = Scheme(
    NAMES, frozenset({"task", "checklist"}), ("first_on", "until"), frozenset(OF_PLAN)
)  # fmt: skip
HEADINGS = tuple(each[0] for name, each in NAMES.items() if name != "number")
LABELS = {
    "title": Wording("计划名称", "plan"), "whose": Wording("计划单位", "whose plan"),
    "kind": Wording("检查类型", "kind"), "cadence": Wording("周期", "how often"),
    "first_on": Wording("开始日期", "from"), "until": Wording("结束日期", "until"),
    "percent": Wording("随机抽取%", "percent drawn"),
    "unannounced": Wording("四不两直", "unannounced"),
    "task": Wording("任务", "task"), "checklist": Wording("检查表", "checklist"),
    "place": Wording("检查范围", "where"), "responsible": Wording("责任单位", "responsible"),
    "lead": Wording("责任人", "lead"), "inspectors": Wording("检查人员", "inspectors"),
}  # fmt: skip
"""What a fault is said to be in."""
