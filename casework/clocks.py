"""The clocks of a case: which one a move starts, when it is due, and its first step."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from casework.cases import Stored
from casework.rulebook import Rulebook
from models.prepared import Prepared
from models.tables import CLOCKS
from rules.actions import Given
from rules.case import Facts
from rules.deadlines import Stage, due
from rules.decisions import Move
from rules.moves import Clockwork
from rules.steps import first_step
from rules.workdays import china_day, close_of

_RUNNING = Prepared(
    select(CLOCKS.c.started_at, CLOCKS.c.limit, CLOCKS.c.estimated).where(
        CLOCKS.c.case_id == bindparam("case"), CLOCKS.c.no == bindparam("clock")
    )
)


class NewClock(NamedTuple):
    """A clock to be written, with the first step it owes."""

    no: int
    cycle: int
    stage: Stage
    started_at: datetime
    due_at: datetime
    limit: str
    cause: str
    calendar: str
    policy: str
    estimated: bool
    asked_by_id: int | None = None
    granted_by_id: int | None = None
    reason: str = ""
    next_step: str | None = None
    next_step_at: datetime | None = None

    def said(self) -> dict[str, Any]:
        """Return what the event tells of it."""
        return {
            "due": self.due_at.isoformat(),
            "limit": self.limit,
            "no": self.no,
            "stage": self.stage.value,
            **({"estimated": True} if self.estimated else {}),
        }


def start_clock(
    book: Rulebook,
    facts: Facts,
    category: str,
    *,
    no: int,
    cause: str,
    at: datetime,
    due_day: date | None = None,
    asked_by: int | None = None,
    granted_by: int | None = None,
    reason: str = "",
) -> NewClock:
    """Reckon the clock of the stage that ``facts`` are in, from ``at``.

    ``due_day`` is the last day on time when the move itself set it; otherwise the policy's limit
    for the level and stage applies. Raise ValueError for a closed case, which has no clock.
    """
    if facts.stage is None:
        message = "a closed case has no clock"
        raise ValueError(message)
    limit = book.policy.limit(facts.level, facts.stage)
    if due_day is None:
        reckoned = due(at, limit, book.calendar)
        due_at, estimated, words = reckoned.at, reckoned.estimated, str(limit)
    else:
        due_at, estimated, words = close_of(due_day), False, "set"
    ladder = book.policy.ladder(facts.level, category, facts.stage)
    step = first_step(ladder, book.calendar, started_at=at, due_at=due_at)
    return NewClock(
        no, facts.cycle, facts.stage, at, due_at, words, cause,
        book.calendar.version, book.version, estimated, asked_by, granted_by, reason,
        step.key if step else None, step.at if step else None,
    )  # fmt: skip


def clock_after(
    connection: Connection,
    stored: Stored,
    facts: Facts,
    move_: Move,
    book: Rulebook,
    at: datetime,
) -> NewClock | None:
    """Return the clock that the move starts; None when the running one goes on, or none runs."""
    if facts.stage is None:
        return None
    if not _starts_a_clock(stored.facts, facts, move_):
        if facts.level is stored.facts.level:
            return None
        return _climb_anew(connection, stored, facts, book, cause=move_.action.value, at=at)
    extended = move_.clock is Clockwork.EXTEND
    return start_clock(
        book,
        facts,
        stored.category,
        no=stored.clock_no + 1,
        cause=move_.action.value,
        at=at,
        due_day=_due_day(move_, at),
        asked_by=stored.facts.extension_asked_by if extended else None,
        granted_by=move_.by if extended else None,
        reason=str(move_.given.get(Given.REASON, "")),
    )


def _climb_anew(
    connection: Connection,
    stored: Stored,
    facts: Facts,
    book: Rulebook,
    *,
    cause: str,
    at: datetime,
) -> NewClock:
    """Put the running clock on the ladder of what ``facts`` have become, from ``at`` on.

    It stays due when it was; what its new ladder should have said of a late case is owed now.
    """
    running = {"case": stored.id, "clock": stored.clock_no}
    [(started_at, limit, estimated)] = _RUNNING.rows(connection, running)
    if facts.stage is None or stored.due_at is None:
        message = "a closed case has no clock"
        raise ValueError(message)
    ladder = book.policy.ladder(facts.level, stored.category, facts.stage)
    step = first_step(ladder, book.calendar, started_at=at, due_at=stored.due_at)
    return NewClock(
        stored.clock_no + 1, facts.cycle, facts.stage, started_at, stored.due_at, limit, cause,
        book.calendar.version, book.version, estimated,
        next_step=step.key if step else None, next_step_at=step.at if step else None,
    )  # fmt: skip


def _due_day(move_: Move, at: datetime) -> date | None:
    """Return the last day on time; a plan approved after its own deadline is due today."""
    return max(move_.due, china_day(at)) if move_.due else None


def _starts_a_clock(before: Facts, after: Facts, move_: Move) -> bool:
    if (before.stage, before.cycle) != (after.stage, after.cycle):
        return True
    match move_.clock:
        case Clockwork.EXTEND:
            return True
        case Clockwork.RESTART:  # plan, approval, verification: see Clockwork
            return after.stage is not Stage.RECTIFICATION
        case _:
            return False
