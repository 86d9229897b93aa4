"""A draw is killed at random points: it draws nothing or all, and resumes to the same list."""

import time
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing import get_context
from random import Random

from casework.errors import Refused
from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.lookback.committing import commit_seed
from casework.lookback.drawing import draw_lookback, frame_items
from casework.lookback.looking import open_lookback
from casework.lookback.planning import Asked, plan_lookback
from casework.lookback.templates import save_template
from casework.office import Office
from rules.lookback.draw import draw
from tests.conftest import opened
from tests.invariants import broken
from tests.killing import wait_for_the_dead
from tests.lookbacks import KEYS, MONTHLY, closed_cases, hand, visits_of
from tests.offices import MONDAY_9AM

FORK = get_context("fork")
ROUNDS = 10
LONGEST = 0.05  # seconds; a draw of twelve cases takes about as long
SEED = 20260303


def test_a_draw_that_was_killed_draws_the_same_when_it_is_done_again(office, database, tmp_path):
    chance = Random(SEED)  # noqa: S311 — it picks moments, it keeps no secret
    closed_cases(office)
    save_template(office, "每月", MONTHLY, by="admin", at=MONDAY_9AM)

    for _ in range(ROUNDS):
        number = plan_lookback(office, Asked("每月"), hand()).number
        commit_seed(office, number, hand(), KEYS)
        _kill_a_draw(database, tmp_path, number, chance)
        _finish(office, number)
        _expect_the_only_possible_draw(office, number)

    assert broken(office) == []
    office.evidence.sweep_temporary(older_than=datetime.max.replace(tzinfo=UTC))
    assert _unfinished_frames(tmp_path) == []


def _kill_a_draw(url, folder, number, chance):
    reached = FORK.Event()
    child = FORK.Process(target=_draw, args=(url, folder, number, reached))
    child.start()
    reached.wait(20)
    time.sleep(chance.uniform(0, LONGEST))
    child.kill()
    child.join()


def _draw(url, folder, number, reached):
    with opened(url) as engine:
        office = Office(engine, EvidenceStore(folder / "evidence", Limits()))
        reached.set()
        draw_lookback(office, number, hand(), KEYS)


def _finish(office, number):
    """Draw it unless the killed one had; once the dead one's transaction is over."""
    wait_for_the_dead(office)
    with suppress(Refused):
        draw_lookback(office, number, hand(), KEYS)


def _expect_the_only_possible_draw(office, number):
    look = open_lookback(office, number, by="admin")
    sizes = {each.key: each.size.n for each in look.strata}
    possible = draw(frame_items(office, look.row["frame_digest"]), look.row["seed"], sizes)
    assert [each.id for drawn in possible.values() for each in drawn] == [
        visit["number"] for visit in visits_of(office, number)
    ]
    assert [event["kind"] for event in look.events] == [
        "plan", "commit", "freeze", "reveal", "draw",
    ]  # fmt: skip
    assert look.broken_at is None


def _unfinished_frames(folder):
    return list((folder / "evidence" / "frames").glob(".unfinished-*"))
