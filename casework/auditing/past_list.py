"""Lists and counts as of a moment: what ``case_list`` would have shown then."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Subquery,
    case,
    func,
    literal,
    or_,
    select,
)

from casework.auditing.past import cases_at, transferred_after
from casework.case_list import MOST_PER_PAGE, Filter, Page, matching
from casework.list_pages import Order, id_after, page_key
from casework.office import Office
from casework.people import find_actor
from casework.scope import visible
from models.tables import CASES, ORGANISATIONS
from rules.case import Level, State
from rules.deadlines import days_late


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cases there were at a moment; ``by_state`` holds every state, in their order."""

    total: int
    open: int
    overdue: int
    listed: int
    major: int
    by_state: Mapping[str, int]

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def list_as_of(
    office: Office, wanted: Filter, moment: datetime, *, by: str, after: str = "", size: int = 50
) -> Page:
    """Return a page of the cases as they were at ``moment``, the newest first.

    Only cases that ``by`` may see now; place, state, level and the rest are those of the moment.
    Raise Invalid as ``list_cases`` does.
    """
    size = max(1, min(size, MOST_PER_PAGE))
    with office.auditing() as connection:
        was = _found(connection, wanted, moment, by)
        clusters = ORGANISATIONS.alias("cluster")
        page = (
            select(was, ORGANISATIONS.c.name.label("unit"), clusters.c.name.label("cluster"))
            .join(ORGANISATIONS, ORGANISATIONS.c.id == was.c.unit_id)
            .outerjoin(clusters, clusters.c.id == was.c.cluster_id)
            .where(*matching(connection, wanted, was, moment))
            .order_by(was.c.id.desc())
            .limit(size + 1)
        )
        if after:
            page = page.where(was.c.id < id_after(after))
        rows = [dict(row) for row in connection.execute(page).mappings()]
    shown = [row | {"days_late": _late(row, moment)} for row in rows[:size]]
    return Page(shown, page_key(rows[size - 1], Order.NEWEST) if len(rows) > size else "")


def count_as_of(office: Office, wanted: Filter, moment: datetime, *, by: str) -> Counted:
    """Return how many cases the filter would have found at ``moment``, and how they stood.

    What was closed by then, and not opened again, is counted as it is: it has not changed.
    """
    with office.auditing() as connection:
        alive = or_(CASES.c.closed_at.is_(None), CASES.c.closed_at > moment)
        was = _found(connection, wanted, moment, by, alive)
        found = connection.execute(
            select(was.c.state, *_counts(was, moment))
            .where(*matching(connection, wanted, was, moment))
            .group_by(was.c.state)
        ).all()
        within = visible(connection, find_actor(connection, by))
        closed = connection.execute(
            select(func.count(), literal(0), literal(0), _sum(CASES.c.level == Level.MAJOR)).where(
                CASES.c.closed_at <= moment, within, *matching(connection, wanted, CASES, moment)
            )
        ).one()
    return _counted([*(tuple(row) for row in found), (State.CLOSED, *closed)])


def _counts(cases: FromClause, moment: datetime) -> list[ColumnElement[Any]]:
    marks = (cases.c.due_at <= moment, cases.c.listed.is_not(None), cases.c.level == Level.MAJOR)
    return [func.count(), *(_sum(each) for each in marks)]


def _sum(mark: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((mark, 1), else_=0)), 0)


def _counted(rows: Sequence[tuple[Any, ...]]) -> Counted:
    by_state: dict[str, int] = dict.fromkeys(State, 0)
    for state, number, *_ in rows:
        by_state[State(state)] += number
    total, overdue, listed, major = (sum(row[at] for row in rows) for at in (1, 2, 3, 4))
    return Counted(total, total - by_state[State.CLOSED], overdue, listed, major, by_state)


def _found(
    connection: Connection, wanted: Filter, moment: datetime, by: str, *more: ColumnElement[bool]
) -> Subquery:
    """Return the cases as they were, narrowed beforehand by what an index can tell."""
    within = [visible(connection, find_actor(connection, by)), *more]
    if wanted.overdue or wanted.stage or wanted.holder or wanted.state not in (None, State.CLOSED):
        within.append(or_(CASES.c.closed_at.is_(None), CASES.c.closed_at > moment))
    if wanted.place:
        here = matching(connection, Filter(place=wanted.place), CASES, moment)
        within.append(or_(*here, CASES.c.id.in_(transferred_after(moment))))
    return cases_at(connection, moment, *within)


def _late(row: Mapping[str, Any], moment: datetime) -> int:
    return days_late(row["due_at"], moment) if row["due_at"] else 0
