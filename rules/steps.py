"""When a running clock is spoken of: a ladder's rungs and their repeats, laid from its due moment.

Steps are taken in order, each once. Reminders from before a clock started are not owed.
"""

from datetime import datetime
from functools import lru_cache

from rules.ladder import Ladder, Offset, Planned, StepKind
from rules.workdays import Calendar


def first_step(
    ladder: Ladder, calendar: Calendar, *, started_at: datetime, due_at: datetime
) -> Planned | None:
    """Return the first step of a clock; None when it owes none."""
    for planned in plan_steps(ladder, calendar, due_at):
        if planned.rung.kind is StepKind.OVERDUE or planned.at > started_at:
            return planned
    return None


@lru_cache(maxsize=4096)  # many clocks share a due moment, so each is laid once
def plan_steps(ladder: Ladder, calendar: Calendar, due_at: datetime) -> tuple[Planned, ...]:
    """Return every step of a clock due at ``due_at``, in the order of their moments."""
    laid = [
        each
        for rung in ladder.rungs
        for each in (
            Planned(rung, 0, rung.offset.from_due(due_at, calendar)),
            *_repeats(Planned(rung, 0, rung.offset.from_due(due_at, calendar)), calendar),
        )
    ]
    return tuple(sorted(laid, key=lambda each: each.at))


def _repeats(first: Planned, calendar: Calendar) -> list[Planned]:
    repeat = first.rung.repeat
    if repeat is None:
        return []
    return [
        Planned(
            first.rung,
            again,
            Offset(repeat.every.amount * again, repeat.every.unit).after(first.at, calendar),
        )
        for again in range(1, repeat.most + 1)
    ]
