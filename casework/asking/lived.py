"""Clauses about what a case lived through: lateness, extensions, orders, draws, who acted."""

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
)

from casework.asking.asked import Asked, Condition
from casework.asking.lateness import was_late
from casework.asking.places import people_called
from models.tables import CLOCKS, EVENTS, LOOKBACK_VISITS, ORDERS
from rules.actions import Action
from rules.case import State
from rules.query import Clause, Listed, Meant, Span


def acted(asked: Asked, clause: Clause) -> Condition:
    """Return that one of the people did something."""
    people = people_called(asked.connection, clause)
    own = EVENTS.c.case_id == asked.cases.c.id
    return exists().where(own, EVENTS.c.actor_id.in_(people), *asked.by_then(EVENTS.c.at))


def ever_late(asked: Asked, meant: Meant) -> Condition:
    if isinstance(meant, bool):
        ever = was_late(asked, None)
        return ever if meant else not_(ever)
    assert isinstance(meant, Span)  # noqa: S101 — its reader made one
    bounds = [was_late(asked, meant.low or None)]
    if meant.high is not None:
        bounds.append(not_(was_late(asked, meant.high + 1)))
    return and_(*bounds)


def extended(asked: Asked, meant: Meant) -> Condition:
    source, granted = _grants(asked)
    if isinstance(meant, bool):
        return exists().where(granted) if meant else ~exists().where(granted)
    return _counted(_number_of(source, granted), meant)


def relapsed(asked: Asked, meant: Meant) -> Condition:
    cycle = asked.cases.c.cycle
    if isinstance(meant, bool):
        return cycle > 1 if meant else cycle == 1
    return _counted(cycle - 1, meant)


def drawn(asked: Asked, meant: Meant) -> Condition:
    """A draw shows once its finding stands: of a visit to come nobody learns by asking."""
    visits = LOOKBACK_VISITS.c
    found = (visits.finding.is_not(None), *asked.by_then(visits.found_at))
    seen = and_(visits.case_id == asked.cases.c.id, *found)
    if isinstance(meant, bool):
        return exists().where(seen) if meant else ~exists().where(seen)
    return _counted(_number_of(LOOKBACK_VISITS, seen), meant)


def listed(asked: Asked, meant: Meant) -> Condition:
    order = asked.cases.c.listed
    issued = asked.by_then(ORDERS.c.issued_at)
    ever = or_(order.is_not(None), exists().where(ORDERS.c.case_id == asked.cases.c.id, *issued))
    match meant:
        case Listed.NOW:
            return order.is_not(None)
        case Listed.EVER:
            return ever
        case Listed.NEVER:
            return not_(ever)
        case _:
            return order == literal(str(meant))


def finished(asked: Asked, meant: Meant) -> Condition:
    """Verified or closed at any time, as the relapse rate counts; voided ones are not."""
    yes, no = True, False
    ended = or_(relapsed(asked, yes), asked.cases.c.state.in_([State.VERIFIED, State.CLOSED]))
    found = and_(ended, voided(asked, no))
    return found if meant else not_(found)


def voided(asked: Asked, meant: Meant) -> Condition:
    if not asked.past:
        return asked.cases.c.voided.is_(bool(meant))
    each = EVENTS.alias("turn")
    last = (
        select(each.c.kind)
        .where(
            each.c.case_id == asked.cases.c.id, each.c.kind.in_(_VOIDING), *asked.by_then(each.c.at)
        )
        .order_by(each.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    was = func.coalesce(last, literal_column("''")) == Action.VOID.value
    return was if meant else not_(was)


_VOIDING = (Action.VOID.value, Action.REOPEN.value)


def _grants(asked: Asked) -> tuple[FromClause, Condition]:
    """Return where grants are counted: each set a clock, which does not say when it was set."""
    if not asked.past:
        granted = CLOCKS.c.cause == Action.GRANT_EXTENSION.value
        return CLOCKS, and_(CLOCKS.c.case_id == asked.cases.c.id, granted)
    granted = and_(EVENTS.c.kind == Action.GRANT_EXTENSION.value, EVENTS.c.at <= asked.as_of)
    return EVENTS, and_(EVENTS.c.case_id == asked.cases.c.id, granted)


def _number_of(source: FromClause, having: Condition) -> ColumnElement[int]:
    return select(func.count()).select_from(source).where(having).scalar_subquery()


def _counted(times: ColumnElement[int], meant: Meant) -> Condition:
    assert isinstance(meant, Span)  # noqa: S101 — its reader made one
    bounds = [] if meant.low is None else [times >= meant.low]
    bounds += [] if meant.high is None else [times <= meant.high]
    return and_(*bounds)
