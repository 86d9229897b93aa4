"""Which steps of a duty's ladder a day has reached, and on which day the next one comes.

A duty is on time on its due day; the day after it is late.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from rules.duties.kinds import Days, DutyKind, Step
from rules.workdays import Calendar


def day_of(kind: DutyKind, step: Step, due_on: date, calendar: Calendar) -> date:
    """Return the day of a step, by a guess where no notice covers it yet.

    Raise CalendarEnds for a day before the first notice we hold.
    """
    if kind.count is Days.CALENDAR:
        return due_on + timedelta(step.days)
    return calendar.estimate(due_on, step.days).day


def reached(
    kind: DutyKind, due_on: date, calendar: Calendar, today: date, *, after: int | None = None
) -> Sequence[Step]:
    """Return the steps that ``today`` has reached, beyond the step ``after`` days if given."""
    return [
        step
        for step in kind.steps
        if (after is None or step.days > after) and day_of(kind, step, due_on, calendar) <= today
    ]


def next_on(
    kind: DutyKind, due_on: date, calendar: Calendar, *, after: int | None = None
) -> date | None:
    """Return the day of the first step beyond ``after``; None when there is none."""
    for step in kind.steps:
        if after is None or step.days > after:
            return day_of(kind, step, due_on, calendar)
    return None


def days_late(due_on: date, today: date) -> int:
    """Return the days since the due day; 0 when it is not over."""
    return max(0, (today - due_on).days)
