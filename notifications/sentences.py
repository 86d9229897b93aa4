"""Every kind of event as a sentence that a person reads, in Chinese and English."""

from collections.abc import Mapping
from typing import Any

from rules.access import Role
from rules.actions import Action
from rules.deadlines import Stage
from rules.policy import StepKind
from rules.wording import Wording

KINDS = frozenset({*(action.value for action in Action), *(kind.value for kind in StepKind)})


def tell(kind: str, role: str, body: Mapping[str, Any], who: str = "") -> Wording:
    """Return what happened in one sentence.

    ``who`` is the acting person's name, '' for the engine; ``body`` the event's own.
    Raise KeyError for a kind nobody wrote a sentence for.
    """
    if kind in (StepKind.REMIND, StepKind.OVERDUE):
        return _tell_step(kind, body)
    action = Action(kind).label
    actor = Role(role).label
    by = Wording(f"{actor.zh}{who}", f"{actor.en} {who}".strip())
    detail = _detail(body)
    return Wording(f"{by.zh}{action.zh}{detail.zh}", f"{by.en}: {action.en}{detail.en}")


def _tell_step(kind: str, body: Mapping[str, Any]) -> Wording:
    stage, holder = Stage(body["stage"]).label, Role(body["holder"]).label
    due = str(body["due"])[:10]
    if kind == StepKind.REMIND:
        return Wording(
            f"提醒{holder.zh}:{stage.zh}应于 {due} 前完成",
            f"reminded the {holder.en}: {stage.en} is due by {due}",
        )
    return Wording(
        f"{stage.zh}逾期 {body['days_late']} 天,责任在{holder.zh}",
        f"{stage.en} is {body['days_late']} day(s) late, waiting for the {holder.en}",
    )


def _detail(body: Mapping[str, Any]) -> Wording:
    given = body.get("given", {})
    words = next(
        (str(given[name]) for name in ("finding", "reason", "text", "measures") if name in given),
        str(body.get("description", "")),
    )
    files = len(body.get("evidence", ()))
    photos = Wording(f"(附件 {files} 份)", f" ({files} file(s))") if files else Wording("", "")
    said = Wording(f":{words}", f": {words}") if words else Wording("", "")
    return Wording(said.zh + photos.zh, said.en + photos.en)
