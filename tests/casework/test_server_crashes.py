"""PostgreSQL crashes (-m immediate) under movers, a sweep, an import, a delivery: nothing is lost.

What was answered is there, what was not is there wholly or not at all, and nothing is doubled.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import count
from threading import Event
from time import sleep

from sqlalchemy import select

from casework.delivery import LEASE
from casework.errors import Unavailable
from casework.events import Door
from casework.importing import import_ledger
from casework.moves import move
from casework.reports import Report, report
from casework.sweep import sweep
from models import ContactKind
from models.tables import CASES, CLOCK_STEPS, EVENTS, IDEMPOTENCY_KEYS, LEDGER_IMPORTS
from rules.actions import Action
from tests.crashing import AGAIN_AFTER, crashing_office, insisted, stored
from tests.invariants import broken
from tests.offices import MONDAY_9AM, TEAM, a_plan, reported
from tests.outbox import Kept, crowd, delivered, nothing_owed, notices

RESTARTS = 3  # each takes half a second to come back
WRITERS = 4
AT_WORK = 0.25  # seconds of load before each crash
FRIDAY = MONDAY_9AM + timedelta(days=4)
LADDER = ("remind", "overdue")
ROWS = 1_100  # more than a chunk, so that the server can die between two
OWED = 40


def wrote_until(stop, office, writer, unanswered):
    """Report and move case after case; return the answer to each key."""
    answers = {}
    for n in count():
        answers |= one_case(office, f"{writer}-{n}", unanswered)
        if stop.is_set():
            break
    return answers


def one_case(office, name, unanswered):
    by, told = TEAM["S1"], Report("S1", f"灯坏{name}", "用电", owner="张三")
    shared = {"at": MONDAY_9AM, "door": Door.CLI}
    opening = partial(report, office, told, by=by.reporter, key=f"{name}-report", **shared)
    answers = {f"{name}-report": insisted(opening, unanswered)}
    number = answers[f"{name}-report"].number
    for action, who, typed in (
        (Action.SUBMIT_PLAN, by.owner, a_plan()),
        (Action.APPROVE_PLAN, by.head, {}),
    ):
        key = f"{name}-{action.value}"
        moving = partial(move, office, number, action, typed, by=who, key=key, **shared)
        answers[key] = insisted(moving, unanswered)
    return answers


def swept_until(stop, office, unanswered):
    while not stop.is_set():
        insisted(lambda: sweep(office, as_of=FRIDAY, ran_at=FRIDAY, batch=5), unanswered)
        sleep(AGAIN_AFTER)


def under_load(office, crash):
    """Crash the server again and again while writers and a sweeper work.

    Return the answers by key, and the troubles that callers met meanwhile.
    """
    stop, unanswered = Event(), []
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        writers = [
            pool.submit(wrote_until, stop, office, writer, unanswered) for writer in range(WRITERS)
        ]
        sweeper = pool.submit(swept_until, stop, office, unanswered)
        try:
            for _ in range(RESTARTS):
                sleep(AT_WORK)
                crash()
            sleep(AT_WORK)
        finally:
            stop.set()
        sweeper.result()
        answers = [each.result() for each in writers]
    return {key: answer for some in answers for key, answer in some.items()}, unanswered


def moved_by_people(office):
    """Every event that is not the ladder's, as (number, seq)."""
    told = select(CASES.c.number, EVENTS.c.seq).join(CASES, CASES.c.id == EVENTS.c.case_id)
    with office.reading() as connection:
        rows = connection.execute(told.where(EVENTS.c.kind.not_in(LADDER)))
        return sorted(tuple(row) for row in rows)


def test_a_server_that_crashes_under_load_loses_and_doubles_nothing(tmp_path):
    with crashing_office(tmp_path) as (office, crash):
        answers, unanswered = under_load(office, crash)

        acknowledged = sorted((each.number, each.seq) for each in answers.values())
        assert len(set(acknowledged)) == len(answers)
        assert moved_by_people(office) == acknowledged
        assert stored(office, IDEMPOTENCY_KEYS) == len(answers)
        assert len(unanswered) >= RESTARTS
        sweep(office, as_of=FRIDAY, ran_at=FRIDAY)
        assert stored(office, CLOCK_STEPS) > 0
        assert broken(office) == []


def test_a_ledger_lands_once_whenever_the_server_crashes(tmp_path):
    path = a_ledger(tmp_path)
    with crashing_office(tmp_path) as (office, crash):
        # While it reads, between two chunks that it writes, and before it commits.
        moments, unanswered = [("read", 1), ("write", 1), ("write", ROWS)], []

        def told(doing, done):
            if moments and moments[0][0] == doing and done >= moments[0][1]:
                moments.pop(0)
                crash()

        bring = partial(import_ledger, office, path, by="committee1", at=MONDAY_9AM, progress=told)
        landed, again = insisted(bring, unanswered), bring()

        assert (moments, len(unanswered) >= 2) == ([], True)
        assert (landed.cases, again.cases, again.duplicate) == (ROWS, 0, ROWS)
        assert (stored(office, CASES), stored(office, LEDGER_IMPORTS)) == (ROWS, 2)
        assert broken(office) == []


def a_ledger(folder):
    path = folder / "ledger.csv"
    rows = (f"第一小学,灯坏{row},用电,张三,2026-03-20" for row in range(ROWS))
    path.write_text("\n".join(("单位,隐患描述,类别,责任人,整改时限", *rows)), encoding="utf-8")
    return path


class Striking(Kept):
    """A channel that takes a message, and then strikes the server down after some of them."""

    def __init__(self, crash, after):
        super().__init__()
        self._crash, self._after = crash, after

    def send(self, address, message):
        receipt = super().send(address, message)
        if len(self.got) in self._after:
            self._crash()
        return receipt


def delivered_at_last(office, channel):
    """Deliver again when the leases of the last try are long over; return how often it took."""
    for tried in count(1):
        try:
            delivered(office, channel, MONDAY_9AM + 2 * tried * LEASE)
        except Unavailable:
            continue
        return tried
    return None


def test_a_delivery_loses_nothing_and_repeats_one_message_for_each_crash(tmp_path):
    with crashing_office(tmp_path) as (office, crash):
        number = reported(nothing_owed(office))
        nothing_owed(office)
        owed = crowd(office, number, OWED, ContactKind.EMAIL, "p@example.cn")
        channel = Striking(crash, {1, 13, 30})

        tried = delivered_at_last(office, channel)

        told = Counter(channel.keys)
        assert set(told) == owed
        assert (tried, sum(told.values()) - OWED) == (4, 3)
        assert {each.state.value for each in notices(office)} == {"sent"}
        assert broken(office) == []
