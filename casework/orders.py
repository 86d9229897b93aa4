"""Supervision orders: issued by the move that lists a case, closed by the one that releases it."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, update

from casework.numbering import take_numbers
from casework.rulebook import Rulebook
from models.tables import ORDERS
from rules.actions import Action, Given
from rules.case import Facts, Listing
from rules.deadlines import due
from rules.decisions import Move
from rules.ladder import OrderLevel
from rules.orders import OrderCause
from rules.workdays import china_day, close_of


class NewOrder(NamedTuple):
    """An order to be written with the move that lists the case."""

    number: str
    year: int
    n: int
    kind: Listing
    level: OrderLevel
    cause: OrderCause
    reason: str
    demands: str
    policy: str
    issued_at: datetime
    issued_by_id: int | None
    due_at: datetime
    next_demand_at: datetime

    def said(self) -> dict[str, Any]:
        """Return what the event tells of it."""
        return {
            "number": self.number,
            "level": self.level.value,
            "cause": self.cause.value,
            "demands": self.demands,
            "due": self.due_at.isoformat(),
        }


def draft_order(
    connection: Connection, move: Move, facts: Facts, book: Rulebook, at: datetime
) -> NewOrder | None:
    """Return the order that a move issues, with its number taken; None for any other move.

    The number's row stays locked until the transaction ends, so numbers have no gaps.
    """
    if move.action is not Action.LIST:
        return None
    given, bounds, year = move.given, book.policy.orders, china_day(at).year
    n = take_numbers(connection, "order", year, 1)[0]
    until = given.get(Given.NEW_DUE)
    term = due(at, book.policy.order_term(facts.level), book.calendar).at
    cause = OrderCause.LADDER if move.by is None else OrderCause.SERIOUS
    level = OrderLevel.COMMITTEE
    return NewOrder(
        bounds.number.format(year=year, n=n), year, n, Listing(given[Given.KIND]),
        OrderLevel(given.get(Given.SUPERVISOR) or level),
        OrderCause(given.get(Given.CAUSE) or cause), given[Given.REASON],
        given.get(Given.DEMANDS) or bounds.demands, book.version, at, move.by,
        close_of(until) if until else term,
        due(at, bounds.progress_every.limit, book.calendar).at,
    )  # fmt: skip


def keep_up(
    connection: Connection, case_id: int, move: Move, order: NewOrder | None, at: datetime
) -> None:
    """Write what a move does to a case's orders: a new one, or the release of the open one."""
    if order:
        row = {"case_id": case_id, **order._asdict(), "missed_reports": 0, "extensions": 0}
        blank = {"served_note": "", "extension_reason": "", "release_reason": ""}
        connection.execute(insert(ORDERS), row | blank)
    elif move.action is Action.RELEASE:
        connection.execute(
            update(ORDERS)
            .where(ORDERS.c.case_id == case_id, ORDERS.c.released_at.is_(None))
            .values(
                released_at=at,
                released_by_id=move.by,
                release_reason=move.given[Given.REASON],
                next_demand_at=None,
            )
        )
