"""Which duties a person may see, and which wait for them, as conditions on duties."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, false, or_, select, true

from casework.people import find_unit
from models import Place
from models.tables import DUTIES, ORGANISATIONS
from rules.access import Actor, Role, widest
from rules.duties.kinds import EVERYONE, kinds


def seen(connection: Connection, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a duty is where ``actor`` may know of it, or their own."""
    by_sight: dict[frozenset[Role], list[str]] = {}
    for kind in kinds().values():
        by_sight.setdefault(kind.see, []).append(kind.key)
    by_sight.pop(EVERYONE, None)
    narrow = [key for keys in by_sight.values() for key in keys]
    return or_(
        DUTIES.c.person_id == actor.id,
        DUTIES.c.kind.not_in(narrow) & _held_under(connection, actor, EVERYONE),
        *(
            DUTIES.c.kind.in_(keys) & _held_under(connection, actor, roles)
            for roles, keys in by_sight.items()
        ),
    )


def mine(connection: Connection, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a duty waits for ``actor``: by name, or in a role of theirs."""
    by_holder: dict[Role, list[str]] = {}
    for kind in kinds().values():
        by_holder.setdefault(kind.holder, []).append(kind.key)
    return or_(
        DUTIES.c.person_id == actor.id,
        *(
            DUTIES.c.person_id.is_(None)
            & DUTIES.c.kind.in_(keys)
            & _held_under(connection, actor, {role})
            for role, keys in by_holder.items()
        ),
    )


def under(connection: Connection, place: str) -> ColumnElement[bool]:
    """Return the condition that a duty is of this cluster or unit; raise NotFound."""
    unit = find_unit(connection, place, where="place")
    if unit.kind is Place.COMMITTEE:
        return true()
    return (DUTIES.c.cluster_id if unit.kind is Place.CLUSTER else DUTIES.c.unit_id) == unit.id


def _held_under(
    connection: Connection, actor: Actor, roles: Collection[Role]
) -> ColumnElement[bool]:
    """Return the condition that a duty lies where ``actor`` holds one of the roles."""
    paths = widest(grant.path for grant in actor.grants if grant.role in roles)
    if not paths:
        return false()
    places = ORGANISATIONS.c
    rows = connection.execute(select(places.id, places.kind).where(places.path.in_(paths))).all()
    if any(row.kind is Place.COMMITTEE for row in rows):
        return true()
    clusters = [row.id for row in rows if row.kind is Place.CLUSTER]
    units = [row.id for row in rows if row.kind is Place.UNIT]
    # What is empty is left out, so that the rest finds its index.
    chosen = [DUTIES.c.cluster_id.in_(clusters)] if clusters else []
    chosen += [DUTIES.c.unit_id.in_(units)] if units else []
    return or_(*chosen) if chosen else false()
