"""What holds of every case at every moment, whatever happened to the processes that wrote it.

``broken(office)`` reads all that is stored and returns one sentence for each thing that is wrong;
``assert broken(office) == []`` is the whole check.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter

from sqlalchemy import func, select

from casework.events import plain, private_digest
from models.tables import (
    CASES,
    CLOCK_STEPS,
    CLOCKS,
    EVENTS,
    EVIDENCE,
    NOTICES,
    NUMBER_SERIES,
    ORDERS,
    PLANS,
    PRIVATE_VALUES,
    RECORD_EVENTS,
)
from rules.case import Facts, Level, State
from rules.proof import GENESIS, Sealed, first_break

COLUMN_OF = {
    "plan_author": "plan_author_id",
    "verified_by": "verified_by_id",
    "extension_asked_by": "extension_asked_by_id",
}
"""Where the table's name of a fact differs from the rules'."""


def broken(office):
    """Return what is wrong, as sentences that begin with the case's number."""
    found = []
    for case in _everything(office):
        faults = (fault for check in _CHECKS for fault in check(case))
        found += [f"{case.row.number}: {fault}" for fault in faults]
    return found + _numbers_with_gaps(office)


@dataclass
class _Whole:
    """A case's row with all that belongs to it, in order."""

    row: object
    events: list
    clocks: list
    steps: list
    plans: list
    evidence: list
    private: list
    orders: list
    notices: list
    records: frozenset = frozenset()
    """The receipts of events that are no case's."""

    @property
    def bodies(self):
        return [(event.kind, json.loads(event.body)) for event in self.events]

    @property
    def running(self):
        return [clock.no for clock in self.clocks if clock.stopped_at is None]


def _everything(office):
    with office.reading() as connection:
        if connection.dialect.name == "postgresql":  # one picture, as SQLite's readers have
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        belongings = [
            _by_case(connection, table, key)
            for table, key in (
                (EVENTS, "seq"), (CLOCKS, "no"), (CLOCK_STEPS, "clock_no"),
                (PLANS, "no"), (EVIDENCE, "id"), (PRIVATE_VALUES, "seq"),
                (ORDERS, "n"), (NOTICES, "id"),
            )
        ]  # fmt: skip
        rows = connection.execute(select(CASES).order_by(CASES.c.id)).all()
        records = frozenset(
            f"{each.name}/{each.seq}/{each.hash[:8]}"
            for each in connection.execute(select(RECORD_EVENTS))
        )
    return [_Whole(row, *(each[row.id] for each in belongings), records) for row in rows]


def _by_case(connection, table, key):
    rows = defaultdict(list)
    for row in connection.execute(select(table).order_by(table.c.case_id, table.c[key])):
        rows[row.case_id].append(row)
    return rows


def _counts_its_events(case):
    if case.row.seq != len(case.events):
        yield f"seq is {case.row.seq}, but there are {len(case.events)} events"


def _ends_at_its_head(case):
    last = case.events[-1].hash if case.events else GENESIS
    if case.row.head != last:
        yield "its head is not the hash of its last event"


def _chain_is_whole(case):
    broken_at = first_break((_sealed(case.row.number, each), each.hash) for each in case.events)
    if broken_at is not None:
        yield f"the chain breaks at event {broken_at}"


def _sealed(number, event):
    return Sealed(
        number, event.seq, event.at, event.kind, event.actor_id, event.role, event.door,
        event.body, event.previous,
    )  # fmt: skip


def _events_tell_what_it_is(case):
    """The facts folded from before/after in the events are the columns of the case."""
    told = _first_told(case)
    for seq, (_, body) in enumerate(case.bodies, start=1):
        for name, (before, after) in body.get("changed", {}).items():
            if told[name] != before:
                yield f"event {seq} found {name} {before!r}, the events before say {told[name]!r}"
            told[name] = after
    for name, value in told.items():
        stored = plain(getattr(case.row, COLUMN_OF.get(name, name)))
        stored = sorted(stored) if name == "hands" else stored
        if stored != value:
            yield f"{name} is {stored!r}, its events say {value!r}"


def _first_told(case):
    body = case.bodies[0][1]
    facts = Facts(State.REPORTED, level=Level(body["level"]))
    told = {each.name: plain(getattr(facts, each.name)) for each in fields(Facts)}
    changes = [body.get("changed", {}) for _, body in case.bodies]
    first_unit = next(
        (each["unit_id"][0] for each in changes if "unit_id" in each), case.row.unit_id
    )
    return told | {"unit_id": first_unit, "department": body.get("department", "")}


def _stage_and_holder_follow(case):
    row = case.row
    facts = Facts(
        row.state, claimed=row.claimed, level=row.level, listed=row.listed,
        plan_by_head=row.plan_by_head,
    )  # fmt: skip
    if (row.stage, row.holder) != (facts.stage, facts.holder):
        yield f"it waits in {row.stage} for {row.holder}, not {facts.stage} for {facts.holder}"


def _one_clock_runs_while_open(case):
    wanted = [] if case.row.state is State.CLOSED else [case.row.clock_no]
    if case.running != wanted:
        yield f"clocks {case.running} run, not {wanted}"


def _clock_is_the_last_and_agrees(case):
    numbers = [clock.no for clock in case.clocks]
    if numbers != list(range(1, case.row.clock_no + 1)):
        yield f"its clocks are {numbers}, its clock number {case.row.clock_no}"
    elif case.row.state is not State.CLOSED:
        shown = attrgetter("stage", "due_at", "cycle")
        if shown(case.row) != shown(case.clocks[-1]):
            yield f"it shows {shown(case.row)}, its clock {shown(case.clocks[-1])}"


def _clocks_are_those_that_events_started(case):
    told = [body["clock"] for _, body in case.bodies if "clock" in body]
    told = [(each["no"], each["stage"], datetime.fromisoformat(each["due"])) for each in told]
    stored = [(each.no, each.stage.value, each.due_at) for each in case.clocks]
    if told != stored:
        yield f"events started the clocks {told}, stored are {stored}"


def _closed_says_when(case):
    if (case.row.closed_at is None) is (case.row.state is State.CLOSED):
        yield f"it is {case.row.state}, closed at {case.row.closed_at}"


def _next_step_is_ahead(case):
    taken = {(each.clock_no, each.step) for each in case.steps}
    for clock in case.clocks:
        if (clock.next_step is None) is not (clock.next_step_at is None):
            yield f"clock {clock.no} owes {clock.next_step} at {clock.next_step_at}"
        if clock.next_step and clock.stopped_at:
            yield f"clock {clock.no} is stopped and still owes a step"
        if (clock.no, clock.next_step) in taken:
            yield f"the next step {clock.next_step} of clock {clock.no} is taken already"


def _steps_are_told(case):
    told = sorted(body["step"] for kind, body in case.bodies if kind in ("remind", "overdue"))
    stored = sorted(each.step for each in case.steps)
    if told != stored:
        yield f"events tell of the steps {told}, stored are {stored}"


def _plans_are_told(case):
    told = [body["given"] for kind, body in case.bodies if kind == "submit_plan"]
    stored = [{name: plain(getattr(plan, name)) for name in _ASSURED} for plan in case.plans]
    if told != stored:
        yield f"events tell of the plans {told}, stored are {stored}"


_ASSURED = ("duty", "measures", "funds", "deadline", "contingency")


def _evidence_is_told(case):
    told = sorted(each["sha256"] for _, body in case.bodies for each in body.get("evidence", ()))
    stored = sorted(each.sha256 for each in case.evidence)
    if told != stored:
        yield f"events tell of the evidence {told}, stored is {stored}"


def _private_values_match_their_digests(case):
    bodies = dict(enumerate((body for _, body in case.bodies), start=1))
    for each in case.private:
        if bodies[each.seq][each.field] != {"digest": private_digest(each.salt, each.value)}:
            yield f"{each.field} of event {each.seq} is not what its digest says"


def _listed_has_an_open_order(case):
    opened = [each.number for each in case.orders if each.released_at is None]
    if len(opened) != (case.row.listed is not None):
        yield f"it is listed as {case.row.listed}, its open orders are {opened}"


def _orders_are_told(case):
    told = [body["order"]["number"] for kind, body in case.bodies if kind == "list"]
    stored = [each.number for each in case.orders]
    if told != stored:
        yield f"events tell of the orders {told}, stored are {stored}"


def _notices_name_an_event(case):
    hashes = {f"{case.row.number}/{each.seq}/{each.hash[:8]}" for each in case.events}
    for each in case.notices:
        if each.receipt not in hashes | case.records:
            yield f"the receipt {each.receipt} of notice {each.key} is of no event"
        if not each.key.startswith(f"{case.row.id}:"):
            yield f"the notice {each.key} is of another case"


def _numbers_with_gaps(office):
    """Numbers of a year run from one without gaps: as many as there are cases, and orders."""
    with office.reading() as connection:
        counted = [
            (series, *connection.execute(_given_and_stored(series, table)).one())
            for series, table in (("case", CASES), ("order", ORDERS))
        ]
    return [
        f"{given} numbers of the series {series} were given, {stored} are stored"
        for series, given, stored in counted
        if given != stored
    ]


def _given_and_stored(series, table):
    given = select(func.coalesce(func.sum(NUMBER_SERIES.c.last), 0)).where(
        NUMBER_SERIES.c.series == series
    )
    stored = select(func.count()).select_from(table)
    return select(given.scalar_subquery(), stored.scalar_subquery())


_CHECKS = (
    _counts_its_events, _ends_at_its_head, _chain_is_whole, _events_tell_what_it_is,
    _stage_and_holder_follow, _one_clock_runs_while_open, _clock_is_the_last_and_agrees,
    _clocks_are_those_that_events_started, _closed_says_when, _next_step_is_ahead,
    _steps_are_told, _plans_are_told, _evidence_is_told, _private_values_match_their_digests,
    _listed_has_an_open_order, _orders_are_told, _notices_name_an_event,
)  # fmt: skip
