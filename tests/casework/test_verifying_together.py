"""Several processes verify as one does: the same faults in the same order, of one moment."""

import os
from threading import Event, Thread

import pytest
from sqlalchemy import text

from casework.events import Door, Happening
from casework.proving.crew import one_moment
from casework.proving.intact import Glance, Span
from casework.records import START, Subject, write_record, write_records
from tests.offices import MONDAY_9AM, closed, rectifying, reported
from tests.sealing import sealed, unprotected, verified

LOOK = Subject("lookback", 1, "回头看1号")
STEP = Happening("planned", None, "admin", Door.CLI, MONDAY_9AM, {"why": "每月"})
HOSTILE = (
    '"', "\\", '\\"', "/", "'", "%", "%s", "{}", "\t", "\n", "\r", "\b", "\f", "\x01", "\x1f",
    "\x80", "\xa0", "\u2028", "\u2029", "\ufeff", "\ufffd", "闭环", "𠮷", "👩🏽‍🏫", "é",
    "é", "<script>", "&amp;", "\\u0000", "\\n", "null", "1e400", "-0", '{"a":1}', "[]", " ", "",
)  # fmt: skip


def lived(office, folder, *, events=5_000):
    """Cases and one very long record, so that the tree has several parts; sealed twice."""
    closed(office)
    with office.writing() as connection:
        last = write_record(connection, LOOK, STEP, START)
        for _ in range(events // 1_000):
            last = chained(connection, last, 1_000)
    sealed(office, folder)
    for _ in range(3):
        rectifying(office)
    sealed(office, folder, days=1)
    reported(office)


def chained(connection, last, count):
    for _ in range(count):
        last = write_records(connection, [(LOOK, STEP, last)])[0]
    return last


def change(office, *statements):
    with office.writing() as connection:
        unprotected(connection)
        for each in statements:
            connection.execute(text(each))


def told(found):
    return found.faults, found.events, found.size, found.heads, found.outside, found.proven


def test_two_processes_find_what_one_finds(office, tmp_path):
    lived(office, tmp_path)
    change(
        office,
        "UPDATE case_event SET role = 'head' WHERE case_id = 3 AND seq = 2",
        "DELETE FROM case_event WHERE case_id = 2",
        "UPDATE record_event SET kind = 'drawn' WHERE seq = 4000",
        "DELETE FROM leaf WHERE number = 4500",
        "UPDATE tree_node SET hash = (SELECT hash FROM leaf WHERE number = 3) "
        "WHERE level = 4 AND place = 200",
    )

    one, two = [verified(office, tmp_path, processes=n) for n in (1, 2)]

    assert told(one) == told(two)
    assert [(each.name, each.seq) for each in two.faults[:3]] == [
        ("YH2026-000002", 1), ("YH2026-000003", 2), ("lookback:回头看1号", 4000),
    ]  # fmt: skip
    assert [each.what.en for each in two.faults[-2:]] == [
        "a node of the tree differs from leaves 3200 to 3215 below it", "leaf 4500 is gone",
    ]  # fmt: skip


def test_all_see_one_moment_while_others_write(office, tmp_path):
    lived(office, tmp_path, events=1_000)
    enough = Event()
    writer = Thread(target=write_on, args=(office, enough))
    writer.start()

    found = verified(office, tmp_path, processes=2)
    enough.set()
    writer.join()

    assert found.faults == []
    assert verified(office, tmp_path).events > found.events


def write_on(office, enough):
    while not enough.is_set():
        reported(office)
        enough.wait(0.01)


def die_in_another(_connection, parent, answer):
    if os.getpid() != parent:
        os._exit(1)
    return answer


def refuse(_connection, what):
    raise LookupError(what)


def test_processes_cannot_write_tell_what_went_wrong_and_may_die(sqlite_office):
    dying = [(die_in_another, (os.getpid(), n)) for n in range(5)]

    with one_moment(sqlite_office, 2) as (_, hands):
        with pytest.raises(LookupError, match="no such thing"):
            hands.run([(refuse, ("no such thing",))])
        with pytest.raises(Exception, match="readonly"):
            hands.run([(write, ())])
        done = hands.run(dying)  # and is done here

    assert done == [0, 1, 2, 3, 4]


def write(connection):
    connection.exec_driver_sql("DELETE FROM unsealed")


@pytest.mark.parametrize("place", ["body", "name"])
def test_the_database_words_what_is_hashed_as_we_do(office, tmp_path, place):
    odd(office, tmp_path, HOSTILE, place)

    with office.auditing() as connection:
        seen = Glance(connection, "odd", 0).look(Span.of(range(1, len(HOSTILE) + 1)))

    assert seen == ((), len(HOSTILE), len(HOSTILE))
    assert verified(office, tmp_path).faults == []


def test_a_word_that_needs_an_escape_puts_no_other_history_in_doubt(office, tmp_path):
    odd(office, tmp_path, ("a", 'b","seq":1}\n', "c"), "role")

    with office.auditing() as connection:
        seen = Glance(connection, "odd", 0).look(Span.of([1, 2, 3]))

    assert set(seen.doubtful) <= {2}
    assert verified(office, tmp_path).faults == []


@pytest.mark.parametrize("joined", ["previous", "hash"])
def test_two_values_in_one_row_are_not_taken_for_one_in_each(sqlite_office, tmp_path, joined):
    lived(sqlite_office, tmp_path, events=0)
    change(
        sqlite_office,
        "PRAGMA ignore_check_constraints = ON",
        BOTH_IN_ONE.replace("column", joined),
        "UPDATE case_event SET column = '' WHERE case_id = 1 AND seq = 3".replace("column", joined),
    )

    faults = verified(sqlite_office, tmp_path).faults

    assert [(each.name, each.seq) for each in faults] == [("YH2026-000001", 2)]


BOTH_IN_ONE = (
    "UPDATE case_event SET column = column || (SELECT column FROM case_event "
    "WHERE case_id = 1 AND seq = 3) WHERE case_id = 1 AND seq = 2"
)


def odd(office, folder, texts, place):
    """Records with such texts in one place, sealed."""
    told_as = {"body": {"kind": "x"}, "name": {}, "role": {}}[place]
    subjects = [
        Subject("odd", n, f"{n}{each}" if place == "name" else str(n))
        for n, each in enumerate(texts, 1)
    ]
    happenings = [
        STEP._replace(
            body={**told_as, "given": each, "deep": {"还有": [each, 1, None, True]}},
            role=each[:24] if place == "role" else "admin",
        )
        for each in texts
    ]
    with office.writing() as connection:
        rows = zip(subjects, happenings, [START] * len(texts), strict=True)
        write_records(connection, list(rows))
    sealed(office, folder)


def test_what_is_read_again_row_by_row_is_only_what_is_in_doubt(office, tmp_path):
    lived(office, tmp_path, events=0)
    change(office, "UPDATE case_event SET door = 'page' WHERE case_id = 2 AND seq = 3")

    with office.auditing() as connection:
        seen = Glance(connection, "case", 0).look(Span.of([1, 2, 3, 4, 5]))

    assert seen.doubtful == [2]  # and not the last, which waits to be sealed


def test_a_leaf_is_not_taken_for_one_of_the_next_case_which_has_none_yet(office, tmp_path):
    lived(office, tmp_path, events=0)
    change(
        office,
        "UPDATE leaf SET subject_id = 5 WHERE subject = 'case' AND subject_id = 4 AND seq = 3",
    )

    faults = verified(office, tmp_path).faults

    assert ("YH2026-000004", 3) in [(each.name, each.seq) for each in faults]
