"""Eight sweepers at once over a thousand due cases: each step once, each person told once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from sqlalchemy import func, select

from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.importing import import_ledger
from casework.office import Office
from casework.sweep import count_due, sweep
from models.tables import CLOCK_STEPS, EVENTS, NOTICES, SWEEPS
from tests.conftest import opened
from tests.invariants import broken
from tests.offices import MONDAY_9AM, PERSON

# A forked child needs no imports of its own; it opens its own connections.
FORK = get_context("fork")
SWEEPERS = 8
CASES = 1_000
BATCH = 40  # so that each sweeper takes several


@pytest.fixture
def due_office(office, tmp_path):
    """A thousand cases whose "overdue" is their first step, due before Monday."""
    lines = (f"第一小学,灯坏{n},用电,2026-03-01" for n in range(CASES))
    path = tmp_path / "due.csv"
    path.write_text("\n".join(("单位,隐患描述,类别,整改时限", *lines)), encoding="utf-8")
    import_ledger(office, path, by="committee1", at=MONDAY_9AM)
    return office


def swept(office):
    """Sweep; return what was done as (steps, failures)."""
    done = sweep(office, as_of=MONDAY_9AM, ran_at=MONDAY_9AM, batch=BATCH)
    return done.steps, done.failed


def by_threads(office, _url, _folder):
    with ThreadPoolExecutor(SWEEPERS) as pool:
        return list(pool.map(swept, [office] * SWEEPERS))


def by_processes(_office, url, folder):
    start, answers = FORK.Barrier(SWEEPERS), FORK.Queue()
    order = (url, folder, start, answers)
    sweepers = [
        FORK.Process(target=_sweep_elsewhere, args=order, daemon=True) for _ in range(SWEEPERS)
    ]
    for each in sweepers:
        each.start()
    told = [answers.get(timeout=60) for _ in sweepers]
    for each in sweepers:
        each.join()
    return told


def _sweep_elsewhere(url, folder, start, answers):
    with opened(url) as engine:
        office = Office(engine, EvidenceStore(folder / "evidence", Limits()))
        start.wait(60)
        answers.put(swept(office))


def counted(office, table, *where):
    with office.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table).where(*where))


def heard(office):
    """Who was told at all, and how often each was told of each case: {times: of how many}."""
    told = select(NOTICES.c.case_id, NOTICES.c.person_id).where(NOTICES.c.kind == "overdue")
    with office.reading() as connection:
        times = Counter(tuple(row) for row in connection.execute(told))
    people = {person for _, person in times}
    return people, Counter(times.values())


@pytest.mark.parametrize("sweepers", [by_threads, by_processes])
def test_eight_sweepers_at_once_take_each_step_once(due_office, database, tmp_path, sweepers):
    told = sweepers(due_office, database, tmp_path)

    assert sum(steps for steps, _ in told) == CASES
    assert [failed for _, failed in told] == [[]] * SWEEPERS
    assert counted(due_office, CLOCK_STEPS) == CASES
    assert counted(due_office, EVENTS, EVENTS.c.kind == "overdue") == CASES
    assert counted(due_office, SWEEPS) == SWEEPERS
    assert count_due(due_office, as_of=MONDAY_9AM) == 0
    assert heard(due_office) == ({PERSON["owner1"], PERSON["head1"]}, {1: 2 * CASES})
    assert broken(due_office) == []
