"""The sweep: take every step that is due, once, and tell it in the case's history.

It reads only what is due (an index range on ``next_step_at``), in batches that several sweepers
share without doing anything twice; running it again, late or in parallel changes nothing more.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from casework.events import Door, Happening
from casework.office import Office
from casework.rulebook import Rulebook
from casework.writer import Taken, Walk, take_steps
from models.tables import CASES, CLOCKS, ORGANISATIONS, SWEEPS
from rules.access import Role
from rules.deadlines import days_late
from rules.policy import Policy
from rules.steps import Planned, plan_steps
from rules.wording import Trouble

LOG = logging.getLogger(__name__)
BATCH = 1_000
MOST_LINES = 1_000

_CLUSTERS = ORGANISATIONS.alias("cluster")
_DUE = (
    select(
        CASES.c.id, CASES.c.number, CASES.c.seq, CASES.c.head, CASES.c.clock_no, CASES.c.stage,
        CASES.c.holder, CASES.c.due_at, CASES.c.next_step, CASES.c.next_step_at,
        CLOCKS.c.policy, ORGANISATIONS.c.name.label("unit"),
        _CLUSTERS.c.name.label("cluster"),
    )
    .join(CLOCKS, (CLOCKS.c.case_id == CASES.c.id) & (CLOCKS.c.no == CASES.c.clock_no))
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .outerjoin(_CLUSTERS, _CLUSTERS.c.id == CASES.c.cluster_id)
    .where(CASES.c.next_step_at <= bindparam("as_of"))
    .order_by(CASES.c.next_step_at, CASES.c.id)
    .limit(bindparam("most"))
)  # fmt: skip
_AFTER = (CASES.c.next_step_at > bindparam("last_at")) | (
    (CASES.c.next_step_at == bindparam("last_at")) & (CASES.c.id > bindparam("last_id"))
)
_HELD = _DUE.with_for_update(of=CASES, skip_locked=True)
_CLAIM = _HELD.where(CASES.c.id.not_in(bindparam("failed", expanding=True)))
_READ = _DUE.where(_AFTER)
_COUNT = select(func.count()).where(CASES.c.next_step_at <= bindparam("as_of"))


@dataclass(frozen=True, slots=True)
class Line:
    """One step as it is shown to whoever runs the sweep."""

    number: str
    cluster: str
    unit: str
    kind: str
    stage: str
    holder: str
    due_at: str
    days_late: int


@dataclass(slots=True)
class Swept:
    """What a sweep did (or, dry, would do): steps by kind, by holder and cluster; the first
    ``MOST_LINES`` of them in full.
    """

    as_of: datetime
    dry_run: bool
    cases: int = 0
    steps: int = 0
    failed: list[str] = field(default_factory=list)
    by_kind: Counter[str] = field(default_factory=Counter)
    by_holder: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)

    def count(self, row: Row[Any], taken: Sequence[Taken]) -> None:
        self.cases += 1
        for each in taken:
            self.steps += 1
            self.by_kind[each.happening.kind] += 1
            self.by_holder[row.cluster or "", row.holder.value, each.happening.kind] += 1
            if len(self.lines) < MOST_LINES:
                self.lines.append(_line(row, each))


def sweep(
    office: Office,
    *,
    as_of: datetime,
    ran_at: datetime,
    dry_run: bool = False,
    batch: int = BATCH,
    door: Door = Door.CLI,
    progress: Callable[[int], None] = lambda _cases: None,
) -> Swept:
    """Take every step due by ``as_of``; a case that cannot be read is named and left for later.

    ``dry_run`` only counts. Each batch is one short transaction; after each, ``progress`` hears
    how many cases are done.
    """
    swept = Swept(as_of, dry_run)
    if dry_run:
        _rehearse(office, swept, batch, door)
        return swept
    failed: dict[int, str] = {}
    while _sweep_batch(office, swept, failed, batch, door):
        progress(swept.cases)
    swept.failed = sorted(failed.values())
    with office.writing() as connection:
        row = {
            "as_of": as_of, "ran_at": ran_at, "due": swept.cases + len(failed),
            "done": swept.cases, "failed": len(failed),
        }  # fmt: skip
        connection.execute(insert(SWEEPS), row)
    return swept


def count_due(office: Office, *, as_of: datetime) -> int:
    """Return how many cases have a step due by ``as_of``."""
    with office.reading() as connection:
        return connection.execute(_COUNT, {"as_of": as_of}).scalar_one()


def _sweep_batch(
    office: Office, swept: Swept, failed: dict[int, str], batch: int, door: Door
) -> bool:
    """Take one batch; return whether there may be more."""
    known = len(failed)
    try:
        with office.writing() as connection:
            rows = _claim(connection, swept.as_of, failed, batch)
            walks = list(_walks(office, connection, rows, swept.as_of, door, failed))
            take_steps(connection, [walk for _, walk in walks])
    except IntegrityError:
        if batch == 1:
            failed[rows[0].id] = rows[0].number
            LOG.exception("case %s: its step is refused by the database", rows[0].number)
            return True
        for _ in rows:
            _sweep_batch(office, swept, failed, 1, door)
        return True
    for row, walk in walks:
        swept.count(row, walk.taken)
    return bool(walks) or len(failed) > known


def _claim(
    connection: Connection, as_of: datetime, failed: dict[int, str], most: int
) -> Sequence[Row[Any]]:
    if not failed:
        return connection.execute(_HELD, {"as_of": as_of, "most": most}).all()
    values = {"as_of": as_of, "most": most, "failed": list(failed)}
    return connection.execute(_CLAIM, values).all()


def _rehearse(office: Office, swept: Swept, batch: int, door: Door) -> None:
    failed: dict[int, str] = {}
    values: dict[str, Any] = {"as_of": swept.as_of, "most": batch}
    with office.reading() as connection:
        rows = connection.execute(_DUE, values).all()
        while rows:
            for row, walk in _walks(office, connection, rows, swept.as_of, door, failed):
                swept.count(row, walk.taken)
            values |= {"last_at": rows[-1].next_step_at, "last_id": rows[-1].id}
            rows = connection.execute(_READ, values).all()
    swept.failed = sorted(failed.values())


def _walks(
    office: Office,
    connection: Connection,
    rows: Sequence[Row[Any]],
    as_of: datetime,
    door: Door,
    failed: dict[int, str],
) -> Iterator[tuple[Row[Any], Walk]]:
    """Yield what each row owes; a row that cannot be reckoned is put among the failed."""
    book = office.rulebooks.at(connection, as_of)
    for row in rows:
        try:
            policy = office.rulebooks.policy(connection, row.policy)
            yield row, _walk(row, policy, book, as_of, door)
        # Trouble: an old policy that this version cannot read any more, a day before the calendar.
        except (LookupError, ValueError, Trouble):
            LOG.exception("case %s: its steps cannot be reckoned", row.number)
            failed[row.id] = row.number


def _walk(row: Row[Any], policy: Policy, book: Rulebook, as_of: datetime, door: Door) -> Walk:
    planned = plan_steps(policy, book.calendar, row.due_at)
    keys = [each.step.key for each in planned]
    ahead = planned[keys.index(row.next_step) :]
    # The stored moment decides for the step it names, should the calendar have moved since.
    owed = [ahead[0], *(each for each in ahead[1:] if each.at <= as_of)]
    after = ahead[len(owed)] if len(owed) < len(ahead) else None
    return Walk(
        row.id, row.number, row.seq, row.head, row.clock_no,
        [_taken(row, each, as_of, door) for each in owed],
        after.step.key if after else None, after.at if after else None,
    )  # fmt: skip


def _taken(row: Row[Any], planned: Planned, as_of: datetime, door: Door) -> Taken:
    body = {
        "step": planned.step.key,
        "stage": row.stage.value,
        "holder": row.holder.value,
        "due": row.due_at.isoformat(),
        "planned": planned.at.isoformat(),
        "days_late": days_late(row.due_at, as_of),
    }
    kind = planned.step.kind.value
    happening = Happening(kind, None, Role.LADDER.value, door, as_of, body)
    return Taken(planned.step.key, planned.at, happening)


def _line(row: Row[Any], taken: Taken) -> Line:
    return Line(
        row.number, row.cluster or "", row.unit, taken.happening.kind, row.stage.value,
        row.holder.value, row.due_at.isoformat(), taken.happening.body["days_late"],
    )  # fmt: skip
