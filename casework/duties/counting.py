"""Duties as a score counts them: those that were owed, kept by their day, or not."""

from typing import Any

from sqlalchemy import ColumnElement, Date, Text, and_, cast, func, not_, type_coerce

from models import DutyState
from models.tables import DUTIES
from rules.duties.acts import Counted

_ROWS = DUTIES.c


def counted(how: Counted, *, sqlite: bool) -> ColumnElement[bool]:
    """Return the condition that a duty counts so."""
    owed, kept = _ROWS.state != DutyState.WAIVED, _kept(sqlite=sqlite)
    match how:
        case Counted.OWED:
            return owed
        case Counted.KEPT:
            return kept
        case _:
            return and_(owed, not_(kept))


def _kept(*, sqlite: bool) -> ColumnElement[bool]:
    ended_on: ColumnElement[Any]
    due_on: ColumnElement[Any] = _ROWS.due_on
    if sqlite:  # moments lie there in UTC, both as texts
        ended_on = func.date(type_coerce(_ROWS.ended_at, Text), "+8 hours")
        due_on = type_coerce(due_on, Text)
    else:
        ended_on = cast(func.timezone("Asia/Shanghai", _ROWS.ended_at), Date)
    return and_(_ROWS.state == DutyState.FULFILLED, ended_on <= due_on)
