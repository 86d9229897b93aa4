"""What happens to a plan and to an inspection: the kinds of their events, and where each stands."""

from enum import StrEnum

from rules.lookback import seeds
from rules.wording import Wording


class PlanAct(StrEnum):
    """The steps of a draw are called as in a look-back: one order is honest for both."""

    PLAN = "plan"
    WITHDRAW = "withdraw"
    GENERATE = "generate"
    COMMIT = seeds.COMMIT
    FREEZE = seeds.FREEZE
    REVEAL = seeds.REVEAL
    DRAW = seeds.DRAW
    ASSIGN = "assign"
    PUBLISH = "publish"

    @property
    def label(self) -> Wording:
        return _PLAN[self]


class TaskAct(StrEnum):
    OPEN = "open"
    ASSIGN = "assign"
    RECORD = "record"
    CORRECT = "correct"
    SIGN = "sign"
    HEAD_SIGN = "head_sign"
    HEAD_REFUSE = "head_refuse"
    STAND = "stand"
    DROP = "drop"

    @property
    def label(self) -> Wording:
        return _TASK[self]


class TaskState(StrEnum):
    """``AWAITING``: recorded, and not yet signed by all inspectors it takes."""

    OPEN = "open"
    AWAITING = "awaiting"
    RECORDED = "recorded"
    DROPPED = "dropped"

    @property
    def label(self) -> Wording:
        return _STATES[self]


class PlanState(StrEnum):
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Wording:
        return _PLAN_STATES[self]


class Part(StrEnum):
    """In what part somebody signs."""

    INSPECTOR = "inspector"
    HEAD = "head"


class Word(StrEnum):
    SIGNED = "signed"
    REFUSED = "refused"

    @property
    def label(self) -> Wording:
        return _WORDS[self]


_PLAN = {
    PlanAct.PLAN: Wording("制定计划", "planned"),
    PlanAct.WITHDRAW: Wording("撤回计划", "withdrawn"),
    PlanAct.GENERATE: Wording("下达任务", "tasks given out"),
    PlanAct.COMMIT: Wording("承诺种子", "seed committed to"),
    PlanAct.FREEZE: Wording("冻结名单", "frame frozen"),
    PlanAct.REVEAL: Wording("揭示种子", "seed revealed"),
    PlanAct.DRAW: Wording("抽取对象", "schools drawn"),
    PlanAct.ASSIGN: Wording("抽取检查人员", "inspectors drawn"),
    PlanAct.PUBLISH: Wording("公开结果", "results published"),
}
_TASK = {
    TaskAct.OPEN: Wording("临时检查", "begun without a plan"),
    TaskAct.ASSIGN: Wording("指定检查人员", "inspectors named"),
    TaskAct.RECORD: Wording("填写检查记录", "recorded"),
    TaskAct.CORRECT: Wording("更正检查记录", "corrected"),
    TaskAct.SIGN: Wording("检查人员签字", "signed by an inspector"),
    TaskAct.HEAD_SIGN: Wording("学校负责人签字", "signed by the school's head"),
    TaskAct.HEAD_REFUSE: Wording("学校负责人拒绝签字", "the school's head refused to sign"),
    TaskAct.STAND: Wording("记录生效", "the record stands"),
    TaskAct.DROP: Wording("取消", "dropped"),
}
_STATES = {
    TaskState.OPEN: Wording("待检查", "to be done"),
    TaskState.AWAITING: Wording("待签字", "awaits signatures"),
    TaskState.RECORDED: Wording("已检查", "recorded"),
    TaskState.DROPPED: Wording("已取消", "dropped"),
}
_PLAN_STATES = {
    PlanState.ACTIVE: Wording("执行中", "active"),
    PlanState.WITHDRAWN: Wording("已撤回", "withdrawn"),
}
_WORDS = {Word.SIGNED: Wording("签字", "signed"), Word.REFUSED: Wording("拒绝签字", "refused")}
