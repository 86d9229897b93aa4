"""Where it burns: open, late and listed cases by place and by category, from indexes alone.

Only open cases are read, each grouping by an index of its own (``ix_cases_cluster_due`` and its
siblings); listed ones come from the orders in force. Neither grows with what is closed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from casework.office import Office
from casework.people import find_actor
from casework.reach import list_reach
from casework.scope import visible
from models import Place
from models.tables import CASES, ORDERS, ORGANISATIONS
from rules.access import Actor, Verb


@dataclass(frozen=True, slots=True)
class Heat:
    """The open cases of a place or a category; ``key`` is its code."""

    key: str
    name: str
    open: int
    late: int
    listed: int


def count_places(office: Office, *, by: str, as_of: datetime) -> list[Heat]:
    """Return every cluster within ``by``'s reach; within one cluster, its units. None is left out
    because nothing is open there.
    """
    with office.reading() as connection:
        actor = find_actor(connection, by)
        reach = list_reach(connection, actor, Verb.VIEW)
        kind, column = _grouping(reach)
        counted = _count(connection, actor, column, as_of)
        rows = connection.execute(
            select(_PLACES.id, _PLACES.code, _PLACES.name)
            .where(_PLACES.code.in_([each.code for each in reach if each.kind is kind]))
            .order_by(_PLACES.path)
        ).all()
        return [Heat(row.code, row.name, *counted.get(row.id, (0, 0, 0))) for row in rows]


def count_categories(office: Office, *, by: str, as_of: datetime) -> list[Heat]:
    """Return the policy's categories in its order, then others that cases still carry."""
    with office.reading() as connection:
        policy = office.rulebooks.at(connection, as_of).policy
        actor = find_actor(connection, by)
        counted = _count(connection, actor, CASES.c.category, as_of)
    known = [each.key for each in policy.categories]
    keys = [*known, *sorted(set(counted) - set(known))]
    return [Heat(key, key, *counted.get(key, (0, 0, 0))) for key in keys]


_PLACES = ORGANISATIONS.c


def _grouping(reach: Sequence[Any]) -> tuple[Place, ColumnElement[Any]]:
    clusters = sum(each.kind is Place.CLUSTER for each in reach)
    if clusters > 1:
        return Place.CLUSTER, CASES.c.cluster_id
    return Place.UNIT, CASES.c.unit_id


def _count(
    connection: Connection, actor: Actor, column: ColumnElement[Any], as_of: datetime
) -> Mapping[Any, tuple[int, int, int]]:
    seen = visible(connection, actor)
    late = func.count(case((CASES.c.due_at <= as_of, 1)))
    open_ = select(column, func.count(), late).where(CASES.c.due_at.is_not(None), seen)
    # Counted here: to group, SQLite would walk every case in that order (1.4 s at a million).
    in_force = select(ORDERS.c.case_id).where(ORDERS.c.released_at.is_(None))
    listed = select(column).where(CASES.c.id.in_(in_force), CASES.c.listed.is_not(None), seen)
    under = Counter(connection.execute(listed).scalars())
    rows = connection.execute(open_.group_by(column))
    return {key: (n, n_late, under[key]) for key, n, n_late in rows}
