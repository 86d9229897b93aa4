"""An importing process is killed at any moment: the whole ledger is there, or nothing of it."""

import time
from multiprocessing import get_context
from random import Random

import pytest
from sqlalchemy import func, select

from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.importing import import_ledger
from casework.office import Office
from models.tables import CASES, LEDGER_IMPORTS
from tests.conftest import opened
from tests.invariants import broken
from tests.killing import wait_for_the_dead
from tests.offices import MONDAY_9AM

# A forked child needs no imports of its own; it opens its own connections.
FORK = get_context("fork")
ROWS = 1_100  # more than a chunk, so that it can die between two
SEED = 20260302
ANYWHERE, WRITING = 0, ROWS


@pytest.fixture
def victims(tmp_path):
    """Return the path of the n-th ledger, no two of which share a hazard."""

    def path_of(n):
        path = tmp_path / f"{n}.csv"
        rows = (f"第一小学,灯坏{n}-{row},用电,张三,2026-03-20" for row in range(ROWS))
        path.write_text("\n".join(("单位,隐患描述,类别,责任人,整改时限", *rows)), encoding="utf-8")
        return path

    return path_of


@pytest.fixture
def kill(database, tmp_path):
    """Import in a child that is killed ``after`` seconds from its having read so many rows."""

    def import_and_die(path, read, after):
        reached = FORK.Event()
        child = FORK.Process(target=_import, args=(database, tmp_path, path, read, reached))
        child.start()
        reached.wait(20)
        time.sleep(after)
        child.kill()
        child.join()

    return import_and_die


def _import(url, folder, path, read, reached):
    def told(doing, done):
        if doing == "read" and done >= read:
            reached.set()

    if read == ANYWHERE:
        reached.set()
    with opened(url) as engine:
        office = Office(engine, EvidenceStore(folder / "evidence", Limits()))
        import_ledger(office, path, by="committee1", at=MONDAY_9AM, progress=told)


def stored(office):
    """Count cases and imports, once every dead client's transaction is over."""
    wait_for_the_dead(office)
    with office.reading() as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (CASES, LEDGER_IMPORTS)
        )


@pytest.mark.parametrize(
    ("read", "longest", "times"),
    [
        (ANYWHERE, 0.4, 4),  # seconds: an import of 1,100 rows takes about 0.3
        (WRITING, 0.3, 8),  # and writing them about 0.15
    ],
)
def test_killed_at_any_moment_it_leaves_all_or_nothing(office, victims, kill, read, longest, times):
    chance = Random(SEED)  # noqa: S311 — it picks moments, it keeps no secret
    moments = [chance.uniform(0, longest) for _ in range(times)]
    left = [(0, 0)]

    for moment in moments:
        landed = left[-1][1]
        kill(victims(landed), read, moment)
        left.append(stored(office))

    assert [cases for cases, _ in left] == [imports * ROWS for _, imports in left]
    assert broken(office) == []
    imports = left[-1][1]
    again = import_ledger(office, victims(imports), by="committee1", at=MONDAY_9AM)
    assert (again.cases, again.duplicate) == (ROWS, 0)
    assert stored(office) == ((imports + 1) * ROWS, imports + 1)
    assert broken(office) == []
