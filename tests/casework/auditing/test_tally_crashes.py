"""Who adds up closed cases is killed at random points: nothing is lost or counted twice."""

import time
from multiprocessing import get_context
from random import Random

from casework.auditing.tallies import catch_up
from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.office import Office
from tests.casework.auditing.test_tallies import every_way, slowly, waiting
from tests.conftest import opened
from tests.offices import closed

# A forked child needs no imports of its own; it opens its own connections.
FORK = get_context("fork")
ROUNDS = 10  # of two adders each, on both databases: 40 kills
LONGEST = 0.06  # seconds; most adders are killed before they end
SEED = 20260302


def test_killing_who_adds_up_leaves_sums_that_count_every_case_once(office, database, tmp_path):
    chance = Random(SEED)  # noqa: S311 — it picks moments, it keeps no secret
    for _ in range(ROUNDS):
        closed(office)
        _kill_two(database, tmp_path, chance)

    assert every_way(office) == slowly(office)
    _until_all_are_added(office)
    assert every_way(office) == slowly(office)


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
    child = FORK.Process(target=_add_up, args=(url, folder, reached))
    child.start()
    return child, reached


def _add_up(url, folder, reached):
    with opened(url) as engine:
        office = Office(engine, EvidenceStore(folder / "evidence", Limits()))
        reached.set()
        catch_up(office, batch=1)


def _until_all_are_added(office):
    """The dead's last transaction may still hold the lock on PostgreSQL for a moment."""
    while waiting(office):
        catch_up(office)
