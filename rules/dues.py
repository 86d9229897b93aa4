"""Which due date of a stage applies, and why: every one that was set, in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Protocol

from rules.actions import Action
from rules.deadlines import Limit, LimitTrouble, Stage
from rules.wording import Wording
from rules.workdays import day_due


class Clock(Protocol):
    """What is read of a clock, in the order of ``no``."""

    @property
    def cycle(self) -> int: ...
    @property
    def stage(self) -> Stage: ...
    @property
    def due_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Stay:
    """A stage of a case, from entering to leaving it: its clocks, the last of which applies."""

    stage: Stage
    cycle: int
    clocks: tuple[int, ...]
    original_due: datetime
    due_at: datetime

    @property
    def moved(self) -> bool:
        return self.original_due != self.due_at


def stays(clocks: Sequence[Clock]) -> Iterator[Stay]:
    """Yield each stay with the places of its clocks in ``clocks``.

    Clocks that follow each other in one stage and cycle are one stay: extended or begun anew.
    """
    places = enumerate(clocks)
    for (cycle, stage), found in groupby(places, key=lambda each: (each[1].cycle, each[1].stage)):
        group = list(found)
        first, last = group[0][1], group[-1][1]
        yield Stay(stage, cycle, tuple(at for at, _ in group), first.due_at, last.due_at)


def why_due(
    due_at: datetime,
    limit: str,
    cause: str,
    *,
    estimated: bool = False,
    asked_by: str = "",
    granted_by: str = "",
    reason: str = "",
) -> Wording:
    """Return until when a clock runs and what set it: the policy's limit, or a move's own day."""
    day, begun, by_what = day_due(due_at), _cause(cause), _limit(limit, cause)
    zh = [f"{begun.zh}起，{by_what.zh}，至 {day}"]
    en = [f"since {begun.en}: {by_what.en}, until {day}"]
    if asked_by or granted_by:
        zh.append(f"{asked_by or '—'}申请，{granted_by or '—'}同意")
        en.append(f"asked by {asked_by or '—'}, granted by {granted_by or '—'}")
    if reason:
        zh.append(reason)
        en.append(reason)
    if estimated:
        zh.append("超出已公布的节假日安排，为估算")
        en.append("estimated, beyond the published holidays")
    return Wording("；".join(zh), "; ".join(en))


def _cause(cause: str) -> Wording:
    if cause == "import":
        return Wording("导入", "the import")
    label = Action(cause).label
    return Wording(label.zh, f"“{label.en}”")


def _limit(limit: str, cause: str) -> Wording:
    if limit == "set" and cause == Action.APPROVE_PLAN:
        return Wording("按方案期限", "as the plan says")
    if limit == "set":
        return Wording("按办理时所定", "as the move set it")
    try:
        label = Limit.parse(limit).label
    except LimitTrouble:
        return Wording(f"按“{limit}”", f"by {limit!r}")
    return Wording(f"制度限 {label.zh}", f"the policy allows {label.en}")
