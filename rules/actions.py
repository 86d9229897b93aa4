"""What can be done to a case, and the fields a person fills in to do it."""

from enum import StrEnum

from rules.wording import Wording


class Given(StrEnum):
    """The fields a person fills in for a move."""

    REASON = "reason"
    TEXT = "text"
    FINDING = "finding"
    LEVEL = "level"
    UNIT = "unit"
    DEPARTMENT = "department"
    OWNER = "owner"
    DUPLICATE_OF = "duplicate_of"
    DUTY = "duty"
    MEASURES = "measures"
    FUNDS = "funds"
    DEADLINE = "deadline"
    CONTINGENCY = "contingency"
    EVIDENCE = "evidence"
    NEW_DUE = "new_due"
    OBSTACLE = "obstacle"
    PLAN = "plan"
    INTERIM = "interim"
    KIND = "kind"
    CAUSE = "cause"
    SUPERVISOR = "supervisor"
    DEMANDS = "demands"

    @property
    def label(self) -> Wording:
        return _GIVEN_LABELS[self]


_GIVEN_LABELS = {
    Given.REASON: Wording("理由", "reason"),
    Given.TEXT: Wording("进展情况", "progress text"),
    Given.FINDING: Wording("验收意见", "finding"),
    Given.LEVEL: Wording("隐患等级", "level"),
    Given.UNIT: Wording("责任单位", "responsible unit"),
    Given.DEPARTMENT: Wording("责任处室", "department"),
    Given.OWNER: Wording("责任人", "owner"),
    Given.DUPLICATE_OF: Wording("重复于", "duplicate of"),
    Given.DUTY: Wording("责任", "duty"),
    Given.MEASURES: Wording("措施", "measures"),
    Given.FUNDS: Wording("资金", "funds"),
    Given.DEADLINE: Wording("时限", "deadline"),
    Given.CONTINGENCY: Wording("预案", "contingency"),
    Given.EVIDENCE: Wording("整改后佐证", "after-evidence"),
    Given.NEW_DUE: Wording("新期限", "new due date"),
    Given.OBSTACLE: Wording("客观原因", "obstacle"),
    Given.PLAN: Wording("详细方案", "detailed plan"),
    Given.INTERIM: Wording("临时管控措施", "interim control"),
    Given.KIND: Wording("挂牌类型", "kind of listing"),
    Given.CAUSE: Wording("挂牌原因", "cause of listing"),
    Given.SUPERVISOR: Wording("督办层级", "supervising level"),
    Given.DEMANDS: Wording("督办要求", "demands"),
}


class Action(StrEnum):
    REPORT = "report"
    GRADE = "grade"
    ASSIGN = "assign"
    TRANSFER = "transfer"
    VOID = "void"
    SUBMIT_PLAN = "submit_plan"
    RETURN_PLAN = "return_plan"
    APPROVE_PLAN = "approve_plan"
    FIX_ON_SPOT = "fix_on_spot"
    PROGRESS = "progress"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    CLAIM = "claim"
    PASS = "pass"  # noqa: S105 — a verdict, not a secret
    FAIL = "fail"
    NO_ACCESS = "no_access"
    CLOSE = "close"
    REOPEN = "reopen"
    LIST = "list"
    RELEASE = "release"

    @property
    def label(self) -> Wording:
        return _ACTION_LABELS[self]


_ACTION_LABELS = {
    Action.REPORT: Wording("上报", "report"),
    Action.GRADE: Wording("定级", "grade"),
    Action.ASSIGN: Wording("派单", "assign"),
    Action.TRANSFER: Wording("移交", "transfer"),
    Action.VOID: Wording("撤销", "void"),
    Action.SUBMIT_PLAN: Wording("报方案", "submit plan"),
    Action.RETURN_PLAN: Wording("退回方案", "return plan"),
    Action.APPROVE_PLAN: Wording("批准方案", "approve plan"),
    Action.FIX_ON_SPOT: Wording("立行立改", "fix on the spot"),
    Action.PROGRESS: Wording("报进展", "report progress"),
    Action.ASK_EXTENSION: Wording("申请延期", "ask for an extension"),
    Action.GRANT_EXTENSION: Wording("同意延期", "grant the extension"),
    Action.REFUSE_EXTENSION: Wording("不同意延期", "refuse the extension"),
    Action.CLAIM: Wording("申请验收", "claim done"),
    Action.PASS: Wording("验收通过", "pass"),
    Action.FAIL: Wording("验收不通过", "fail"),
    Action.NO_ACCESS: Wording("未能进入现场", "no access"),
    Action.CLOSE: Wording("销号", "close out"),
    Action.REOPEN: Wording("复发重开", "reopen"),
    Action.LIST: Wording("挂牌", "list"),
    Action.RELEASE: Wording("摘牌", "release"),
}
