"""常用意见: what is said often, to be chosen rather than typed. Our own wording."""

from collections.abc import Sequence

from rules.actions import Action, Given
from rules.wording import Wording

_SENT_BACK = (
    Wording("佐证照片看不清整改部位，请补拍全景和近景", "The photos do not show the place clearly"),
    Wording("佐证与隐患描述不是同一处", "The photos show another place"),
    Wording("整改措施不具体，请写明做什么、谁来做", "The measures do not say what and by whom"),
    Wording("只做了临时处置，未消除隐患", "Only an interim fix; the hazard remains"),
)

PHRASES: dict[tuple[Action, Given], Sequence[Wording]] = {
    (Action.RETURN_PLAN, Given.REASON): (
        Wording("整改措施不具体，请写明做什么、谁来做", "The measures do not say what and by whom"),
        Wording("整改时限过长，请提前", "The deadline is too far off"),
        Wording("资金未落实，请写明来源", "The funds have no source"),
        Wording("缺少整改期间的防范预案", "There is no contingency for the time until then"),
    ),
    (Action.APPROVE_PLAN, Given.REASON): (
        Wording("同意，请按方案组织实施", "Agreed; carry it out as planned"),
    ),
    (Action.FAIL, Given.FINDING): _SENT_BACK,
    (Action.PASS, Given.FINDING): (
        Wording("现场核查属实，隐患已消除", "Checked on site; the hazard is gone"),
        Wording("照片核查属实，隐患已消除", "Checked by photo; the hazard is gone"),
    ),
    (Action.NO_ACCESS, Given.FINDING): (
        Wording("门锁，联系不上学校值班人员", "The door was locked and nobody could be reached"),
    ),
    (Action.CLOSE, Given.REASON): (
        Wording("资料齐全，同意销号", "The file is complete; closed out"),
    ),
    (Action.REFUSE_EXTENSION, Given.REASON): (
        Wording("理由不充分，请按原期限完成", "The reasons do not suffice; keep the date"),
    ),
    (Action.VOID, Given.REASON): (
        Wording("经核实不构成隐患", "Looked into; it is no hazard"),
        Wording("与其他案件重复", "It repeats another case"),
    ),
}
