"""Every kind of event as a sentence that a person reads, in Chinese and English."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rules.access import Role
from rules.actions import Action
from rules.deadlines import Stage
from rules.ladder import StepKind
from rules.lookback.acts import CaseLook
from rules.lookback.findings import Finding
from rules.orders import OrderAct, Service
from rules.sending import Answer
from rules.wording import Wording
from rules.workdays import day_due

KINDS = frozenset(
    each.value for kinds in (Action, StepKind, OrderAct, Answer, CaseLook) for each in kinds
)


def tell(kind: str, role: str, body: Mapping[str, Any], who: str = "") -> Wording:
    """Return what happened in one sentence.

    ``who`` is the acting person's name, '' for the engine; ``body`` the event's own.
    Raise ValueError for a kind or role that is none, KeyError for a body that lacks its facts.
    """
    if kind in (StepKind.REMIND, StepKind.OVERDUE):
        return _tell_step(kind, body)
    if kind == CaseLook.LOOKED_BACK:
        return _tell_look(who, body)
    of_order = kind in set(OrderAct)
    action = _of(kind).label
    actor = Role(role).label
    by = Wording(f"{actor.zh}{who}", f"{actor.en} {who}".strip())
    detail = _detail_of_order(body) if of_order else _detail(body)
    return Wording(f"{by.zh}{action.zh}{detail.zh}", f"{by.en}: {action.en}{detail.en}")


def _of(kind: str) -> Action | OrderAct | Answer:
    if kind in set(OrderAct):
        return OrderAct(kind)
    return Answer(kind) if kind in set(Answer) else Action(kind)


def _tell_step(kind: str, body: Mapping[str, Any]) -> Wording:
    stage, holder = Stage(body["stage"]).label, Role(body["holder"]).label
    due = day_due(datetime.fromisoformat(body["due"]))  # in China: the text may be UTC
    if kind == StepKind.REMIND:
        return Wording(
            f"提醒{holder.zh}：{stage.zh}应于 {due} 前完成",
            f"reminded the {holder.en}: {stage.en} is due by {due}",
        )
    late = _late(body["days_late"])
    return Wording(
        f"{stage.zh}{late.zh}，责任在{holder.zh}",
        f"{stage.en} is {late.en}, waiting for the {holder.en}",
    )


def _tell_look(who: str, body: Mapping[str, Any]) -> Wording:
    finding, inspector = Finding(body["finding"]).label, Role.INSPECTOR.label
    zh, en = f"{inspector.zh}{who}", f"{inspector.en} {who}".strip()
    number = body["lookback"]
    return Wording(f"{zh}回头看 {number}：{finding.zh}", f"{en}: look-back {number}, {finding.en}")


def _late(days: int) -> Wording:
    if not days:  # a limit of hours ran out today
        return Wording("已逾期", "late")
    return Wording(f"逾期 {days} 天", f"{days} day(s) late")


def _detail(body: Mapping[str, Any]) -> Wording:
    given = body.get("given", {})
    words = next(
        (str(given[name]) for name in ("finding", "reason", "text", "measures") if name in given),
        str(body.get("description", "")),
    )
    files = len(body.get("evidence", ()))
    photos = Wording(f"（附件 {files} 份）", f" ({files} file(s))") if files else Wording("", "")
    said = Wording(f"：{words}", f": {words}") if words else Wording("", "")
    return Wording(said.zh + photos.zh, said.en + photos.en)


def _detail_of_order(body: Mapping[str, Any]) -> Wording:
    """Return the order's number, and how it was served, until when and why if that is told."""
    how = Service(body["how"]).label if "how" in body else Wording("", "")
    until, reason = str(body.get("until", "")), str(body.get("reason", ""))
    said = [each for each in ((how.zh, how.en), (until, until), (reason, reason)) if each[0]]
    zh, en = "，".join(each[0] for each in said), ", ".join(each[1] for each in said)
    number = str(body.get("order", ""))
    return Wording(
        f" {number}" * bool(number) + f"：{zh}" * bool(zh),
        f" {number}" * bool(number) + f": {en}" * bool(en),
    )
