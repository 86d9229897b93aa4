"""What a due case owes: the steps of its ladder, whom they tell, and the order a rung issues."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from casework.answers import receipt
from casework.cases import find_case
from casework.directory import Directory
from casework.events import Door, Happening, Written
from casework.moves import carry_out
from casework.notices import Owed
from casework.rulebook import Rulebook
from casework.telling import Errand
from casework.writer import Taken, Walk
from rules.access import ENGINE, Role
from rules.actions import Action, Given
from rules.audience import Told
from rules.deadlines import days_late, due
from rules.ladder import Ladder, OrderTerms, Planned
from rules.orders import OrderCause
from rules.steps import plan_steps
from rules.workdays import day_due


class Climb(NamedTuple):
    """A due case with the steps it takes now; ``order`` is what the highest of them issues."""

    row: Row[Any]
    walk: Walk
    owed: Sequence[Planned]
    told: Sequence[int]
    order: OrderTerms | None


def climb(
    row: Row[Any],
    ladder: Ladder,
    book: Rulebook,
    directory: Directory,
    *,
    as_of: datetime,
    door: Door,
) -> Climb:
    """Return every step that a case owes by ``as_of``, missed ones included, in one go.

    Repeats are not owed once somebody acknowledged. Raise ValueError when the ladder lacks the
    step that the case stands before.
    """
    planned = plan_steps(ladder, book.calendar, row.due_at)
    ahead = planned[[each.key for each in planned].index(row.next_step) :]
    # The stored moment decides for the step it names, should the calendar have moved since.
    reached = [ahead[0], *(each for each in ahead[1:] if each.at <= as_of)]
    after = ahead[len(reached)] if len(reached) < len(ahead) else None
    owed = [each for each in reached if not (each.again and row.acknowledged_at)]
    heard = [directory.told(row.path, row.holder, each.rung.tell) for each in owed]
    taken = [_taken(row, each, told, as_of, door) for each, told in zip(owed, heard, strict=True)]
    walk = Walk(
        row.id, row.number, row.seq, row.head, row.clock_no, taken,
        after.key if after else None, after.at if after else None,
    )  # fmt: skip
    people = dict.fromkeys(person for told in heard for person in told.people)
    orders = [each.rung.order for each in owed if each.rung.order]
    return Climb(row, walk, owed, tuple(people), orders[-1] if orders else None)


def notices_of(climbs: Sequence[Climb], written: Sequence[Sequence[Written]]) -> Iterator[Owed]:
    """Yield one notice for each case that took steps: what was missed is told at once."""
    for each, events in zip(climbs, written, strict=True):
        if events:
            row, last = each.row, each.owed[-1]
            yield Owed(
                f"{row.id}:c{row.clock_no}:{last.key}", row.id, row.clock_no, each.told,
                last.rung.kind.value,
                {**each.walk.taken[-1].happening.body, "steps": [one.key for one in each.owed]},
                any(one.rung.urgent for one in each.owed),
                receipt(row.number, row.seq + len(events), events[-1].hash),
            )  # fmt: skip


def issue_order(
    connection: Connection, each: Climb, book: Rulebook, *, as_of: datetime, door: Door
) -> None:
    """List a case as its rung says, in the transaction that took the rung."""
    if each.order is None or each.row.listed:
        return
    terms, stored = each.order, find_case(connection, each.row.number, to_move=True)
    late = days_late(each.row.due_at, as_of)
    given = {
        Given.KIND: terms.kind,
        Given.REASON: f"{each.row.stage.label.zh}逾期 {late} 天",
        Given.CAUSE: OrderCause.LADDER,
        Given.SUPERVISOR: terms.level,
        Given.DEMANDS: terms.demands,
        Given.NEW_DUE: day_due(due(as_of, terms.term, book.calendar).at),
    }
    carry_out(connection, stored, Action.LIST, given, Errand(ENGINE, as_of, door, ()), book)


def _taken(row: Row[Any], planned: Planned, told: Told, as_of: datetime, door: Door) -> Taken:
    body: dict[str, Any] = {
        "step": planned.key,
        "stage": row.stage.value,
        "holder": row.holder.value,
        "due": row.due_at.isoformat(),
        "planned": planned.at.isoformat(),
        "days_late": days_late(row.due_at, as_of),
        "told": list(told.people),
    }
    if told.fell:
        body["fell"] = {role.value: _value(found) for role, found in told.fell}
    kind = planned.rung.kind.value
    happening = Happening(kind, None, Role.LADDER.value, door, as_of, body)
    return Taken(planned.key, planned.at, happening)


def _value(role: Role | None) -> str:
    return role.value if role else ""
