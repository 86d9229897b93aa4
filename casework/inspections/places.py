"""Where inspections may be seen: the subtree of the organisation, minus what is unannounced."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select, true

from models import Place
from models.tables import INSPECTION_TASKS, INSPECTION_TEAMS, ORGANISATIONS
from rules.access import PERMITS, Actor, Role, Verb, widest
from rules.inspections.acts import TaskState
from rules.inspections.kinds import UNDECEIVED

_TASKS = INSPECTION_TASKS.c
_MADE = (TaskState.AWAITING, TaskState.RECORDED)


def seen_by(connection: Connection, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that ``actor`` may see an inspection.

    Its inspectors always may. Others may where they look at cases; one that is unannounced they
    see once it was made, but for the committee's people.
    """
    announced = or_(_TASKS.hidden.is_(False), _TASKS.state.in_(_MADE))
    return or_(
        and_(_under(connection, actor, PERMITS[Verb.VIEW]), announced),
        _under(connection, actor, UNDECEIVED),
        _TASKS.lead_id == actor.id,
        on_team(actor),
    )


def on_team(actor: Actor) -> ColumnElement[bool]:
    mine = select(INSPECTION_TEAMS.c.task_id).where(INSPECTION_TEAMS.c.person_id == actor.id)
    return _TASKS.id.in_(mine)


def under_paths(connection: Connection, paths: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that an inspection's unit lies under one of the paths."""
    places = ORGANISATIONS.c
    wanted = select(places.id, places.kind).where(places.path.in_(list(paths)))
    rows = connection.execute(wanted).all()
    if any(row.kind is Place.COMMITTEE for row in rows):
        return true()
    clusters = [row.id for row in rows if row.kind is Place.CLUSTER]
    units = [row.id for row in rows if row.kind is Place.UNIT]
    if not clusters and not units:
        return false()
    return or_(_TASKS.cluster_id.in_(clusters), _TASKS.unit_id.in_(units))


def _under(connection: Connection, actor: Actor, roles: Iterable[Role]) -> ColumnElement[bool]:
    among = frozenset(roles)
    paths = widest(grant.path for grant in actor.grants if grant.role in among)
    return under_paths(connection, paths)
