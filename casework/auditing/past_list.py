"""Lists and counts as of a moment: what ``case_list`` would have shown then."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Subquery,
    case,
    func,
    literal,
    or_,
    select,
)

from casework.asking.pages import after_key, key_of, ordered
from casework.asking.then import Then, alive, ready_then
from casework.auditing.past import cases_at, transferred_after
from casework.case_list import MOST_PER_PAGE, Filter, Page, matching
from casework.errors import Invalid
from casework.office import Office
from casework.people import find_actor
from casework.scope import visible
from models.tables import CASES, ORGANISATIONS
from rules.case import Level, State
from rules.deadlines import days_late
from rules.wording import Wording


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
    office: Office,
    wanted: Filter,
    moment: datetime,
    *,
    by: str,
    query: str = "",
    after: str = "",
    size: int = 50,
) -> Page:
    """Return a page of the cases as they were at ``moment``, the newest first or as ``query`` says.

    Only cases that ``by`` may see now; place, state, level and the rest are those of the moment.
    Raise Invalid as ``list_cases`` does, QueryTrouble as ``search`` does.
    """
    size = max(1, min(size, MOST_PER_PAGE))
    with office.auditing() as connection:
        then = ready_then(office, connection, query, moment)
        was = _found(connection, wanted, then, by)
        page = _page(was, then, [*matching(connection, wanted, was, moment), *then.on(was)], after)
        rows = [dict(row) for row in connection.execute(page.limit(size + 1)).mappings()]
    shown = [row | {"days_late": _late(row, moment)} for row in rows[:size]]
    return Page(shown, key_of(rows[size - 1], then.sort) if len(rows) > size else "")


def count_as_of(
    office: Office, wanted: Filter, moment: datetime, *, by: str, query: str = ""
) -> Counted:
    """Return how many cases the filter would have found at ``moment``, and how they stood.

    What was closed by then, and not opened again, is counted as it is: it has not changed.
    """
    with office.auditing() as connection:
        then = ready_then(office, connection, query, moment)
        was = _found(connection, wanted, then, by, alive(moment))
        found = connection.execute(
            select(was.c.state, *_counts(was, moment))
            .where(*matching(connection, wanted, was, moment), *then.on(was))
            .group_by(was.c.state)
        ).all()
        within = [visible(connection, find_actor(connection, by)), *then.within, *then.on(CASES)]
        closed = connection.execute(
            select(func.count(), literal(0), literal(0), _sum(CASES.c.level == Level.MAJOR)).where(
                CASES.c.closed_at <= moment, *within, *matching(connection, wanted, CASES, moment)
            )
        ).one()
    return _counted([*(tuple(row) for row in found), (State.CLOSED, *closed)])


def _page(
    was: Subquery, then: Then, conditions: Sequence[ColumnElement[bool]], after: str
) -> Select[Any]:
    clusters = ORGANISATIONS.alias("cluster")
    page = (
        select(was, ORGANISATIONS.c.name.label("unit"), clusters.c.name.label("cluster"))
        .join(ORGANISATIONS, ORGANISATIONS.c.id == was.c.unit_id)
        .outerjoin(clusters, clusters.c.id == was.c.cluster_id)
        .where(*conditions)
    )
    page = ordered(page, then.sort, was.c.id, was)
    return page.where(after_key(then.sort, after, was.c.id, was)) if after else page


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
    connection: Connection, wanted: Filter, then: Then, by: str, *more: ColumnElement[bool]
) -> Subquery:
    """Return the cases as they were, narrowed beforehand by what an index can tell."""
    _refuse_asking(wanted)
    moment = then.asked.as_of
    within = [visible(connection, find_actor(connection, by)), *then.within, *more]
    if wanted.overdue or wanted.stage or wanted.holder or wanted.state not in (None, State.CLOSED):
        within.append(alive(moment))
    if wanted.place:
        here = matching(connection, Filter(place=wanted.place), CASES, moment)
        within.append(or_(*here, CASES.c.id.in_(transferred_after(moment))))
    return cases_at(connection, moment, *within)


def _refuse_asking(wanted: Filter) -> None:
    if wanted.asking:
        raise Invalid(
            Wording("延期申请只能按现在查看", "what asks for an extension is told of now only"),
            remedy=Wording("请去掉此项条件。", "Leave this condition out."),
            where="asking",
        )


def _late(row: Mapping[str, Any], moment: datetime) -> int:
    return days_late(row["due_at"], moment) if row["due_at"] else 0
