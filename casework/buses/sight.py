"""Who sees what of school buses: as far as one sees the register of them."""

from sqlalchemy import ColumnElement, Connection, or_, select

from casework.buses.fleet import BUS, KINDS
from casework.people import find_actor
from casework.registers.places import find_kind, require_seer, seen_by
from models import Place
from models.tables import ORGANISATIONS
from rules.access import Actor, widest


def find_seer(connection: Connection, by: str) -> Actor:
    """Return who looks; raise Refused for one who may see no buses."""
    actor = find_actor(connection, by)
    require_seer(actor, find_kind(BUS))
    return actor


def paths_of(actor: Actor) -> tuple[str, ...]:
    """Return the subtrees in which the actor sees buses."""
    roles = find_kind(BUS).see
    return widest(grant.path for grant in actor.grants if grant.role in roles)


def sees_all(connection: Connection, actor: Actor) -> bool:
    """Whether the actor sees every bus, and so plates of no register and bulletins whole."""
    root = connection.execute(select(ORGANISATIONS.c.path).where(_IS_ROOT)).scalar()
    return bool(root) and root in paths_of(actor)


def seen_of_any(connection: Connection, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a record is a bus or driver which the actor may see."""
    return or_(*(seen_by(connection, actor, find_kind(kind)) for kind in KINDS))


_IS_ROOT = ORGANISATIONS.c.kind == Place.COMMITTEE
