"""Sweepers are killed at random points: no rung is half taken, none told twice, none forgotten."""

import json
import time
from collections import Counter
from datetime import timedelta
from multiprocessing import get_context
from random import Random

from sqlalchemy import select

from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.importing import import_ledger
from casework.office import Office
from casework.settings import adopt_policy
from casework.sweep import count_due, sweep
from models.tables import EVENTS, NOTICES, ORDERS
from rules.policy import default_text
from tests.conftest import opened
from tests.invariants import broken
from tests.killing import wait_for_the_dead
from tests.offices import MONDAY_9AM

# A forked child needs no imports of its own; it opens its own connections.
FORK = get_context("fork")
ROUNDS = 27  # of two sweepers each, on both databases: 108 kills
LONGEST = 0.15  # seconds; most sweeps of a round are killed before they end
CASES = 240
SEED = 20260302


def test_killing_sweepers_at_random_points_breaks_doubles_and_loses_nothing(
    office, database, tmp_path
):
    chance = Random(SEED)  # noqa: S311 — it picks moments, it keeps no secret
    _overdue_in_turn(office, tmp_path)

    for n in range(ROUNDS):
        _kill_two(database, tmp_path, MONDAY_9AM + timedelta(days=2 * n), chance)
        if n % 9 == 0:
            assert broken(office) == []

    _finish(office, MONDAY_9AM + timedelta(days=2 * ROUNDS))
    assert broken(office) == []
    promised, told = _promised(office), _told(office)
    assert promised
    assert told == promised
    assert _orders(office) == list(range(1, CASES + 1))


def _overdue_in_turn(office, folder):
    """Cases whose plans fall due one day after the other for a month."""
    slower = default_text().replace('plan = { limit = "3wd"', 'plan = { limit = "60d"')
    adopt_policy(office, slower, by="admin", at=MONDAY_9AM)
    days = (f"{MONDAY_9AM + timedelta(days=n % 30):%Y-%m-%d}" for n in range(CASES))
    rows = (f"第一小学,灯坏{n},用电,{day}" for n, day in enumerate(days))
    path = folder / "due.csv"
    path.write_text("\n".join(("单位,隐患描述,类别,整改时限", *rows)), encoding="utf-8")
    import_ledger(office, path, by="committee1", at=MONDAY_9AM)


def _kill_two(url, folder, as_of, chance):
    children = [_started(url, folder, as_of) for _ in range(2)]
    for _, reached in children:
        reached.wait(20)
    time.sleep(chance.uniform(0, LONGEST))
    for child, _ in children:
        child.kill()
        child.join()


def _started(url, folder, as_of):
    reached = FORK.Event()
    child = FORK.Process(target=_sweep, args=(url, folder, as_of, reached))
    child.start()
    return child, reached


def _sweep(url, folder, as_of, reached):
    with opened(url) as engine:
        office = Office(engine, EvidenceStore(folder / "evidence", Limits()))
        reached.set()
        sweep(office, as_of=as_of, ran_at=as_of, batch=5, jump_agreed=True)


def _finish(office, as_of):
    """Sweep what is left, once the dead sweepers' transactions are over."""
    wait_for_the_dead(office)
    sweep(office, as_of=as_of, ran_at=as_of, jump_agreed=True)
    assert count_due(office, as_of=as_of) == 0


def _promised(office):
    """Who was to hear which rung of which case, by the history."""
    with office.reading() as connection:
        taken = select(EVENTS.c.case_id, EVENTS.c.body).where(
            EVENTS.c.kind.in_(["remind", "overdue"])
        )
        events = [(case, json.loads(body)) for case, body in connection.execute(taken)]
    return Counter((case, body["step"], who) for case, body in events for who in body["told"])


def _told(office):
    """Who is owed which rung of which case, by the notices: those missed together have one."""
    promised = _promised(office)
    with office.reading() as connection:
        kept = select(NOTICES.c.case_id, NOTICES.c.person_id, NOTICES.c.body).where(
            NOTICES.c.kind.in_(["remind", "overdue"])
        )
        notices = [(case, who, json.loads(body)) for case, who, body in connection.execute(kept)]
    return Counter(
        (case, step, who)
        for case, who, body in notices
        for step in body["steps"]
        if (case, step, who) in promised
    )


def _orders(office):
    with office.reading() as connection:
        return sorted(connection.execute(select(ORDERS.c.n)).scalars())
