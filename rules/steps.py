"""When a running clock is spoken of: the policy's steps, laid from its due day.

A reminder comes at the first moment of its day, an overdue step at the last moment of its own
(so that "0wd" is the instant the case becomes late). Steps are taken in order, each once.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from rules.policy import Policy, Step, StepKind
from rules.workdays import Calendar, close_of, day_due


class Planned(NamedTuple):
    """A step and the moment it falls due."""

    step: Step
    at: datetime


def first_step(
    policy: Policy, calendar: Calendar, *, started_at: datetime, due_at: datetime
) -> Planned | None:
    """Return the first step of a clock. Reminders from before it started are not owed."""
    for planned in plan_steps(policy, calendar, due_at):
        if planned.step.kind is StepKind.OVERDUE or planned.at > started_at:
            return planned
    return None


def following_step(
    policy: Policy, calendar: Calendar, *, due_at: datetime, taken: str
) -> Planned | None:
    """Return the step after the one called ``taken``; None after the last."""
    planned = plan_steps(policy, calendar, due_at)
    keys = [each.step.key for each in planned]
    later = planned[keys.index(taken) + 1 :]
    return later[0] if later else None


def plan_steps(policy: Policy, calendar: Calendar, due_at: datetime) -> tuple[Planned, ...]:
    """Return every step of a clock due at ``due_at``, in order.

    A clock of hours is spoken of from its instant: its "0wd" is that instant itself.
    """
    due_day = day_due(due_at)
    laid = _lay(policy.steps, calendar, due_day)
    if close_of(due_day) == due_at:
        return laid
    return tuple(Planned(each.step, due_at) if each.step.workdays == 0 else each for each in laid)


@lru_cache(maxsize=4096)
def _lay(steps: tuple[Step, ...], calendar: Calendar, due_day: date) -> tuple[Planned, ...]:
    """Lay the steps around a due day; many clocks share one, so each is laid once."""
    return tuple(Planned(step, _moment(step, calendar, due_day)) for step in steps)


def _moment(step: Step, calendar: Calendar, due_day: date) -> datetime:
    day = calendar.estimate(due_day, step.workdays).day
    return close_of(day if step.kind is StepKind.OVERDUE else day - timedelta(days=1))
