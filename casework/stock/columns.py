"""What the columns of a stock ledger are called, in workbooks that leave and in those that come."""

from casework.ledger.columns import Scheme
from casework.registers.placing import UNIT, UNIT_NAMES
from rules.wording import Wording

# What an import reads: the column, and what else a ledger may call it.
NAMES = {
    "key": ("药品编号", "编号", "试剂编号", "代码", "code", "key"),
    "name": ("品名", "药品名称", "试剂名称", "化学品名称", "name"),
    "on": ("日期", "出入库日期", "领用日期", "入库日期", "day", "on"),
    "act": ("出入库", "类型", "业务", "摘要", "act", "entry"),
    "amount": ("数量", "出入库数量", "amount"),
    "reason": ("用途或原因", "用途", "原因", "去向", "备注", "reason"),
    "filing_no": ("备案编号", "备案号", "filing number"),
    "stand": ("状态", "standing"),
}
SCHEME = Scheme({**NAMES, UNIT: UNIT_NAMES}, frozenset({"act", "amount"}), ("on",))
TEMPLATE = ("单位", *(NAMES[each][0] for each in NAMES if each != "stand"))
LABELS = {
    UNIT: Wording("单位", "unit"),
    "key": Wording("药品编号", "code"),
    "name": Wording("品名", "name"),
    "on": Wording("日期", "day"),
    "act": Wording("出入库", "what"),
    "amount": Wording("数量", "amount"),
    "reason": Wording("用途或原因", "reason"),
    "filing_no": Wording("备案编号", "filing number"),
}
"""What a fault is said to be in."""
MOVEMENTS = (
    "单位", "药品编号", "品名", "类别", "笔号", "日期", "出入库", "数量", "计量单位", "用途或原因",
    "经手人", "记账时间", "第二人", "签字时间", "状态", "更正原因", "账面结存", "备案编号",
)  # fmt: skip
BALANCES = (
    "单位", "药品编号", "品名", "类别", "存放柜", "计量单位", "账面结存", "待签字入库",
    "待签字出库", "签字账面", "上次盘点", "应于何日前盘点",
)  # fmt: skip
COUNTS = (
    "单位", "药品编号", "品名", "盘点日期", "实盘", "应为", "相差", "计量单位", "盘点人", "案件",
)  # fmt: skip
