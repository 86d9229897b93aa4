"""The places within somebody's reach, and their roles there, for them to choose from."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select

from models import Place
from models.tables import ORGANISATIONS, PEOPLE, ROLE_GRANTS
from rules.access import Actor, Role, Verb

_PLACES = ORGANISATIONS.c


class Post(NamedTuple):
    """A role somebody holds, and the place it is held over."""

    role: Role
    code: str
    place: str
    kind: Place


def list_posts(connection: Connection, code: str) -> list[Post]:
    """Return the roles of the person with this code, the widest place first."""
    rows = connection.execute(
        select(ROLE_GRANTS.c.role, _PLACES.code, _PLACES.name, _PLACES.kind)
        .join(PEOPLE, PEOPLE.c.id == ROLE_GRANTS.c.person_id)
        .join(ORGANISATIONS, _PLACES.id == ROLE_GRANTS.c.organisation_id)
        .where(PEOPLE.c.code == code)
        .order_by(_PLACES.path, ROLE_GRANTS.c.role)
    )
    return [Post(*row) for row in rows]


def list_reach(connection: Connection, actor: Actor, verb: Verb) -> Sequence[Any]:
    """Return the clusters and units over which ``verb`` is permitted: code, name, kind."""
    paths = actor.reach(verb)
    inside = or_(*(_PLACES.path.startswith(path, autoescape=True) for path in paths))
    rows = (
        select(_PLACES.code, _PLACES.name, _PLACES.kind)
        .where(inside, _PLACES.kind.in_([Place.CLUSTER, Place.UNIT]))
        .order_by(_PLACES.path)
    )
    return connection.execute(rows).all() if paths else []
