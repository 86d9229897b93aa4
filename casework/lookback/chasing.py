"""Unfinished visits chased: reminded of before they are due, told higher afterwards, once each.

As a sweep does, it reads only what is due, in batches that several may share; steps that were
missed are told at once. Nobody of the school or its cluster hears of a visit before its finding.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from casework.answers import receipt
from casework.events import Door
from casework.lookback.hearers import Hearers, read_hearers
from casework.lookback.visit_notices import CHASED, KINDS
from casework.notices import Owed, owe
from casework.office import Office
from casework.people import names_of
from casework.rulebook import Rulebook
from models.prepared import Prepared
from models.tables import CASES, LOOKBACK_STEPS, LOOKBACK_VISITS, LOOKBACKS, NOTICES
from models.tables import ORGANISATIONS as UNITS
from rules.deadlines import days_late
from rules.ladder import Planned
from rules.lookback.acts import LookbackState
from rules.lookback.plan import read_plan
from rules.steps import plan_steps
from rules.wording import Trouble

LOG = logging.getLogger(__name__)
BATCH = 500


@dataclass(slots=True)
class Chased:
    """What a run did (or, dry, would do): visits, their steps by kind of notice, notices by the
    recipient's name; ``failed`` are the cases whose visits could not be reckoned.
    """

    as_of: datetime
    dry_run: bool
    visits: int = 0
    failed: list[str] = field(default_factory=list)
    by_kind: Counter[str] = field(default_factory=Counter)
    by_person: Counter[int] = field(default_factory=Counter)
    by_recipient: dict[str, int] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        return self.by_kind.total()

    def count(self, each: "_Chase") -> None:
        self.visits += 1
        self.by_kind.update(CHASED[step.rung.kind] for step in each.owed)
        self.by_person.update(each.told)


class _Chase(NamedTuple):
    """A visit with the steps it owes now, whom they tell, and the step after them."""

    row: Any
    owed: Sequence[Planned]
    told: Sequence[int]
    after: Planned | None


def chase_visits(
    office: Office,
    *,
    as_of: datetime,
    ran_at: datetime,
    dry_run: bool = False,
    door: Door = Door.CLI,
    batch: int = BATCH,
) -> Chased:
    """Take every step that an unfinished visit owes by ``as_of``, once, however many run at a time.

    ``dry_run`` only counts. A visit that cannot be reckoned is named and left for the next run.
    """
    chased = Chased(as_of, dry_run)
    after = (0, 0)
    while rows := _batch(office, chased, after, batch):
        after = (rows[-1].lookback_id, rows[-1].case_id)
    with office.reading() as connection:
        names = names_of(connection, chased.by_person)
    chased.by_recipient = {
        f"{names[person]}#{person}": count for person, count in chased.by_person.most_common()
    }
    if chased.visits and not dry_run:
        LOG.info("%s: %d visits chased at %s", door.value, chased.visits, ran_at.isoformat())
    return chased


def _batch(office: Office, chased: Chased, after: tuple[int, int], most: int) -> Sequence[Any]:
    """Reckon and take one batch in one transaction; return its rows, none when all is done."""
    failed: list[str] = []
    values = {"as_of": chased.as_of, "look": after[0], "case": after[1], "most": most}
    try:
        with office.reading() if chased.dry_run else office.writing() as connection:
            rows = connection.execute(_DUE if chased.dry_run else _HELD, values).all()
            chases = list(_chases(office, connection, rows, chased.as_of, failed)) if rows else []
            if not chased.dry_run:
                _take(connection, chases, chased.as_of)
    except IntegrityError:
        _one_by_one(office, chased, rows)
        return rows
    chased.failed += failed
    for each in chases:
        chased.count(each)
    return rows


def _one_by_one(office: Office, chased: Chased, rows: Sequence[Any]) -> None:
    """Take what the database refused as a batch, so that it loses only the visit it refuses."""
    if len(rows) == 1:
        chased.failed.append(rows[0].case)
        LOG.error("visit of %s: its step is refused by the database", rows[0].case)
        return
    for row in rows:
        _batch(office, chased, (row.lookback_id, row.case_id - 1), 1)


def _chases(
    office: Office, connection: Connection, rows: Sequence[Any], at: datetime, failed: list[str]
) -> Iterator[_Chase]:
    book = office.rulebooks.at(connection, at)
    hearers = read_hearers(connection, {(row.lookback_id, row.case_id) for row in rows}, at)
    for row in rows:
        try:
            yield _chase(row, book, hearers, at)
        except (LookupError, ValueError, Trouble):
            LOG.exception("visit of %s: its steps cannot be reckoned", row.case)
            failed.append(row.case)


def _chase(row: Any, book: Rulebook, hearers: Hearers, at: datetime) -> _Chase:  # noqa: ANN401 — a row's columns are not typed
    """Reckon by the policy in force: a rung taken out of it is not said any more."""
    planned = plan_steps(book.policy.lookback.ladder, book.calendar, row.due_at)
    keys = [each.key for each in planned]
    since = row.next_step_at
    ahead = (
        planned[keys.index(row.next_step) :]
        if row.next_step in keys
        else [each for each in planned if each.at >= since]
    )
    # The stored moment decides for the step it names, should the calendar have moved since.
    reached = [each for each in ahead if each.at <= at or each.key == row.next_step]
    acknowledged = row.acknowledged_at is not None and row.acknowledged_at >= row.due_at
    owed = [each for each in reached if not (each.again and acknowledged)]
    heard = tuple(dict.fromkeys(each for step in owed for each in step.rung.tell))
    told = hearers.told(row, heard)
    return _Chase(row, owed, told, ahead[len(reached)] if len(reached) < len(ahead) else None)


def _take(connection: Connection, chases: Sequence[_Chase], at: datetime) -> None:
    _STEP.run_all(connection, [
        {"lookback_id": each.row.lookback_id, "case_id": each.row.case_id, "step": step.key,
         "planned_at": step.at, "taken_at": at}
        for each in chases
        for step in each.owed
    ])  # fmt: skip
    _NEXT.run_all(connection, [
        {"of_look": each.row.lookback_id, "of_case": each.row.case_id,
         "key": each.after.key if each.after else None,
         "moment": each.after.at if each.after else None}
        for each in chases
    ])  # fmt: skip
    owe(connection, (_owed(each, at) for each in chases if each.owed), at)


def _owed(each: _Chase, at: datetime) -> Owed:
    """Return one notice for all the steps of a visit: what was missed is told with the last."""
    row, last = each.row, each.owed[-1]
    body = {
        "lookback": row.number, "due": row.due_at.isoformat(), "mode": _mode_of(row.plan),
        "on": row.planned_on.isoformat() if row.planned_on else "",
        "steps": [step.key for step in each.owed], "days_late": days_late(row.due_at, at),
    }  # fmt: skip
    return Owed(
        f"{row.case_id}:look-{row.lookback_id}:{last.key}", row.case_id, row.clock_no, each.told,
        CHASED[last.rung.kind], body, any(step.rung.urgent for step in each.owed),
        receipt(row.number, row.seq, row.head),
    )  # fmt: skip


@lru_cache(64)  # the visits of a look-back share its plan
def _mode_of(plan: str) -> str:
    return read_plan(plan).mode.value


_VISITS = LOOKBACK_VISITS.c
_ACKNOWLEDGED = (
    select(func.max(NOTICES.c.acknowledged_at))
    .where(NOTICES.c.case_id == _VISITS.case_id, NOTICES.c.kind.in_(KINDS))
    .scalar_subquery()
    .label("acknowledged_at")
)
_DUE = (
    select(
        _VISITS.lookback_id, _VISITS.case_id, _VISITS.due_at, _VISITS.planned_on,
        _VISITS.next_step, _VISITS.next_step_at, LOOKBACKS.c.number, LOOKBACKS.c.plan,
        LOOKBACKS.c.seq, LOOKBACKS.c.head, CASES.c.number.label("case"), CASES.c.clock_no,
        UNITS.c.path, _ACKNOWLEDGED,
    )
    .join(LOOKBACKS, LOOKBACKS.c.id == _VISITS.lookback_id)
    .join(CASES, CASES.c.id == _VISITS.case_id)
    .join(UNITS, UNITS.c.id == CASES.c.unit_id)
    .where(
        _VISITS.next_step_at <= bindparam("as_of"),
        LOOKBACKS.c.state == LookbackState.DRAWN,
        (_VISITS.lookback_id > bindparam("look"))
        | ((_VISITS.lookback_id == bindparam("look")) & (_VISITS.case_id > bindparam("case"))),
    )
    .order_by(_VISITS.lookback_id, _VISITS.case_id)
    .limit(bindparam("most"))
)  # fmt: skip
_HELD = _DUE.with_for_update(of=LOOKBACK_VISITS, skip_locked=True)
_STEP = Prepared(insert(LOOKBACK_STEPS))
_NEXT = Prepared(
    update(LOOKBACK_VISITS)
    .where(_VISITS.lookback_id == bindparam("of_look"), _VISITS.case_id == bindparam("of_case"))
    .values(next_step=bindparam("key"), next_step_at=bindparam("moment"))
)
