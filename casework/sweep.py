"""The sweep: take every step that is due, once, and tell it in the case's history.

It reads only what is due (an index range on ``next_step_at``), in batches that several sweepers
share without doing anything twice; running it again, late or in parallel changes nothing more.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from casework.business_time import begin_time, holds, record_sweep
from casework.climbing import Climb, Climbing, begin_climbing, issue_order, notices_of
from casework.due_cases import DueCase, claim_due, how_many_due, read_due
from casework.errors import Refused
from casework.events import Door
from casework.notices import owe
from casework.office import Office
from casework.people import names_of
from casework.writer import Taken, take_steps
from rules.wording import Trouble

LOG = logging.getLogger(__name__)
BATCH = 1_000
MOST_LINES = 1_000


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
    """What a sweep did (or, dry, would do): steps by kind, by holder and cluster, notices by the
    recipient's name, orders issued; the first ``MOST_LINES`` steps in full.
    """

    as_of: datetime
    dry_run: bool
    cases: int = 0
    steps: int = 0
    failed: list[str] = field(default_factory=list)
    by_kind: Counter[str] = field(default_factory=Counter)
    by_holder: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    by_person: Counter[int] = field(default_factory=Counter)
    by_recipient: dict[str, int] = field(default_factory=dict)
    orders: int = 0
    lines: list[Line] = field(default_factory=list)

    def count(self, climbed: Climb) -> None:
        row, owing = climbed
        self.cases += 1
        self.orders += owing.order is not None and not row.listed
        self.by_person.update(owing.told)
        for each in owing.taken:
            kind = each.worded.happening.kind
            self.steps += 1
            self.by_kind[kind] += 1
            self.by_holder[row.cluster or "", row.holder.value, kind] += 1
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
    jump_agreed: bool = False,
) -> Swept:
    """Take every step due by ``as_of``; a case that cannot be read is named and left for later.

    ``dry_run`` only counts. Each batch is one short transaction; after each, ``progress`` hears
    how many cases are done. Business time never runs backwards: an earlier ``as_of`` than the last
    sweep's counts as the last. Raise Refused when time jumped further than the policy allows,
    unless ``jump_agreed``. A sweep stops when somebody sets time back meanwhile.
    """
    time = begin_time(office, as_of, agreed=jump_agreed or dry_run)
    swept = Swept(time.as_of, dry_run)
    with office.reading() as connection:
        climbing = begin_climbing(office, connection, as_of=time.as_of, door=door)
    if dry_run:
        _rehearse(office, swept, climbing, batch)
        return _named(office, swept)
    failed: dict[int, str] = {}
    while holds(office, time) and _sweep_batch(office, swept, climbing, failed, batch):
        progress(swept.cases)
    swept.failed = sorted(failed.values())
    with office.writing() as connection:
        record_sweep(connection, time, ran_at=ran_at, done=swept.cases, failed=len(failed))
    return _named(office, swept)


def count_due(office: Office, *, as_of: datetime) -> int:
    """Return how many cases have a step due by ``as_of``."""
    with office.reading() as connection:
        return how_many_due(connection, as_of)


def _sweep_batch(
    office: Office, swept: Swept, climbing: Climbing, failed: dict[int, str], batch: int
) -> bool:
    """Take one batch; return whether there may be more."""
    known = len(failed)
    try:
        with office.writing() as connection:
            rows = claim_due(connection, swept.as_of, list(failed), batch)
            climbs = list(_climbs(climbing, connection, rows, failed))
            written = take_steps(connection, [each.walk for each in climbs])
            owe(connection, notices_of(climbs, written), swept.as_of)
            for each in climbs:
                issue_order(connection, each, climbing)
    except (IntegrityError, Refused):  # by the database, or by the rules for the order's listing
        if batch == 1:
            failed[rows[0].id] = rows[0].number
            LOG.exception("case %s: its step is refused", rows[0].number)
            return True
        for _ in rows:
            _sweep_batch(office, swept, climbing, failed, 1)
        return True
    for each in climbs:
        swept.count(each)
    return bool(climbs) or len(failed) > known


def _rehearse(office: Office, swept: Swept, climbing: Climbing, batch: int) -> None:
    failed: dict[int, str] = {}
    with office.reading() as connection:
        for rows in read_due(connection, swept.as_of, batch):
            for each in _climbs(climbing, connection, rows, failed):
                swept.count(each)
    swept.failed = sorted(failed.values())


def _climbs(
    climbing: Climbing, connection: Connection, rows: Sequence[DueCase], failed: dict[int, str]
) -> Iterator[Climb]:
    """Yield what each row owes; a row that cannot be reckoned is put among the failed."""
    for row in rows:
        try:
            yield climbing.climb(connection, row)
        # Trouble: an old policy that this version cannot read any more, a day before the calendar.
        except (LookupError, ValueError, Trouble):
            LOG.exception("case %s: its steps cannot be reckoned", row.number)
            failed[row.id] = row.number


def _named(office: Office, swept: Swept) -> Swept:
    with office.reading() as connection:
        names = names_of(connection, swept.by_person)
    swept.by_recipient = {
        f"{names[person]}#{person}": count for person, count in swept.by_person.most_common()
    }
    return swept


def _line(row: DueCase, taken: Taken) -> Line:
    happening = taken.worded.happening
    return Line(
        row.number, row.cluster or "", row.unit, happening.kind, row.stage.value,
        row.holder.value, row.due_at.isoformat(), happening.body["days_late"],
    )  # fmt: skip
