"""Inspections listed a page at a time: what is to be made, what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from casework.inspections.places import on_team, seen_by, under_paths
from casework.inspections.tasks import FOUND, TASKS
from casework.office import Office
from casework.page_keys import read_day_key
from casework.people import find_actor, find_unit
from models.tables import INSPECTION_PLANS, INSPECTION_TEAMS
from rules.access import Actor
from rules.inspections.acts import TaskState
from rules.inspections.kinds import OWN_PEOPLE, VISITORS, InspectionKind

MOST_PER_PAGE = 500
_WAITING = (TaskState.OPEN, TaskState.AWAITING)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which inspections: by states, kind, checklist, place, plan and period; ``mine`` alone;
    ``late`` ones. ``newest`` first, else the most urgent first.
    """

    states: Sequence[TaskState] = ()
    kind: InspectionKind | None = None
    checklist: str = ""
    place: str = ""
    plan: str = ""
    mine: bool = False
    late: bool = False
    size: int = 50
    after: str = ""
    period: str = ""
    newest: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list, the most urgent first, and the key of the page after it ('' on the last)."""

    rows: Sequence[Mapping[str, Any]]
    after: str


def list_tasks(office: Office, wanted: Wanted, *, by: str, today: date) -> Page:
    """Return inspections that ``by`` may see, by the day they are due. Raise NotFound, Invalid."""
    key = tuple_(TASKS.due_on, TASKS.id)
    size = max(1, min(wanted.size, MOST_PER_PAGE))
    with office.reading() as connection:
        actor = find_actor(connection, by)
        statement = in_order(narrowed(connection, actor, wanted, today), wanted)
        if wanted.after:
            last_seen = tuple_(*map(literal, read_day_key(wanted.after)))
            statement = statement.where(key < last_seen if wanted.newest else key > last_seen)
        rows = connection.execute(statement.limit(size + 1)).all()
    last = rows[size - 1] if len(rows) > size else None
    return Page(
        [shown(row, today) for row in rows[:size]], f"{last.due_on}/{last.id}" if last else ""
    )


def count_waiting(connection: Connection, actor: Actor, today: date) -> int:
    """Return how many inspections wait for ``actor`` to make or sign them by now."""
    mine = _mine(connection, actor)
    waiting = select(func.count()).select_from(
        select(TASKS.id).where(mine, TASKS.state.in_(_WAITING), TASKS.opens_on <= today).subquery()
    )
    return int(connection.execute(waiting).scalar_one())


def shown(row: Row[Any], today: date) -> dict[str, Any]:
    """Return an inspection as a list shows it."""
    waiting = row.state in _WAITING
    return {
        "number": row.number, "title": row.title, "unit": row.unit, "unit_code": row.unit_code,
        "checklist": row.checklist, "kind": row.kind, "state": row.state, "period": row.period,
        "plan": row.plan or "", "lead": row.lead or "", "opens_on": row.opens_on,
        "due_on": row.due_on, "planned_on": row.planned_on, "hazards": row.hazards,
        "normal": row.normal, "version": row.version, "recorded_at": row.recorded_at,
        "head_word": row.head_word, "has_draft": row.draft is not None,
        "days_late": max(0, (today - row.due_on).days) if waiting else 0,
    }  # fmt: skip


def in_order(statement: Select[Any], wanted: Wanted) -> Select[Any]:
    """Return the list in the order it is asked for in."""
    columns = (TASKS.due_on, TASKS.id)
    return statement.order_by(*([each.desc() for each in columns] if wanted.newest else columns))


def narrowed(connection: Connection, actor: Actor, wanted: Wanted, today: date) -> Select[Any]:
    """Return the statement of the inspections asked for that ``actor`` may see; raise NotFound."""
    statement = FOUND.where(seen_by(connection, actor))
    same = {
        TASKS.kind: wanted.kind, TASKS.checklist: wanted.checklist,
        INSPECTION_PLANS.c.number: wanted.plan, TASKS.period: wanted.period,
    }  # fmt: skip
    statement = statement.where(*(column == value for column, value in same.items() if value))
    if wanted.states:
        statement = statement.where(TASKS.state.in_(wanted.states))
    if wanted.place:
        place = find_unit(connection, wanted.place, where="place")
        statement = statement.where(under_paths(connection, [place.path]))
    if wanted.mine:
        statement = statement.where(
            _mine(connection, actor), TASKS.state.in_(_WAITING), TASKS.opens_on <= today
        )
    if wanted.late:
        statement = statement.where(TASKS.state.in_(_WAITING), TASKS.due_on < today)
    return statement


def _mine(connection: Connection, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that an inspection is for ``actor`` to make."""
    named = exists().where(INSPECTION_TEAMS.c.task_id == TASKS.id)
    own = [g.path for g in actor.grants if g.role in OWN_PEOPLE]
    visited = [g.path for g in actor.grants if g.role in VISITORS]
    is_self = TASKS.kind == InspectionKind.SELF
    by_role = or_(
        and_(is_self, under_paths(connection, own)),
        and_(~is_self, under_paths(connection, visited), TASKS.lead_id == actor.id),
    )
    return or_(on_team(actor), and_(~named, by_role))
