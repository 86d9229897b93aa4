"""The one writer: whoever changes a case's state, clock or steps does it here, with its history.

State, event, clock and private values of a change are written in the caller's transaction, so
they are committed together or not at all.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, null, update

from casework.asking.wordings import has_words
from casework.auditing.tallies import turned
from casework.case_columns import running_clock, state_columns
from casework.cases import Stored
from casework.clocks import NewClock
from casework.errors import Conflict
from casework.events import Event, Happening, Worded, Written, chain, seal
from models.prepared import Prepared, run_together
from models.tables import (
    CASE_TEXTS_PENDING,
    CASES,
    CLOCK_STEPS,
    CLOCKS,
    EVENTS,
    PRIVATE_VALUES,
    TALLIES_PENDING,
)
from rules.case import Facts
from rules.proof import GENESIS
from rules.wording import Wording

CHANGED = (
    "unit_id", "cluster_id", "department", "owner",
    "state", "claimed", "voided", "level", "listed", "cycle", "hands", "plan_author_id",
    "plan_by_head", "plan_deadline", "verified_by_id", "extension_asked_by_id", "extensions",
    "after_evidence", "holder", "stage", "clock_no", "due_at", "closed_at", "seq", "head",
)  # fmt: skip
_UPDATE = Prepared(
    update(CASES)
    .where(CASES.c.id == bindparam("case"), CASES.c.seq == bindparam("seen"))
    .values({name: bindparam(name) for name in CHANGED})
)
_ADVANCE = Prepared(
    update(CASES)
    .where(CASES.c.id == bindparam("case"), CASES.c.seq == bindparam("seen"))
    .values(seq=bindparam("now"), head=bindparam("head"))
)
_STEP_ON = Prepared(
    update(CLOCKS)
    .where(CLOCKS.c.case_id == bindparam("case"), CLOCKS.c.no == bindparam("clock"))
    .values(next_step=bindparam("next_key"), next_step_at=bindparam("next_at"))
)
_STOP_CLOCK = Prepared(
    update(CLOCKS)
    .where(
        CLOCKS.c.case_id == bindparam("case"),
        CLOCKS.c.no == bindparam("clock"),
        CLOCKS.c.stopped_at.is_(None),  # that of a closed case stopped when it was closed
    )
    .values(stopped_at=bindparam("at"), next_step=null(), next_step_at=null())
)
_ADD_CASE = Prepared(insert(CASES))
_ADD_CLOCK = Prepared(insert(CLOCKS), "case_id", *NewClock._fields)
_ADD_EVENT = Prepared(insert(EVENTS))
_ADD_PRIVATE = Prepared(insert(PRIVATE_VALUES))
_ADD_STEP = Prepared(insert(CLOCK_STEPS))
_ADD_PENDING = Prepared(insert(CASE_TEXTS_PENDING))
_ADD_TURN = Prepared(insert(TALLIES_PENDING))


class Place(NamedTuple):
    """Whose a case is."""

    unit_id: int
    cluster_id: int | None
    department: str
    owner: str


class NewCase(NamedTuple):
    """A case to be opened. ``columns`` are those that no move ever changes."""

    id: int
    number: str
    place: Place
    facts: Facts
    columns: dict[str, Any]
    clock: NewClock
    happening: Happening


class Taken(NamedTuple):
    """A step of a clock that is taken now, planned for ``planned_at``."""

    key: str
    planned_at: datetime
    worded: Worded


class Walk(NamedTuple):
    """The steps one case owes, in order, and the step that comes after them."""

    case_id: int
    number: str
    seq: int
    head: str
    clock_no: int
    taken: Sequence[Taken]
    next_key: str | None
    next_at: datetime | None


class Telling(NamedTuple):
    """What happened about a case that stays as it is, to be told after event ``seq``."""

    case_id: int
    number: str
    seq: int
    head: str
    worded: Worded


def open_cases(connection: Connection, cases: Sequence[NewCase]) -> list[Written]:
    """Write new cases with their first clock and event."""
    written = [
        chain(each.happening, case_id=each.id, number=each.number, seq=1, previous=GENESIS)
        for each in cases
    ]
    rows = [
        {
            **each.columns,
            "id": each.id,
            "number": each.number,
            **each.place._asdict(),
            **state_columns(each.facts, each.clock),
            "seq": 1,
            "head": event.hash,
        }
        for each, event in zip(cases, written, strict=True)
    ]
    if rows:
        _ADD_CASE.run_all(connection, rows)
        _ADD_CLOCK.run_all(connection, [_clock_row(each.id, each.clock) for each in cases])
        _add_events(connection, written)
        _ADD_PENDING.run_all(connection, [{"case_id": each.id, "seq": 1} for each in cases])
    return written


def change_case(
    connection: Connection,
    stored: Stored,
    facts: Facts,
    happening: Happening,
    *,
    place: Place,
    clock: NewClock | None,
    closed_at: datetime | None,
) -> Written:
    """Write the case as ``facts`` say, with its event.

    ``clock`` is the clock that starts now, None to let the running one run (or, for a closed
    case, to stop it). Raise Conflict when somebody moved the case since ``stored`` was read.
    """
    seq = stored.seq + 1
    written = chain(
        happening, case_id=stored.id, number=stored.number, seq=seq, previous=stored.head
    )
    row = {**place._asdict(), **state_columns(facts, clock or running_clock(stored, facts))}
    row |= {"closed_at": closed_at, "seq": seq, "head": written.hash}
    if _UPDATE.run(connection, {"case": stored.id, "seen": stored.seq, **row}) != 1:
        raise _overtaken()
    stops = stored.facts.stage is not None and (clock or facts.stage is None)
    stopping = {"case": stored.id, "clock": stored.clock_no, "at": happening.at}
    run_together(
        connection,
        [
            (_STOP_CLOCK, [stopping] if stops else []),
            (_ADD_CLOCK, [_clock_row(stored.id, clock)] if clock else []),
            (_ADD_EVENT, [written.event]),
            (_ADD_PRIVATE, written.private),
            (_ADD_PENDING, [written.event] if has_words(happening.body) else []),
            (_ADD_TURN, turned(stored, facts, place.unit_id, place.cluster_id, seq)),
        ],
    )
    return written


def take_steps(connection: Connection, walks: Sequence[Walk]) -> list[list[Event]]:
    """Write that steps of clocks were taken: each once, or the database refuses the batch.

    A walk without steps only moves on to its next one. The caller holds the rows (``FOR UPDATE``
    or SQLite's write lock) since it read them. Return the events of each walk.
    """
    written = [_chain_steps(walk) for walk in walks]
    steps = [
        {
            "case_id": walk.case_id, "clock_no": walk.clock_no, "step": each.key,
            "planned_at": each.planned_at, "taken_at": each.worded.happening.at,
        }
        for walk in walks
        for each in walk.taken
    ]  # fmt: skip
    rows = [
        {
            "case": walk.case_id, "seen": walk.seq, "now": walk.seq + len(events),
            "head": events[-1]["hash"] if events else walk.head,
            "clock": walk.clock_no, "next_key": walk.next_key, "next_at": walk.next_at,
        }
        for walk, events in zip(walks, written, strict=True)
    ]  # fmt: skip
    _STEP_ON.run_all(connection, rows)
    _advance(connection, rows)
    _ADD_STEP.run_all(connection, steps)
    _ADD_EVENT.run_all(connection, [event for events in written for event in events])
    return written


def tell_case(connection: Connection, stored: Stored, happening: Happening) -> Written:
    """Write an event into a case's chain, personal data beside it; the case stays as it is."""
    place = Place(stored.unit_id, stored.cluster_id, stored.department, stored.owner)
    return change_case(
        connection, stored, stored.facts, happening,
        place=place, clock=None, closed_at=stored.closed_at,
    )  # fmt: skip


def tell_of(connection: Connection, tellings: Sequence[Telling]) -> list[Event]:
    """Write one event for each of these cases, no case twice; the caller holds their rows.

    Raise Conflict when one moved since it was read.
    """
    events = [
        seal(each.worded, case_id=each.case_id, number=each.number, seq=each.seq + 1,
             previous=each.head)
        for each in tellings
    ]  # fmt: skip
    rows = [
        {"case": each.case_id, "seen": each.seq, "now": each.seq + 1, "head": event["hash"]}
        for each, event in zip(tellings, events, strict=True)
    ]
    _advance(connection, rows)
    _ADD_EVENT.run_all(connection, events)
    return events


def _advance(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if _ADVANCE.run_all(connection, rows) != len(rows):
        raise _overtaken()


def _overtaken() -> Conflict:
    return Conflict(
        Wording("案件刚被他人办理", "somebody has just moved the case"),
        remedy=Wording("请重新查看后再试。", "Look at it again."),
    )


def _chain_steps(walk: Walk) -> list[Event]:
    written: list[Event] = []
    head = walk.head
    for seq, taken in enumerate(walk.taken, start=walk.seq + 1):
        event = seal(taken.worded, case_id=walk.case_id, number=walk.number, seq=seq, previous=head)
        written.append(event)
        head = event["hash"]
    return written


def _add_events(connection: Connection, written: Sequence[Written]) -> None:
    _ADD_EVENT.run_all(connection, [each.event for each in written])
    _ADD_PRIVATE.run_all(connection, [row for each in written for row in each.private])


def _clock_row(case_id: int, clock: NewClock) -> dict[str, Any]:
    return {"case_id": case_id, **clock._asdict()}
