"""A mover killed at any point leaves each move whole or not done, and what was answered, kept."""

from random import Random
from time import sleep

import pytest
from sqlalchemy import select, text

from models.tables import CASES
from tests.invariants import broken
from tests.movers import PROCESSES, move_until_killed
from tests.offices import closed, rectifying

ROUNDS = 12
MOVERS = 2  # at once, so that some die while they wait for the other: 24 kills
LONGEST = 0.1  # seconds from the first answer to the kill: about one case's life


def killed_at_random(database, folder, dice):
    """Let movers work, kill them with SIGKILL; return what they were answered, {number: seq}."""
    movers = [_started(database, folder) for _ in range(MOVERS)]
    first = [answers.recv() for _, answers in movers]
    sleep(dice.uniform(0, LONGEST))
    for mover, _ in movers:
        mover.kill()
    return dict(first) | {number: seq for each in movers for number, seq in _rest(*each)}


def _started(database, folder):
    answers, acknowledged = PROCESSES.Pipe(duplex=False)
    mover = PROCESSES.Process(target=move_until_killed, args=(database, folder, acknowledged))
    mover.start()
    acknowledged.close()
    return mover, answers


def _rest(mover, answers):
    mover.join()
    with answers:
        try:
            while True:
                yield answers.recv()
        except EOFError:
            return


def lost(office, answered):
    """Cases of which fewer events are stored than were answered."""
    with office.reading() as connection:
        stored = dict(connection.execute(select(CASES.c.number, CASES.c.seq)).all())
    return [number for number, seq in answered.items() if stored.get(number, 0) < seq]


def test_killing_movers_at_random_points_breaks_and_loses_nothing(office, database, tmp_path):
    dice = Random(20260302)  # noqa: S311 — dice, not secrets

    for _ in range(ROUNDS):
        answered = killed_at_random(database, tmp_path, dice)

        assert lost(office, answered) == []
        assert broken(office) == []


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("UPDATE cases SET seq = seq + 1", "seq is 7, but there are 6 events"),
        ("UPDATE cases SET head = '0'", "its head is not the hash"),
        ("UPDATE case_event SET body = '{}' WHERE seq = 3", "the chain breaks at event 3"),
        ("DELETE FROM case_event WHERE seq = 6", "seq is 6, but there are 5 events"),
        ("UPDATE cases SET level = 'major'", "level is 'major', its events say 'ordinary'"),
        ("UPDATE cases SET hands = '[]'", "hands is []"),
        ("UPDATE cases SET holder = 'head'", "it waits in"),
        ("UPDATE cases SET clock_no = 9", "its clock number 9"),
        ("UPDATE clock SET stopped_at = NULL WHERE no = 2", "clocks [2] run, not []"),
        ("UPDATE clock SET due_at = started_at WHERE no = 1", "stored are"),
        ("UPDATE cases SET closed_at = NULL", "closed at None"),
        ("UPDATE plan SET funds = '5'", "events tell of the plans"),
        ("DELETE FROM evidence", "stored is []"),
        ("UPDATE private_value SET value = '李四'", "is not what its digest says"),
        ("UPDATE number_series SET last = 9 WHERE series = 'case'", "9 numbers of the series case"),
        ("INSERT INTO number_series VALUES ('order', 2026, 3)", "3 numbers of the series order"),
        ("UPDATE cases SET listed = 'guidance'", "its open orders are []"),
        ("UPDATE notice SET receipt = 'YH/1/0'", "is of no event"),
        ("INSERT INTO clock_step SELECT id, 1, 'overdue', reported_at, reported_at FROM cases",
         "stored are ['overdue']"),
    ],
)  # fmt: skip
def test_the_checker_notices(sqlite_office, damage, says):
    closed(sqlite_office, owner="张三")
    with sqlite_office.engine.begin() as connection:
        triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='trigger'")
        for name in triggers.scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.exec_driver_sql(damage)

    assert says in "\n".join(broken(sqlite_office))


def test_the_checker_notices_that_an_open_case_shows_another_due_day(sqlite_office):
    rectifying(sqlite_office)
    with sqlite_office.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET due_at = reported_at"))

    assert "it shows" in broken(sqlite_office)[0]
