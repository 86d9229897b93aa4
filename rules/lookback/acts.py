"""The life of a look-back 回头看, as a table: planned, seed committed, drawn, closed; or withdrawn.

The seed is committed to before the frame is frozen, and revealed after: the order of the acts in
the history is what proves it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from rules.access import Role
from rules.decisions import Refusal
from rules.wording import Wording


class LookbackState(StrEnum):
    PLANNED = "planned"
    COMMITTED = "committed"
    DRAWN = "drawn"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Wording:
        return _STATES[self]


class LookbackAct(StrEnum):
    """What is done to a look-back; each is an event of its history."""

    PLAN = "plan"
    COMMIT = "commit"
    FREEZE = "freeze"
    REVEAL = "reveal"
    DRAW = "draw"
    ASSIGN = "assign"
    ENLARGE = "enlarge"
    FIND = "find"
    SIGN = "sign"
    JUDGE = "judge"
    CLOSE = "close"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"

    @property
    def label(self) -> Wording:
        return _ACTS[self]


class CaseLook(StrEnum):
    """What a look-back writes into the history of a case; it moves nothing by itself."""

    LOOKED_BACK = "looked_back"

    @property
    def label(self) -> Wording:
        return Wording("记录回头看结果", "record what a look-back found")


class Standing(NamedTuple):
    """What the table asks of a look-back. ``unfinished`` counts drawn cases without a finding,
    ``open_strata`` those whose verdict is still open; ``mine`` says that the actor inspects it.
    """

    state: LookbackState | None
    unfinished: int = 0
    open_strata: int = 0
    published: bool = False
    mine: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    sources: frozenset[LookbackState | None]
    target: LookbackState | None
    roles: frozenset[Role]


def decide_look(act: LookbackAct, standing: Standing, roles: frozenset[Role]) -> Role | Refusal:
    """Return the role in which ``act`` may be done, or why it may not.

    FREEZE and REVEAL are part of a draw and are decided as one.
    """
    row = ROWS[act]
    held = [role for role in Role if role in row.roles & roles]
    if not held:
        return _not_theirs(act, row.roles)
    if standing.state not in row.sources:
        return _not_now(act, standing.state)
    return _unmet(act, standing) or held[0]


def state_after(act: LookbackAct, state: LookbackState) -> LookbackState:
    return ROWS[act].target or state


def _unmet(act: LookbackAct, standing: Standing) -> Refusal | None:
    if act in {LookbackAct.FIND, LookbackAct.SIGN} and not standing.mine:
        return Refusal(
            Wording("该件未分派给您", "this visit is not yours"),
            Wording("由被抽中的检查人员填写。", "Only its inspectors record what they found."),
        )
    if act is LookbackAct.CLOSE and standing.unfinished:
        return Refusal(
            Wording(
                f"还有 {standing.unfinished} 件未复查完", f"{standing.unfinished} not looked at"
            ),
            Wording("请先完成复查，或撤回本次回头看。", "Finish the visits, or withdraw it."),
        )
    if act is LookbackAct.CLOSE and standing.open_strata:
        return Refusal(
            Wording(
                f"还有 {standing.open_strata} 层未能判定", f"{standing.open_strata} strata are open"
            ),
            Wording("请扩大抽样补足样本。", "Enlarge the sample to complete them."),
        )
    if act is LookbackAct.PUBLISH and standing.published:
        return Refusal(
            Wording("已经公开", "it is published already"),
            Wording("公开的名单不再更改。", "What was published is not changed."),
        )
    return None


def _not_theirs(act: LookbackAct, allowed: frozenset[Role]) -> Refusal:
    named = [role for role in Role if role in allowed - {Role.LADDER}]
    zh, en = "、".join(each.label.zh for each in named), ", ".join(each.label.en for each in named)
    return Refusal(
        Wording(f"您无权“{act.label.zh}”", f"you may not {act.label.en}"),
        Wording(f"须由{zh}办理。", f"It takes: {en}."),
    )


def _not_now(act: LookbackAct, state: LookbackState | None) -> Refusal:
    zh = state.label.zh if state else "尚未计划"
    en = state.label.en if state else "not planned"
    when = [each for each in LookbackState if each in ROWS[act].sources]
    return Refusal(
        Wording(f"回头看{zh}，不能“{act.label.zh}”", f"it is {en}: cannot {act.label.en}"),
        Wording(
            f"须在{'、'.join(each.label.zh for each in when)}时办理。",
            f"Do it while it is {' or '.join(each.label.en for each in when)}.",
        ),
    )


def _row(
    sources: set[LookbackState | None], target: LookbackState | None, roles: frozenset[Role]
) -> _Row:
    return _Row(frozenset(sources), target, roles)


_S = LookbackState
_OFFICE = frozenset({Role.COMMITTEE, Role.ADMIN})
_OFFICE_OR_ENGINE = _OFFICE | {Role.LADDER}
_INSPECTOR = frozenset({Role.INSPECTOR})
_DRAW = _row({_S.COMMITTED}, _S.DRAWN, _OFFICE_OR_ENGINE)

ROWS: dict[LookbackAct, _Row] = {
    LookbackAct.PLAN: _row({None}, _S.PLANNED, _OFFICE_OR_ENGINE),
    LookbackAct.COMMIT: _row({_S.PLANNED}, _S.COMMITTED, _OFFICE_OR_ENGINE),
    LookbackAct.FREEZE: _DRAW,
    LookbackAct.REVEAL: _DRAW,
    LookbackAct.DRAW: _DRAW,
    LookbackAct.ASSIGN: _row({_S.DRAWN}, None, _OFFICE_OR_ENGINE),
    LookbackAct.ENLARGE: _row({_S.DRAWN}, None, _OFFICE_OR_ENGINE),
    LookbackAct.FIND: _row({_S.DRAWN}, None, _INSPECTOR),
    LookbackAct.SIGN: _row({_S.DRAWN}, None, _INSPECTOR),
    LookbackAct.JUDGE: _row({_S.DRAWN}, None, _OFFICE_OR_ENGINE | _INSPECTOR),
    LookbackAct.CLOSE: _row({_S.DRAWN}, _S.CLOSED, _OFFICE),
    LookbackAct.PUBLISH: _row({_S.DRAWN, _S.CLOSED}, None, _OFFICE),
    LookbackAct.WITHDRAW: _row({_S.PLANNED, _S.COMMITTED, _S.DRAWN}, _S.WITHDRAWN, _OFFICE),
}

_STATES = {
    LookbackState.PLANNED: Wording("已计划", "planned"),
    LookbackState.COMMITTED: Wording("种子已承诺", "committed to a seed"),
    LookbackState.DRAWN: Wording("已抽取", "drawn"),
    LookbackState.CLOSED: Wording("已办结", "closed"),
    LookbackState.WITHDRAWN: Wording("已撤回", "withdrawn"),
}
_ACTS = {
    LookbackAct.PLAN: Wording("计划回头看", "plan a look-back"),
    LookbackAct.COMMIT: Wording("承诺随机种子", "commit to the seed"),
    LookbackAct.FREEZE: Wording("冻结抽样名单", "freeze the frame"),
    LookbackAct.REVEAL: Wording("揭示随机种子", "reveal the seed"),
    LookbackAct.DRAW: Wording("抽取案件", "draw the cases"),
    LookbackAct.ASSIGN: Wording("抽取检查人员", "draw the inspectors"),
    LookbackAct.ENLARGE: Wording("扩大抽样", "enlarge the sample"),
    LookbackAct.FIND: Wording("填写复查结果", "record what was found"),
    LookbackAct.SIGN: Wording("签字确认复查结果", "sign what was found"),
    LookbackAct.JUDGE: Wording("判定一层", "judge a stratum"),
    LookbackAct.CLOSE: Wording("办结回头看", "close the look-back"),
    LookbackAct.PUBLISH: Wording("公开回头看结果", "publish the results"),
    LookbackAct.WITHDRAW: Wording("撤回回头看", "withdraw the look-back"),
}
