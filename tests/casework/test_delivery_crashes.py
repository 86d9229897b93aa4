"""A deliverer killed at any point leaves nothing unsent, and sends at most one message twice."""

from collections import Counter
from random import Random
from time import sleep

from casework.delivery import LEASE
from models import ContactKind
from notifications.sealing import Keys
from tests.deliverers import PROCESSES, deliver_until_killed, new_key, webhooks
from tests.invariants import broken
from tests.notifications.receivers import receiving
from tests.offices import MONDAY_9AM, reported
from tests.outbox import crowd, delivered, nothing_owed, notices

KILLS = 30
OWED = 450
LONGEST = 0.05  # seconds from the first message to the kill: about ten more


def killed_at_random(database, folder, key, address, as_of, dice):
    """Let a deliverer begin to send, then kill it with SIGKILL."""
    begun, begins = PROCESSES.Pipe(duplex=False)
    order = (database, folder, key, address, as_of, begins)
    deliverer = PROCESSES.Process(target=deliver_until_killed, args=order)
    deliverer.start()
    begins.close()
    begun.recv()
    sleep(dice.uniform(0, LONGEST))
    deliverer.kill()
    deliverer.join()
    begun.close()


def test_killing_deliverers_at_random_points_loses_nothing(office, database, tmp_path):
    dice, key = Random(20260302), new_key()  # noqa: S311 — dice, not secrets
    number = reported(nothing_owed(office))
    nothing_owed(office)

    with receiving() as receiver:
        owed = crowd(office, number, OWED, ContactKind.WEBHOOK, receiver.url, Keys([key]))
        for kill in range(KILLS):
            as_of = MONDAY_9AM + kill * LEASE
            killed_at_random(database, tmp_path, key, receiver.address, as_of, dice)
        reached = len(receiver.got)
        rest = delivered(office, webhooks(key, receiver.address), MONDAY_9AM + (KILLS + 1) * LEASE)

    told = Counter(receiver.keys)
    twice = sum(told.values()) - len(told)
    assert set(told) == owed  # 0 missing, none invented
    assert twice <= KILLS
    assert all(count <= 3 for count in told.values())
    assert {each.state.value for each in notices(office)} == {"sent"}
    assert KILLS < reached < OWED + KILLS  # they were killed at work, and some was left
    assert rest.sent > 0
    assert broken(office) == []
