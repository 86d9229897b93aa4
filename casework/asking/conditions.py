"""The clauses of a query as conditions on cases, the same on either database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from casework.asking.lateness import was_late
from casework.asking.places import (
    categories_called,
    inspections_called,
    people_called,
    places_called,
    units_of_type,
)
from models.tables import CASES, CLOCKS, EVENTS, INSPECTIONS, LOOKBACK_VISITS, ORDERS
from rules.actions import Action
from rules.policy import Policy
from rules.query import Clause, Listed, Meant, Period, Query, Span
from rules.workdays import china_day, close_of, open_of

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """What conditions are made from: the database, the moment, the policy in force."""

    connection: Connection
    as_of: datetime
    policy: Policy

    @property
    def dialect(self) -> str:
        return self.connection.dialect.name


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
    column = CASES.c[name]
    return lambda _asked, clause: column.in_([value.meant for value in clause.values])


def _flag(name: str) -> Callable[[Asked, Clause], Condition]:
    column = CASES.c[name]
    return _any(lambda _asked, meant: column.is_(bool(meant)))


def _in_place(asked: Asked, clause: Clause) -> Condition:
    column = CASES.c.unit_id if clause.name == "unit" else CASES.c.cluster_id
    return column.in_(places_called(asked.connection, clause))


def _acted(asked: Asked, clause: Clause) -> Condition:
    people = people_called(asked.connection, clause)
    return exists().where(EVENTS.c.case_id == CASES.c.id, EVENTS.c.actor_id.in_(people))


def _inspected(_asked: Asked, clause: Clause) -> Condition:
    kinds = inspections_called(clause)
    return CASES.c.inspection_id.in_(select(INSPECTIONS.c.id).where(INSPECTIONS.c.kind.in_(kinds)))


def _numbered(_asked: Asked, meant: Meant) -> Condition:
    return CASES.c.number.istartswith(str(meant), autoescape=True)


def _from_source(_asked: Asked, meant: Meant) -> Condition:
    return CASES.c.source.icontains(str(meant), autoescape=True)


def _found_on(_asked: Asked, meant: Meant) -> Condition:
    return _between(meant, lambda day: CASES.c.found_on >= day, lambda day: CASES.c.found_on <= day)


def _at(name: str) -> Callable[[Asked, Clause], Condition]:
    """Return a maker for a moment: within the days of China."""
    column = CASES.c[name]
    return _any(
        lambda _asked, meant: _between(
            meant, lambda day: column >= open_of(day), lambda day: column < close_of(day)
        )
    )


def _due(_asked: Asked, meant: Meant) -> Condition:
    # Due on a day means late from the midnight after it.
    column = CASES.c.due_at
    return _between(meant, lambda day: column > open_of(day), lambda day: column <= close_of(day))


def _between(
    meant: Meant, since: Callable[[date], Condition], until: Callable[[date], Condition]
) -> Condition:
    assert isinstance(meant, Period)  # noqa: S101 — its reader made one
    bounds = [since(meant.first)] if meant.first else []
    bounds += [until(meant.last)] if meant.last else []
    return and_(*bounds)


def _overdue(asked: Asked, meant: Meant) -> Condition:
    late = and_(CASES.c.due_at.is_not(None), CASES.c.due_at <= asked.as_of)
    if isinstance(meant, bool):
        return late if meant else not_(late)
    assert isinstance(meant, Span)  # noqa: S101 — its reader made one
    today = china_day(asked.as_of)
    bounds = [late]
    if meant.low:
        bounds.append(CASES.c.due_at <= _closing(today, meant.low))
    if meant.high is not None:
        bounds.append(CASES.c.due_at > _closing(today, meant.high + 1))
    return and_(*bounds)


def _closing(today: date, days: int) -> datetime:
    """Return the due moment that is ``days`` days late today."""
    return close_of(today - timedelta(days=days))


def _late(asked: Asked, meant: Meant) -> Condition:
    ever = was_late(asked.dialect, asked.as_of, None)
    if isinstance(meant, bool):
        return ever if meant else not_(ever)
    assert isinstance(meant, Span)  # noqa: S101 — its reader made one
    bounds = [was_late(asked.dialect, asked.as_of, meant.low or None)]
    if meant.high is not None:
        bounds.append(not_(was_late(asked.dialect, asked.as_of, meant.high + 1)))
    return and_(*bounds)


def _extended(_asked: Asked, meant: Meant) -> Condition:
    granted = and_(CLOCKS.c.case_id == CASES.c.id, CLOCKS.c.cause == Action.GRANT_EXTENSION.value)
    if isinstance(meant, bool):
        return exists().where(granted) if meant else ~exists().where(granted)
    times = select(func.count()).select_from(CLOCKS).where(granted).scalar_subquery()
    return _counted(times, meant)


def _relapsed(_asked: Asked, meant: Meant) -> Condition:
    if isinstance(meant, bool):
        return CASES.c.cycle > 1 if meant else CASES.c.cycle == 1
    return _counted(CASES.c.cycle - 1, meant)


def _drawn(_asked: Asked, meant: Meant) -> Condition:
    """A draw shows once its finding stands: of a visit to come nobody learns by asking."""
    seen = and_(LOOKBACK_VISITS.c.case_id == CASES.c.id, LOOKBACK_VISITS.c.finding.is_not(None))
    if isinstance(meant, bool):
        return exists().where(seen) if meant else ~exists().where(seen)
    times = select(func.count()).select_from(LOOKBACK_VISITS).where(seen).scalar_subquery()
    return _counted(times, meant)


def _counted(times: ColumnElement[int], meant: Meant) -> Condition:
    assert isinstance(meant, Span)  # noqa: S101 — its reader made one
    bounds = [] if meant.low is None else [times >= meant.low]
    bounds += [] if meant.high is None else [times <= meant.high]
    return and_(*bounds)


def _listed(_asked: Asked, meant: Meant) -> Condition:
    ordered = exists().where(ORDERS.c.case_id == CASES.c.id)
    ever = or_(CASES.c.listed.is_not(None), ordered)
    match meant:
        case Listed.NOW:
            return CASES.c.listed.is_not(None)
        case Listed.EVER:
            return ever
        case Listed.NEVER:
            return not_(ever)
        case _:
            return CASES.c.listed == literal(str(meant))


_MAKERS: dict[str, Callable[[Asked, Clause], Condition]] = {
    "unit": _in_place,
    "cluster": _in_place,
    "type": lambda asked, clause: CASES.c.unit_id.in_(units_of_type(asked.connection, clause)),
    "category": lambda asked, clause: CASES.c.category.in_(categories_called(asked.policy, clause)),
    **{name: _equal(name) for name in ("level", "risk", "state", "stage", "holder")},
    "number": _any(_numbered),
    "found": _any(_found_on),
    "reported": _at("reported_at"),
    "closed": _at("closed_at"),
    "due": _any(_due),
    "overdue": _any(_overdue),
    "late": _any(_late),
    "extended": _any(_extended),
    "relapsed": _any(_relapsed),
    "drawn": _any(_drawn),
    "listed": _any(_listed),
    "voided": _flag("voided"),
    "claimed": _flag("claimed"),
    "by": _acted,
    "inspection": _inspected,
    "source": _any(_from_source),
}
