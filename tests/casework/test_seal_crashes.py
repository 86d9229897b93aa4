"""Sealers are killed at random points, while cases move: the tree stays one that only grew."""

import time
from multiprocessing import get_context
from random import Random

from sqlalchemy import func, select

from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.office import Office
from casework.proving.sealing import seal
from models.tables import EVENTS, LEAVES, UNSEALED
from tests.conftest import opened
from tests.killing import wait_for_the_dead
from tests.offices import MONDAY_9AM, closed, reported
from tests.sealing import outside_of, sealed, verified

# A forked child needs no imports of its own; it opens its own connections.
FORK = get_context("fork")
ROUNDS = 20  # of two sealers each, on both databases: 80 kills
LONGEST = 0.08  # seconds; most sealers are killed before they end
SEED = 20260302


def test_killing_sealers_at_random_points_leaves_a_tree_that_only_grew(office, database, tmp_path):
    chance = Random(SEED)  # noqa: S311 — it picks moments, it keeps no secret
    outside_of(tmp_path)
    for _ in range(12):
        closed(office)

    for n in range(ROUNDS):
        reported(office)
        _kill_two(database, tmp_path, chance)
        if n % 5 == 0:
            assert verified(office, tmp_path).faults == []

    wait_for_the_dead(office)
    run = sealed(office, tmp_path)
    found = verified(office, tmp_path)
    assert run.ok
    assert (found.faults, found.waiting, found.proven) == ([], 0, run.size)
    assert run.size == _count(office, EVENTS) == _count(office, LEAVES)
    assert _count(office, UNSEALED) == 0


def _kill_two(url, folder, chance):
    children = [_started(url, folder) for _ in range(2)]
    for _, reached in children:
        reached.wait(20)
    time.sleep(chance.uniform(0, LONGEST))
    for child, _ in children:
        child.kill()
        child.join()


def _started(url, folder):
    reached = FORK.Event()
    child = FORK.Process(target=_seal, args=(url, folder, reached))
    child.start()
    return child, reached


def _seal(url, folder, reached):
    with opened(url) as engine:
        office = Office(engine, EvidenceStore(folder / "evidence", Limits()))
        outside = outside_of(folder)
        reached.set()
        seal(office, outside, at=MONDAY_9AM, batch=2)


def _count(office, table):
    with office.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()
