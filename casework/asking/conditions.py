"""The clauses of a query as conditions on cases, the same on either database."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import and_, case, false, not_, or_, select, true

from casework.asking.asked import Asked, Condition
from casework.asking.lived import (
    acted,
    drawn,
    ever_late,
    extended,
    finished,
    listed,
    relapsed,
    voided,
)
from casework.asking.places import (
    categories_called,
    inspections_called,
    places_called,
    units_of_type,
)
from models.tables import INSPECTIONS
from rules.case import State
from rules.query import Clause, Meant, Period, Query, Span
from rules.workdays import china_day, close_of, open_of


def conditions(asked: Asked, query: Query, *, unseen: bool = False) -> list[Condition]:
    """Return a condition for every clause; raise QueryTrouble for a name that is not known.

    ``unseen`` hides them from a planner that would choose its index by them, but for the one on
    what the query is sorted by.
    """
    return [
        _condition(asked, clause, unseen=unseen and clause.name != query.sort)
        for clause in query.clauses
    ]


def condition_of(asked: Asked, clause: Clause) -> Condition:
    """Return the condition of a clause that is not negated."""
    return _MAKERS[clause.name](asked, clause)


def of_open(clause: Clause) -> bool:
    """Return whether only open cases can fulfil a clause that is not negated."""
    meant = [value.meant for value in clause.values]
    if clause.name == "state":
        return State.CLOSED not in meant
    return clause.name in _OF_OPEN or (clause.name == "overdue" and False not in meant)


_OF_OPEN = frozenset(("stage", "holder", "due"))


def _condition(asked: Asked, clause: Clause, *, unseen: bool) -> Condition:
    found = condition_of(asked, clause)
    if clause.negated:
        return not_(_decided(found))
    return _decided(found) if unseen else found


def _decided(condition: Condition) -> Condition:
    """Return the same without NULL, whose NOT is NULL: a case without the fact has it not."""
    return case((condition, true()), else_=false()) == true()


def _any(make: Callable[[Asked, Meant], Condition]) -> Callable[[Asked, Clause], Condition]:
    """Return a maker that asks for one of the values."""
    return lambda asked, clause: or_(*(make(asked, value.meant) for value in clause.values))


def _equal(name: str) -> Callable[[Asked, Clause], Condition]:
    return lambda asked, clause: asked.cases.c[name].in_([value.meant for value in clause.values])


def _flag(name: str) -> Callable[[Asked, Clause], Condition]:
    return _any(lambda asked, meant: asked.cases.c[name].is_(bool(meant)))


def _in_place(asked: Asked, clause: Clause) -> Condition:
    column = asked.cases.c.unit_id if clause.name == "unit" else asked.cases.c.cluster_id
    return column.in_(places_called(asked.connection, clause))


def _inspected(asked: Asked, clause: Clause) -> Condition:
    of_kind = select(INSPECTIONS.c.id).where(INSPECTIONS.c.kind.in_(inspections_called(clause)))
    return asked.cases.c.inspection_id.in_(of_kind)


def _of_type(asked: Asked, clause: Clause) -> Condition:
    return asked.cases.c.unit_id.in_(units_of_type(asked.connection, clause))


def _of_category(asked: Asked, clause: Clause) -> Condition:
    return asked.cases.c.category.in_(categories_called(asked.policy, clause))


def _numbered(asked: Asked, meant: Meant) -> Condition:
    return asked.cases.c.number.istartswith(str(meant), autoescape=True)


def _from_source(asked: Asked, meant: Meant) -> Condition:
    return asked.cases.c.source.icontains(str(meant), autoescape=True)


def _found_on(asked: Asked, meant: Meant) -> Condition:
    column = asked.cases.c.found_on
    return _between(meant, lambda day: column >= day, lambda day: column <= day)


def _at(name: str) -> Callable[[Asked, Clause], Condition]:
    """Return a maker for a moment: within the days of China."""
    return _any(
        lambda asked, meant: _between(
            meant,
            lambda day: asked.cases.c[name] >= open_of(day),
            lambda day: asked.cases.c[name] < close_of(day),
        )
    )


def _due(asked: Asked, meant: Meant) -> Condition:
    # Due on a day means late from the midnight after it.
    column = asked.cases.c.due_at
    return _between(meant, lambda day: column > open_of(day), lambda day: column <= close_of(day))


def _between(
    meant: Meant, since: Callable[[date], Condition], until: Callable[[date], Condition]
) -> Condition:
    assert isinstance(meant, Period)  # noqa: S101 — its reader made one
    bounds = [since(meant.first)] if meant.first else []
    bounds += [until(meant.last)] if meant.last else []
    return and_(*bounds)


def _overdue(asked: Asked, meant: Meant) -> Condition:
    due_at = asked.cases.c.due_at
    late = and_(due_at.is_not(None), due_at <= asked.as_of)
    if isinstance(meant, bool):
        return late if meant else not_(late)
    assert isinstance(meant, Span)  # noqa: S101 — its reader made one
    today = china_day(asked.as_of)
    bounds = [late]
    if meant.low:
        bounds.append(due_at <= _closing(today, meant.low))
    if meant.high is not None:
        bounds.append(due_at > _closing(today, meant.high + 1))
    return and_(*bounds)


def _closing(today: date, days: int) -> datetime:
    """Return the due moment that is ``days`` days late today."""
    return close_of(today - timedelta(days=days))


_MAKERS: dict[str, Callable[[Asked, Clause], Condition]] = {
    "unit": _in_place,
    "cluster": _in_place,
    "type": lambda asked, clause: asked.cases.c.unit_id.in_(
        units_of_type(asked.connection, clause)
    ),
    "category": _of_category,
    **{name: _equal(name) for name in ("level", "risk", "state", "stage", "holder")},
    "number": _any(_numbered),
    "found": _any(_found_on),
    "reported": _at("reported_at"),
    "closed": _at("closed_at"),
    "due": _any(_due),
    "overdue": _any(_overdue),
    "late": _any(ever_late),
    "extended": _any(extended),
    "relapsed": _any(relapsed),
    "finished": _any(finished),
    "drawn": _any(drawn),
    "listed": _any(listed),
    "voided": _any(voided),
    "claimed": _flag("claimed"),
    "by": acted,
    "inspection": _inspected,
    "source": _any(_from_source),
}
