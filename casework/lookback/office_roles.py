"""Who holds look-backs: the whole committee's people, not those of one cluster or school."""

from sqlalchemy import Connection, select

from casework.people import find_actor, require
from models import Place
from models.tables import ORGANISATIONS
from rules.access import Actor, Role, Verb

_ROOT = select(ORGANISATIONS.c.path).where(ORGANISATIONS.c.kind == Place.COMMITTEE)
_NOWHERE = ""


def require_office(connection: Connection, by: str, verb: Verb = Verb.LOOK_BACK) -> Actor:
    """Return the person ``by`` who may ``verb`` over the whole organisation; raise Refused."""
    actor = find_actor(connection, by)
    require(actor, verb, connection.execute(_ROOT).scalar() or _NOWHERE)
    return actor


def roles_in_lookbacks(actor: Actor) -> frozenset[Role]:
    """Return the roles that count: an inspector's wherever held, any other over the whole."""
    return frozenset(
        grant.role for grant in actor.grants if grant.role is Role.INSPECTOR or _is_root(grant.path)
    )


def _is_root(path: str) -> bool:
    return path.count("/") <= 2  # "/1001/", and "/" of the engine
