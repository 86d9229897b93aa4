"""The table of cases as it was at a moment, in one statement over clocks, orders and a few events.

What never changes is read from the case; its stage, due date and cycle from the clock that ran;
its listing from the order that was open; level and unit from the first event after the moment that
changed them. Equal to folding each case's events, as long as those stand in the order of time.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
)

from models.tables import CASES, CLOCKS, EVENTS, ORDERS, ORGANISATIONS
from rules.access import Role
from rules.actions import Action
from rules.case import Level, State
from rules.deadlines import Stage

_UNCHANGING = (
    "id", "number", "category", "risk", "description", "location", "found_on", "reported_at",
    "source", "inspection_id",
)  # fmt: skip
_STATES = {
    Stage.PLAN: State.REPORTED,
    Stage.APPROVAL: State.PLAN,
    Stage.RECTIFICATION: State.RECTIFYING,
    Stage.VERIFICATION: State.RECTIFYING,
    Stage.CLOSE_OUT: State.VERIFIED,
}


def cases_at(connection: Connection, moment: datetime, *within: ColumnElement[bool]) -> Subquery:
    """Return every case that was reported by ``moment``, with the columns of ``cases`` as they
    were then: unit_id, cluster_id, level, listed, state, claimed, cycle, stage, holder, due_at,
    closed_at, and those that never change. ``within`` are conditions on ``cases`` as it is now.
    """
    return _select(connection, moment).where(CASES.c.reported_at <= moment, *within).subquery("was")


def _select(connection: Connection, moment: datetime) -> Select[Any]:
    clock, running = _running(connection, moment)
    order, lay = ORDERS.alias("stood"), ORGANISATIONS.alias("lay")
    level = _then(connection, moment, Action.GRADE, CASES.c.level)
    unit = _then(connection, moment, Action.TRANSFER, CASES.c.unit_id)
    ran = clock.c.case_id.is_not(None)
    return select(
        *(CASES.c[name] for name in _UNCHANGING),
        unit.label("unit_id"), case(
            (unit == CASES.c.unit_id, CASES.c.cluster_id), else_=_cluster(unit, lay)
        ).label("cluster_id"),
        level.label("level"), order.c.kind.label("listed"), _state(clock).label("state"),
        func.coalesce(clock.c.stage == Stage.VERIFICATION, literal(value=False)).label("claimed"),
        case((ran, clock.c.cycle), else_=_when_closed(moment, "cycle")).label("cycle"),
        clock.c.stage, _holder(clock, level, order, moment).label("holder"), clock.c.due_at,
        case((ran, null()), else_=_when_closed(moment, "closed_at")).label("closed_at"),
    ).select_from(
        CASES.outerjoin(clock, running).outerjoin(order, _stood(order, moment))
    )  # fmt: skip


def _running(connection: Connection, moment: datetime) -> tuple[FromClause, ColumnElement[bool]]:
    """Return the clock that ran, and how it joins its case: the first not stopped by then.

    A regraded clock began before it was set, so that two may span a moment. PostgreSQL reads the
    clocks of each case by their key only when it is told to, SQLite has no other way.
    """
    if connection.dialect.name == "postgresql":
        each = CLOCKS.alias("each")
        alive = or_(CASES.c.closed_at.is_(None), CASES.c.closed_at > moment)
        first = select(each).where(alive, *_unstopped(each, moment)).order_by(each.c.no).limit(1)
        clock: FromClause = first.correlate(CASES).lateral("ran")
        return clock, clock.c.started_at <= moment
    clock, each = CLOCKS.alias("ran"), CLOCKS.alias("each")
    number = select(func.min(each.c.no)).where(*_unstopped(each, moment)).correlate(CASES)
    # A case closed by then and never opened again has none; clocks are counted from one.
    wanted = case((CASES.c.closed_at <= moment, 0), else_=number.scalar_subquery())
    of_case = and_(clock.c.case_id == CASES.c.id, clock.c.no == wanted)
    return clock, and_(of_case, clock.c.started_at <= moment)


def _unstopped(clock: FromClause, moment: datetime) -> tuple[ColumnElement[bool], ...]:
    unstopped = or_(clock.c.stopped_at.is_(None), clock.c.stopped_at > moment)
    return clock.c.case_id == CASES.c.id, unstopped


def _stood(order: FromClause, moment: datetime) -> ColumnElement[bool]:
    released = or_(order.c.released_at.is_(None), order.c.released_at > moment)
    return and_(order.c.case_id == CASES.c.id, order.c.issued_at <= moment, released)


def _then(
    connection: Connection, moment: datetime, kind: Action, column: ColumnElement[Any]
) -> ColumnElement[Any]:
    """Return a column of the case as it was: what the first later event of ``kind`` changed."""
    each = EVENTS.alias(f"{kind.value}_after")
    before = _before(connection, each, column.name)
    first = (
        select(before)
        .where(
            each.c.case_id == CASES.c.id, turns(each), each.c.kind == kind.value,
            each.c.at > moment, before.is_not(None),
        )
        .order_by(each.c.seq)
        .limit(1)
        .correlate(CASES)
        .scalar_subquery()
    )  # fmt: skip
    # What was closed by then, and never opened again, has not changed since.
    found = case(
        (CASES.c.closed_at <= moment, column),
        else_=func.coalesce(cast(first, column.type), column),
    )
    return type_coerce(found, column.type)


def transferred_after(moment: datetime) -> Select[Any]:
    """Return the ids of cases that were moved to another unit later."""
    return select(EVENTS.c.case_id).where(
        turns(EVENTS), EVENTS.c.kind == Action.TRANSFER.value, EVENTS.c.at > moment
    )


def turns(events: FromClause) -> ColumnElement[bool]:
    """Return, word for word, what the index of grades and transfers says: SQLite asks for it."""
    return events.c.kind.in_([literal_column("'grade'"), literal_column("'transfer'")])


def _before(connection: Connection, events: FromClause, name: str) -> ColumnElement[Any]:
    if connection.dialect.name == "sqlite":
        return func.json_extract(events.c.body, f"$.changed.{name}[0]", type_=String)
    return func.json_extract_path_text(cast(events.c.body, JSON), "changed", name, "0")


def _cluster(unit: ColumnElement[Any], lay: FromClause) -> ColumnElement[Any]:
    """Return the cluster a unit lies in."""
    return select(lay.c.parent_id).where(lay.c.id == unit).scalar_subquery()


def _state(clock: FromClause) -> ColumnElement[Any]:
    by_stage = {stage: state.value for stage, state in _STATES.items()}
    closed = literal(State.CLOSED.value)
    found = case(
        *((clock.c.stage == stage, literal(state)) for stage, state in by_stage.items()),
        else_=closed,
    )
    return type_coerce(found, CASES.c.state.type)


def _holder(
    clock: FromClause, level: ColumnElement[Any], order: FromClause, moment: datetime
) -> ColumnElement[Any]:
    """Return who held it, as ``rules.case.Facts.holder`` decides."""
    major, listed = level == Level.MAJOR, order.c.id.is_not(None)
    above = case((or_(major, _planned_by_head(moment)), Role.CLUSTER.value), else_=Role.HEAD.value)
    closing = case((or_(major, listed), Role.COMMITTEE.value), else_=Role.CLUSTER.value)
    found = case(
        (clock.c.stage.in_([Stage.PLAN, Stage.RECTIFICATION]), literal(Role.OWNER.value)),
        (clock.c.stage == Stage.APPROVAL, above),
        (clock.c.stage == Stage.VERIFICATION, literal(Role.VERIFIER.value)),
        (clock.c.stage == Stage.CLOSE_OUT, closing),
        else_=null(),
    )
    return type_coerce(found, CASES.c.holder.type)


def _planned_by_head(moment: datetime) -> ColumnElement[bool]:
    """Return whether the last plan handed in by then was the head's."""
    each = EVENTS.alias("plan_event")
    role = (
        select(each.c.role)
        .where(
            each.c.case_id == CASES.c.id,
            each.c.kind == Action.SUBMIT_PLAN.value,
            each.c.at <= moment,
        )
        .order_by(each.c.seq.desc())
        .limit(1)
        .correlate(CASES)
        .scalar_subquery()
    )
    return role == Role.HEAD.value


def _when_closed(moment: datetime, name: str) -> ColumnElement[Any]:
    """Return the moment or cycle of its closing: of what was opened again, by its clocks."""
    each = CLOCKS.alias(f"ended_{name}")
    column = each.c.stopped_at if name == "closed_at" else each.c[name]
    last = (
        select(func.max(column))
        .where(each.c.case_id == CASES.c.id, each.c.stopped_at <= moment)
        .correlate(CASES)
        .scalar_subquery()
    )
    found = case((CASES.c.closed_at <= moment, CASES.c[name]), else_=last)
    return type_coerce(found, CASES.c[name].type)
