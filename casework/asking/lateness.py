"""Whether a case was ever late, and by how many days, reckoned from its clocks as they stand."""

from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, and_, exists, func, literal, or_, select, text

from casework.asking.asked import Asked
from models.tables import CASES, CLOCKS


def was_late(asked: Asked, days: int | None) -> ColumnElement[bool]:
    """Return the condition that a stage ran over by at least ``days`` days (None: at all).

    Days are counted as ``rules.deadlines.days_late`` counts them. A running clock is due when its
    case is; those that stopped late lie in an index of their own.
    """
    due_at, now = asked.cases.c.due_at, literal(asked.as_of, CLOCKS.c.due_at.type)
    running = [due_at.is_not(None), due_at <= now]
    ended = [
        CLOCKS.c.case_id == asked.cases.c.id,
        stopped_late(),
        *asked.by_then(CLOCKS.c.stopped_at),
    ]
    if days is not None:
        running.append(days_over(asked.dialect, due_at, now) >= days)
        ended.append(days_over(asked.dialect, CLOCKS.c.due_at, CLOCKS.c.stopped_at) >= days)
    return or_(and_(*running), exists().where(and_(*ended)))


def ever_late_ids(asked: Asked) -> CompoundSelect[tuple[int]]:
    """Return the ids of all cases that are late now or had a clock stopped late, by two indexes.

    Some come twice: to leave them out, SQLite would walk all cases in the order of their ids.
    """
    late_now = select(CASES.c.id).where(CASES.c.due_at <= asked.as_of)
    return late_now.union_all(select(CLOCKS.c.case_id).where(stopped_late()))


def stopped_late() -> ColumnElement[bool]:
    """Return, word for word, what the index of clocks that stopped late says."""
    return CLOCKS.c.stopped_at >= CLOCKS.c.due_at


def days_over(
    dialect: str, due: ColumnElement[datetime], ended: ColumnElement[datetime]
) -> ColumnElement[int]:
    """Return the calendar days in China from the last day on time to the day it ended."""
    if dialect == "sqlite":
        # A due moment is the midnight after its last day; SQLite knows milliseconds.
        last = func.date(due, "-0.001 seconds", "+8 hours")
        return func.julianday(func.date(ended, "+8 hours")) - func.julianday(last)
    eight = text("interval '8 hours'")
    last = func.timezone(eight, due - text("interval '1 millisecond'"))
    return func.date(func.timezone(eight, ended)) - func.date(last)
