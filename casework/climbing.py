"""What a due case owes: the steps of its ladder, whom they tell, and the order a rung issues."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from casework.answers import receipt
from casework.cases import find_case
from casework.directory import Directory, read_directory
from casework.due_cases import DueCase
from casework.events import Door, Event, Happening, word
from casework.moves import carry_out
from casework.notices import Owed, say
from casework.office import Office
from casework.rulebook import Rulebook, Rulebooks
from casework.telling import Errand
from casework.writer import Taken, Walk
from rules.access import ENGINE, Role
from rules.actions import Action, Given
from rules.audience import Told, heard_by
from rules.deadlines import days_late, due
from rules.ladder import OrderTerms, Planned
from rules.orders import OrderCause
from rules.policy import Policy
from rules.steps import plan_steps
from rules.workdays import china_day, day_due

_REMEMBERED = 4_096
"""Of so many kinds of case what they owe is kept; it bounds the memory of a sweep."""


class Owing(NamedTuple):
    """What a case owes: steps to take, whom they tell (in ``said``), and the step after them.

    ``order`` is what the highest of the steps issues; ``kind`` and ``urgent`` are the notice's.
    """

    taken: tuple[Taken, ...]
    told: tuple[int, ...]
    kind: str
    urgent: bool
    said: str
    order: OrderTerms | None
    next_key: str | None
    next_at: datetime | None


class Climb(NamedTuple):
    """A due case with what it owes."""

    row: DueCase
    owing: Owing

    @property
    def walk(self) -> Walk:
        row, owing = self
        return Walk(
            row.id, row.number, row.seq, row.head, row.clock_no, owing.taken, owing.next_key,
            owing.next_at,
        )  # fmt: skip


@dataclass(slots=True)
class Climbing:
    """What a sweep reckons by: one moment, rulebook and directory. Like cases are reckoned once."""

    as_of: datetime
    door: Door
    book: Rulebook
    directory: Directory
    rulebooks: Rulebooks
    _policies: dict[str, Policy] = field(default_factory=dict)
    _known: dict[tuple[object, ...], Owing] = field(default_factory=dict)

    def climb(self, connection: Connection, row: DueCase) -> Climb:
        """Return every step that a case owes by now, missed ones included, in one go.

        Repeats are not owed once somebody acknowledged. Raise LookupError, ValueError or Trouble
        when the clock's policy cannot be read, or its ladder lacks the step it stands before.
        """
        alike = (
            row.policy, row.level, row.category, row.stage, row.holder, row.due_at, row.next_step,
            row.path, row.cycle > 1, row.acknowledged_at is None,
        )  # fmt: skip
        owing = self._known.get(alike)
        if owing is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            owing = self._known[alike] = self._reckon(connection, row)
        return Climb(row, owing)

    def _reckon(self, connection: Connection, row: DueCase) -> Owing:
        policy = self._policies.get(row.policy)
        if policy is None:
            policy = self.rulebooks.policy(connection, row.policy)
            self._policies[row.policy] = policy
        ladder = policy.ladder(row.level, row.category, row.stage)
        planned = plan_steps(ladder, self.book.calendar, row.due_at)
        ahead = planned[[each.key for each in planned].index(row.next_step) :]
        # The stored moment decides for the step it names, should the calendar have moved since.
        reached = [ahead[0], *(each for each in ahead[1:] if each.at <= self.as_of)]
        owed = [each for each in reached if not (each.again and row.acknowledged_at)]
        return self._owing(row, owed, ahead[len(reached)] if len(reached) < len(ahead) else None)

    def _owing(self, row: DueCase, owed: Sequence[Planned], after: Planned | None) -> Owing:
        heard = [
            self.directory.told(row.path, row.holder, heard_by(each.rung.tell, row.cycle))
            for each in owed
        ]
        taken = [self._taken(row, each, told) for each, told in zip(owed, heard, strict=True)]
        orders = [each.rung.order for each in owed if each.rung.order]
        body = taken[-1].worded.happening.body if taken else {}
        return Owing(
            tuple(taken),
            tuple(dict.fromkeys(person for told in heard for person in told.people)),
            owed[-1].rung.kind.value if owed else "",
            any(each.rung.urgent for each in owed),
            say({**body, "steps": [each.key for each in owed]}),
            orders[-1] if orders else None,
            after.key if after else None,
            after.at if after else None,
        )

    def _taken(self, row: DueCase, planned: Planned, told: Told) -> Taken:
        body: dict[str, Any] = {
            "step": planned.key,
            "stage": row.stage.value,
            "holder": row.holder.value,
            "due": row.due_at.isoformat(),
            "planned": planned.at.isoformat(),
            "days_late": days_late(row.due_at, self.as_of),
            "told": list(told.people),
        }
        if told.fell:
            body["fell"] = {role.value: found.value if found else "" for role, found in told.fell}
        kind = planned.rung.kind.value
        happening = Happening(kind, None, Role.LADDER.value, self.door, self.as_of, body)
        return Taken(planned.key, planned.at, word(happening))


def begin_climbing(
    office: Office, connection: Connection, *, as_of: datetime, door: Door
) -> Climbing:
    """Return what a sweep at ``as_of`` reckons by, read once."""
    book = office.rulebooks.at(connection, as_of)
    directory = read_directory(connection, china_day(as_of))
    return Climbing(as_of, door, book, directory, office.rulebooks)


def notices_of(climbs: Sequence[Climb], written: Sequence[Sequence[Event]]) -> Iterator[Owed]:
    """Yield one notice for each case that took steps: what was missed is told at once."""
    for (row, owing), events in zip(climbs, written, strict=True):
        if events:
            yield Owed(
                f"{row.id}:c{row.clock_no}:{owing.taken[-1].key}", row.id, row.clock_no, owing.told,
                owing.kind, owing.said, owing.urgent,
                receipt(row.number, row.seq + len(events), events[-1]["hash"]),
            )  # fmt: skip


def issue_order(connection: Connection, each: Climb, climbing: Climbing) -> None:
    """List a case as its rung says, in the transaction that took the rung."""
    row, terms = each.row, each.owing.order
    if terms is None or row.listed:
        return
    as_of, book = climbing.as_of, climbing.book
    late = days_late(row.due_at, as_of)
    given = {
        Given.KIND: terms.kind,
        Given.REASON: f"{row.stage.label.zh}逾期 {late} 天",
        Given.CAUSE: OrderCause.LADDER,
        Given.SUPERVISOR: terms.level,
        Given.DEMANDS: terms.demands,
        Given.NEW_DUE: day_due(due(as_of, terms.term, book.calendar).at),
    }
    errand = Errand(ENGINE, as_of, climbing.door, ())
    stored = find_case(connection, row.number, to_move=True)
    carry_out(connection, stored, Action.LIST, given, errand, book)
