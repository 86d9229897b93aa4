"""Clauses that leave few cases: SQLite knows no statistics and must be told where to begin."""

from collections.abc import Iterable

from sqlalchemy import CompoundSelect, Select, select

from casework.asking.asked import Asked
from casework.asking.conditions import condition_of
from casework.asking.lateness import ever_late_ids
from casework.asking.places import people_called
from models.tables import CASES, EVENTS
from rules.query import Clause, Query

FEW = 5_000
# Each has an index that gives the ids without the cases.
_INDEXED = frozenset(("overdue", "due", "closed", "found"))


def few_by_clauses(asked: Asked, query: Query) -> set[int] | None:
    """Return the only cases that can fulfil some clause, when they are few; None otherwise."""
    if asked.dialect != "sqlite":
        return None
    found = [_few(asked, each) for each in query.clauses if not each.negated]
    return smallest(each for each in found if each is not None)


def smallest(sets: Iterable[set[int]]) -> set[int] | None:
    """Return what all the sets share, None when there is none."""
    shared: set[int] | None = None
    for each in sets:
        shared = each if shared is None else shared & each
    return shared


def _few(asked: Asked, clause: Clause) -> set[int] | None:
    statement = _ids(asked, clause)
    if statement is None:
        return None
    ids = asked.connection.execute(statement.limit(FEW + 1)).scalars().all()
    return set(ids) if len(ids) <= FEW else None


def _ids(asked: Asked, clause: Clause) -> Select[tuple[int]] | CompoundSelect[tuple[int]] | None:
    if clause.name == "by":
        people = people_called(asked.connection, clause)
        return select(EVENTS.c.case_id).where(EVENTS.c.actor_id.in_(people)).distinct()
    if clause.name in _INDEXED and not any(value.meant is False for value in clause.values):
        return select(CASES.c.id).where(condition_of(asked, clause))
    if clause.name == "late" and not any(value.meant is False for value in clause.values):
        return ever_late_ids(asked)
    return None
