"""What happens to a record of a register: the kinds of its events."""

from enum import StrEnum

from rules.wording import Wording


class RegisterAct(StrEnum):
    """``RAISE_CASE`` is the engine's, the rest a person's; from ``ENTER`` on, of a stock;
    ``VETO`` and ``LIFT`` of a bus or driver; the last two of what is reviewed yearly.
    """

    ADD = "add"
    CHANGE = "change"
    RETIRE = "retire"
    ATTACH = "attach"
    RAISE_CASE = "raise_case"
    ENTER = "enter"
    SIGN = "sign"
    REFUSE = "refuse"
    CANCEL = "cancel"
    COUNT = "count"
    FILE = "file"
    DECLINE = "decline"
    WASTE = "waste"
    VETO = "veto"
    LIFT = "lift"
    ASK_REVIEW = "ask_review"
    REVIEW = "review"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    RegisterAct.ADD: Wording("登记", "added"),
    RegisterAct.CHANGE: Wording("变更", "changed"),
    RegisterAct.RETIRE: Wording("注销", "retired"),
    RegisterAct.ATTACH: Wording("添加附件", "attached files"),
    RegisterAct.RAISE_CASE: Wording("立案", "raised a case"),
    RegisterAct.ENTER: Wording("出入库", "entered into the stock ledger"),
    RegisterAct.SIGN: Wording("第二人签字", "signed as the second person"),
    RegisterAct.REFUSE: Wording("不予签字", "refused to sign"),
    RegisterAct.CANCEL: Wording("更正作废", "cancelled a line"),
    RegisterAct.COUNT: Wording("盘点", "counted"),
    RegisterAct.FILE: Wording("公安备案", "filed with the police"),
    RegisterAct.DECLINE: Wording("调拨被拒收", "what was sent was declined"),
    RegisterAct.WASTE: Wording("登记废弃物来源", "said what waste came from"),
    RegisterAct.VETO: Wording("一概否决", "vetoed"),
    RegisterAct.LIFT: Wording("解除否决", "lifted the veto"),
    RegisterAct.ASK_REVIEW: Wording("申请年审", "asked for the yearly review"),
    RegisterAct.REVIEW: Wording("年审", "reviewed"),
}
