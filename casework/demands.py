"""Progress demanded under an order: asked for when it falls due, told one level up when missed.

Daily and set-based: it reads the orders whose report is due by its index, those whose own term is
over, and those that wait for a supervisor. Each order takes one step a run, so that nobody is
blamed for our downtime.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from casework.answers import receipt
from casework.demand_plan import (
    ANSWERED,
    OVERDUE,
    Planning,
    Step,
    body_of,
    moment_of,
    plan_demands,
    plan_overdue,
)
from casework.errors import Conflict
from casework.events import Door, Event, Happening, word
from casework.late_decisions import LATE_DECISION, LATE_PUBLICATION, plan_late_decisions
from casework.notices import Owed, owe
from casework.office import Office
from casework.people import names_of
from casework.writer import Telling, tell_of
from models.prepared import Prepared
from models.tables import CASES, ENGINE_RUNS, ORDERS, ORGANISATIONS
from rules.access import Role
from rules.orders import OrderAct

LOG = logging.getLogger(__name__)
RUN = "demand"
BATCH = 500
_ORDERS = (
    select(
        ORDERS.c.id, ORDERS.c.case_id, ORDERS.c.number, ORDERS.c.level, ORDERS.c.policy,
        ORDERS.c.issued_at, ORDERS.c.due_at, ORDERS.c.last_demand_at,
        ORDERS.c.next_demand_at, ORDERS.c.missed_reports, ORDERS.c.extension_asked_at,
        ORDERS.c.extension_until, ORDERS.c.published_at, CASES.c.number.label("case"),
        CASES.c.holder, CASES.c.clock_no, CASES.c.seq, CASES.c.head, ORGANISATIONS.c.path,
    )
    .join(CASES, CASES.c.id == ORDERS.c.case_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .where(ORDERS.c.id > bindparam("after"))
    .order_by(ORDERS.c.id)
    .limit(bindparam("most"))
)  # fmt: skip
_DEMANDED = _ORDERS.where(ORDERS.c.next_demand_at <= bindparam("as_of"))
_IN_FORCE = _ORDERS.where(ORDERS.c.released_at.is_(None))
_LATE = _IN_FORCE.where(ORDERS.c.due_at <= bindparam("as_of"))
_UNDECIDED = _IN_FORCE.where(
    or_(ORDERS.c.extension_asked_at <= bindparam("as_of"), ORDERS.c.published_at.is_(None))
)
_PLANNED = (
    (_DEMANDED, plan_demands), (_LATE, plan_overdue), (_UNDECIDED, plan_late_decisions),
)  # fmt: skip
_DEMAND_ANEW = Prepared(
    update(ORDERS)
    .where(ORDERS.c.id == bindparam("order"))
    .values(
        last_demand_at=bindparam("at"),
        next_demand_at=bindparam("next_at"),
        missed_reports=bindparam("missed"),
    )
)


@dataclass(slots=True)
class Demanded:
    """What a run did (or, dry, would do) to how many orders; notices by the recipient's name.

    ``answered`` counts units that reported, or that somebody else keeps waiting.
    """

    as_of: datetime
    dry_run: bool
    answered: int = 0
    demanded: int = 0
    missed: int = 0
    overdue: int = 0
    undecided: int = 0
    unpublished: int = 0
    failed: list[str] = field(default_factory=list)
    by_person: Counter[int] = field(default_factory=Counter)
    by_recipient: dict[str, int] = field(default_factory=dict)

    @property
    def done(self) -> int:
        return sum(getattr(self, name) for name in _COUNTED.values())

    def count(self, step: Step) -> None:
        name = _COUNTED[step.kind]
        setattr(self, name, getattr(self, name) + 1)
        self.by_person.update(step.told.people)


_EVENTS = frozenset({OrderAct.DEMAND.value, OrderAct.MISS_REPORT.value})
"""What is told in the case's chain; the rest are notices only."""
_COUNTED = {
    ANSWERED: "answered",
    OrderAct.DEMAND.value: "demanded",
    OrderAct.MISS_REPORT.value: "missed",
    OVERDUE: "overdue",
    LATE_DECISION: "undecided",
    LATE_PUBLICATION: "unpublished",
}


def demand_progress(
    office: Office,
    *,
    as_of: datetime,
    ran_at: datetime,
    dry_run: bool = False,
    door: Door = Door.CLI,
    batch: int = BATCH,
) -> Demanded:
    """Demand every report that is due by ``as_of``, once, however many run at a time.

    A unit that reported since the last demand is asked again a period later. One that did not is
    asked; after each further period without a report, one level more hears of it, each once. An
    order whose own term is over is told once to the unit, its supervisors and the level above. Who
    let the answer to an extension or the publication pass is told, then the level above, each once.
    ``dry_run`` only counts. An order that cannot be read is named and left for the next run.
    """
    demanded = Demanded(as_of, dry_run)
    for due_orders, planning in _PLANNED:
        rows = _batch(office, due_orders, planning, demanded, door=door, after=0, most=batch)
        while rows:
            after = rows[-1].id
            rows = _batch(
                office, due_orders, planning, demanded, door=door, after=after, most=batch
            )
    demanded.failed = sorted(set(demanded.failed))
    with office.reading() as connection:
        names = names_of(connection, demanded.by_person)
    demanded.by_recipient = {
        f"{names[person]}#{person}": count for person, count in demanded.by_person.most_common()
    }
    if not dry_run:
        row = {"kind": RUN, "at": ran_at, "done": demanded.done, "failed": len(demanded.failed)}
        with office.writing() as connection:
            connection.execute(insert(ENGINE_RUNS), row)
    return demanded


def _batch(
    office: Office,
    due_orders: Select[Any],
    planning: Planning,
    demanded: Demanded,
    *,
    door: Door,
    after: int,
    most: int,
) -> Sequence[Row[Any]]:
    """Plan and do one batch in one transaction; return its rows, none when all is done."""
    values = {"after": after, "most": most, "as_of": demanded.as_of}
    try:
        with office.reading() if demanded.dry_run else office.writing() as connection:
            held = (
                due_orders
                if demanded.dry_run
                else due_orders.with_for_update(of=[CASES, ORDERS], skip_locked=True)
            )
            rows = connection.execute(held, values).all()
            moment = moment_of(office, connection, demanded.as_of)
            steps = list(planning(connection, rows, moment, demanded.failed)) if rows else []
            if not demanded.dry_run:
                _write(connection, steps, demanded.as_of, door)
    except (IntegrityError, Conflict):
        _one_by_one(office, due_orders, planning, demanded, door=door, rows=rows)
        return rows
    for each in steps:
        demanded.count(each)
    return rows


def _one_by_one(
    office: Office,
    due_orders: Select[Any],
    planning: Planning,
    demanded: Demanded,
    *,
    door: Door,
    rows: Sequence[Row[Any]],
) -> None:
    """Do what the database refused as a batch, so that it loses only the order it refuses."""
    if len(rows) == 1:
        demanded.failed.append(rows[0].number)
        LOG.error("order %s: its step is refused by the database", rows[0].number)
        return
    for row in rows:
        _batch(office, due_orders, planning, demanded, door=door, after=row.id - 1, most=1)


def _write(connection: Connection, steps: Sequence[Step], at: datetime, door: Door) -> None:
    """Write the orders' new times, the events of their cases, and the notices, each in one round.

    The batch holds cases and orders since it read them.
    """
    anew = [
        {
            "order": each.row.id, "at": at, "next_at": each.columns["next_demand_at"],
            "missed": each.columns["missed_reports"],
        }
        for each in steps
        if each.columns
    ]  # fmt: skip
    _DEMAND_ANEW.run_all(connection, anew)
    bodies = [(each, body_of(each, at)) for each in steps if each.kind != ANSWERED]
    tellings = [_telling(each, body, at, door) for each, body in bodies if each.kind in _EVENTS]
    events = {each["case_id"]: each for each in tell_of(connection, tellings)}
    owe(connection, [_owed(each, body, events) for each, body in bodies], at)


def _telling(step: Step, body: Mapping[str, Any], at: datetime, door: Door) -> Telling:
    row = step.row
    happening = Happening(step.kind, None, Role.LADDER.value, door, at, body)
    return Telling(row.case_id, row.case, row.seq, row.head, word(happening))


def _owed(step: Step, body: Mapping[str, Any], events: Mapping[int, Event]) -> Owed:
    row, event = step.row, events.get(step.row.case_id)
    seq, head = (event["seq"], event["hash"]) if event else (row.seq, row.head)
    return Owed(
        step.key, row.case_id, row.clock_no, step.told.people, step.kind, body,
        step.kind == OVERDUE, receipt(row.case, seq, head),
    )  # fmt: skip
