"""Whether a case was ever late, and by how many days, reckoned from its clocks as they stand."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, literal, text

from models.tables import CASES, CLOCKS


def was_late(dialect: str, as_of: datetime, days: int | None) -> ColumnElement[bool]:
    """Return the condition that a stage ran over by at least ``days`` days (None: at all).

    Days are counted as ``rules.deadlines.days_late`` counts them; a running clock is seen at
    ``as_of``.
    """
    ended = func.coalesce(CLOCKS.c.stopped_at, literal(as_of, CLOCKS.c.due_at.type))
    over = [CLOCKS.c.case_id == CASES.c.id, ended >= CLOCKS.c.due_at]
    if days is not None:
        over.append(days_over(dialect, CLOCKS.c.due_at, ended) >= days)
    return exists().where(and_(*over))


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
