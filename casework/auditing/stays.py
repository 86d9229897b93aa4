"""Stays: a case's time in each stage, made of the clocks that follow each other in it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
    type_coerce,
)

from models.tables import CASES, CLOCKS
from rules.statistics import CONTINUING

_DAY, _CHINA = 86_400, 28_800  # seconds; China is eight hours ahead


def stays_of(
    within: Sequence[ColumnElement[bool]], until: datetime
) -> tuple[tuple[int, Subquery], ...]:
    """Return stays as (case_id, stage, began, ended, late) as they stood at ``until``, in three
    parts, each with the sign it counts with. ``ended`` is None for one that ran then.

    Most clocks are a stay each, so every clock is taken for one; those of cases whose clock was
    continued are then taken off again, and their stays put together, which takes a sort.
    """
    causes: list[ColumnElement[str]] = [literal_column(f"'{cause}'") for cause in CONTINUING]
    continued = select(CLOCKS.c.case_id).where(CLOCKS.c.cause.in_(causes))  # word for word an index
    in_one, of_case = _clocks(until).where(*_of(within)), CLOCKS.c.case_id.in_(continued)
    each = in_one.add_columns(_entry().label("entry")).where(of_case).subquery("each")
    last = func.max(case((each.c.ended.is_(None), 1), else_=0))
    ended = type_coerce(case((last == 1, null()), else_=func.max(each.c.ended)), each.c.began.type)
    joined = select(
        each.c.case_id, each.c.stage, func.min(each.c.began).label("began"), ended.label("ended"),
        func.max(each.c.late).label("late"),
    ).group_by(each.c.case_id, each.c.entry, each.c.stage)  # fmt: skip
    return (
        (1, in_one.subquery("stay")),
        (-1, in_one.where(of_case).subquery("stay")),
        (1, joined.subquery("stay")),
    )


def day_number(connection: Connection, moment: ColumnElement[Any]) -> ColumnElement[int]:
    """Return a count of days by China's calendar."""
    if connection.dialect.name == "sqlite":
        return (func.unixepoch(moment, type_=Integer) + _CHINA) // _DAY
    return cast(func.floor((func.extract("epoch", moment) + _CHINA) / _DAY), BigInteger)


def _clocks(until: datetime) -> Any:  # noqa: ANN401 — a Select of five columns
    stopped = case((CLOCKS.c.stopped_at <= until, CLOCKS.c.stopped_at), else_=null())
    late = CLOCKS.c.due_at <= func.coalesce(stopped, literal(until, CLOCKS.c.due_at.type))
    return select(
        CLOCKS.c.case_id, CLOCKS.c.stage, CLOCKS.c.started_at.label("began"),
        type_coerce(stopped, CLOCKS.c.started_at.type).label("ended"),
        case((late, 1), else_=0).label("late"),
    ).where(CLOCKS.c.started_at <= until)  # fmt: skip


def _entry() -> ColumnElement[int]:
    """Number the stays of a case: each clock that does not continue one begins the next."""
    enters = case((CLOCKS.c.cause.in_(CONTINUING), 0), else_=1)
    return func.sum(enters).over(partition_by=CLOCKS.c.case_id, order_by=CLOCKS.c.no)


def _of(within: Sequence[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """Return the condition that a clock's case is within; none when every case is."""
    return [CLOCKS.c.case_id.in_(select(CASES.c.id).where(and_(*within)))] if within else []
