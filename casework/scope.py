"""What a person may see, as a condition on cases."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, false, or_, select, true

from models import Place
from models.tables import CASES, ORGANISATIONS
from rules.access import Actor, Verb


def visible(connection: Connection, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a case lies where ``actor`` may look.

    A case is its unit's: who holds a role over a department alone may not look at it.
    """
    paths = actor.reach(Verb.VIEW)
    if not paths:
        return false()
    rows = connection.execute(
        select(ORGANISATIONS.c.id, ORGANISATIONS.c.kind).where(ORGANISATIONS.c.path.in_(paths))
    ).all()
    if any(row.kind is Place.COMMITTEE for row in rows):
        return true()
    clusters = [row.id for row in rows if row.kind is Place.CLUSTER]
    units = [row.id for row in rows if row.kind is Place.UNIT]
    return or_(*_in_any(clusters, units))


def _in_any(clusters: Sequence[int], units: Sequence[int]) -> list[ColumnElement[bool]]:
    """An empty list is left out: with it a planner no longer counts by the other one's index."""
    lists = ((CASES.c.cluster_id, clusters), (CASES.c.unit_id, units))
    return [column.in_(ids) for column, ids in lists if ids] or [false()]
