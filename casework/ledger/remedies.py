"""The sentences beside a bad cell: what is wrong and what to do about it."""

from casework.ledger.columns import WORDS
from casework.ledger.dates import IMPLAUSIBLE, NO_YEAR
from casework.ledger.findings import CONTRADICTION
from casework.ledger.texts import DAMAGED, FORMULA_ERROR
from casework.ledger.words import accepted
from rules.wording import Wording

UNKNOWN_WORD = Wording("不是认得的说法。", "This word is not known here.")
IN_FUTURE = Wording("日期在今天之后。", "The date lies in the future.")
DUE_BEFORE_FOUND = Wording(
    "整改时限早于检查日期。", "The deadline is before the day the hazard was found."
)
AT_ONCE_WHEN = Wording(
    "写了立即整改，但没有可用的检查日期。", "“At once” needs a usable date of inspection."
)
NOT_A_COUNT = Wording("不是人数。", "This is not a number of people.")

CHECK_DATE = Wording("请核对日期。", "Check the dates.")
GIVE_DATE = Wording("请写明日期，如 2026-03-05。", "Give a date, as in 2026-03-05.")
WHOLE_NUMBER = Wording("请填整数，不知道就留空。", "Give a whole number, or leave it blank.")
QUOTE_COMMAS = Wording(
    "单元格里有逗号时要用双引号括起来，或改用 .xlsx。",
    "Put cells with commas in double quotes, or use .xlsx.",
)
_DESCRIBE = Wording(
    "请写明隐患是什么；没有隐患的写“正常”。",
    "Say what the hazard is; write 正常 where there is none.",
)
_SETTLE = Wording(
    "有隐患的把检查结果改掉，没有隐患的把描述改为“正常”。",
    "Correct the result if there is a hazard, or the description (正常) if there is none.",
)
_RETYPE = Wording("请重新输入这个单元格。", "Type this cell again.")
_VALUE_NOT_FORMULA = Wording(
    "请把公式改成文字或数值。", "Replace the formula by its text or number."
)
_SHORTEN = Wording("请缩短，其余写进附件。", "Shorten it and attach the rest.")
_ADD_YEAR = Wording(
    "请补上年份，如 2026年3月5日，或在导入时给出年份。",
    "Add the year, as in 2026年3月5日, or give one when importing.",
)


def for_text(problem: Wording) -> Wording:
    if problem is DAMAGED:
        return _RETYPE
    return _VALUE_NOT_FORMULA if problem is FORMULA_ERROR else _SHORTEN


def for_word(scheme: str) -> Wording:
    words = accepted(scheme)
    codes = ", ".join(WORDS[scheme])
    hint = _RISK_NOT_LEVEL if scheme == "level" else Wording("", "")
    return Wording(
        f"请用：{words}，或留空。{hint.zh}", f"Use {words} ({codes}) or leave it blank.{hint.en}"
    )


_RISK_NOT_LEVEL = Wording(
    "红橙黄蓝、较大、低是风险等级，列名请改为“风险等级”。",
    " Colours, 较大 and 低 are risk grades: name that column 风险等级.",
)


def for_finding(problem: Wording) -> Wording:
    return _SETTLE if problem is CONTRADICTION else _DESCRIBE


def for_date(problem: Wording) -> Wording:
    if problem is NO_YEAR:
        return _ADD_YEAR
    return CHECK_DATE if problem is IMPLAUSIBLE else GIVE_DATE


def too_wide(cells: int, width: int) -> Wording:
    return Wording(
        f"这一行有 {cells} 格，表头只有 {width} 格。",
        f"The row has {cells} cells under a header of {width}.",
    )
