"""Connections that break, full disks, clocks that jump: what was answered stays, once.

A caller hears of each as Unavailable or Refused, in plain words; a call whose outcome he does not
know he repeats under its key.
"""

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from casework.errors import Refused, Unavailable
from casework.events import Door
from casework.importing import import_ledger
from casework.office import Office
from casework.reports import Report, report
from casework.sweep import sweep
from models.prepared import Prepared, run_together
from models.tables import (
    CASES,
    CLOCK_STEPS,
    EVENTS,
    LEDGER_IMPORTS,
    NOTICES,
    SWEEPS,
)
from rules.actions import Action
from tests.conftest import _run as run_on
from tests.conftest import opened
from tests.crashing import stored
from tests.invariants import broken
from tests.offices import MONDAY_9AM, act, an_office, rectifying, reported

FRIDAY = MONDAY_9AM + timedelta(days=4)


_ANY_CASE = Prepared(select(CASES.c.id))
_TWICE = [(_ANY_CASE, [{}, {}])]


def cut_off(office, url, work):
    """Write on a connection that the server closes before ``work``."""
    with office.writing() as connection:
        cut = connection.scalar(text("SELECT pg_backend_pid()"))
        run_on(url, f"SELECT pg_terminate_backend({cut}, 5000)")
        work(connection)


@pytest.mark.parametrize(
    "work",
    [
        lambda connection: _ANY_CASE.rows(connection, {}),
        lambda connection: run_together(connection, _TWICE),
        lambda connection: connection.execute(text("SELECT 1")),
        lambda connection: connection.commit(),
    ],
    ids=["rows", "together", "core", "commit"],
)
def test_a_connection_that_breaks_leaves_the_outcome_open_and_is_replaced(
    postgresql_database, work
):
    with opened(postgresql_database) as engine:
        office = Office(engine, None)

        with pytest.raises(Unavailable) as told:
            cut_off(office, postgresql_database, work)

        assert "无法确定是否已写入" in told.value.remedy.zh
        with office.reading() as connection:
            assert connection.scalar(text("SELECT count(*) FROM cases")) == 0


def dying_twice(url, work):
    """Do ``work`` on a connection that the server has closed, and again; return both faults."""
    with opened(url) as engine, engine.connect() as connection:
        cut = connection.scalar(text("SELECT pg_backend_pid()"))
        run_on(url, f"SELECT pg_terminate_backend({cut}, 5000)")
        faults = []
        for _ in range(2):
            with pytest.raises(OperationalError) as told:
                work(connection)
            faults.append(told.value)
        connection.invalidate()
    return faults


@pytest.mark.parametrize(
    "work",
    [
        lambda connection: _ANY_CASE.rows(connection, {}),
        lambda connection: _ANY_CASE.run(connection, {}),
        lambda connection: _ANY_CASE.run_all(connection, [{}, {}]),
        lambda connection: run_together(connection, _TWICE),
    ],
    ids=["rows", "run", "run_all", "together"],
)
def test_a_prepared_statement_says_as_sqlalchemy_does_that_the_connection_is_lost(
    postgresql_database, work
):
    faults = dying_twice(postgresql_database, work)

    assert [each.connection_invalidated for each in faults] == [True, True]


@contextmanager
def losing_the_answer(engine):
    """The server commits, and falls silent before it says so."""

    def commit_and_leave(connection):
        driver = connection.connection.driver_connection
        driver.commit()
        driver.close()

    event.listen(engine, "commit", commit_and_leave)
    try:
        yield
    finally:
        event.remove(engine, "commit", commit_and_leave)


def test_an_answer_lost_after_the_commit_is_given_to_the_same_key(postgresql_database, tmp_path):
    with opened(postgresql_database) as engine:
        office = an_office(engine, tmp_path)
        ask = partial(
            report, office, Report("S1", "灯坏", "用电"),
            by="reporter1", at=MONDAY_9AM, door=Door.CLI, key="once",
        )  # fmt: skip

        with losing_the_answer(engine), pytest.raises(Unavailable) as told:
            ask()

        assert "无法确定是否已写入" in told.value.remedy.zh
        answer = ask()
        assert (answer.repeated, answer.seq) == (True, 1)
        assert stored(office, EVENTS) == 1
        assert broken(office) == []


# --- A disk that is full -------------------------------------------------------------------------


@contextmanager
def full_disk(engine, room=0):
    """Let no connection's database grow by more than ``room`` pages of four kilobytes."""
    with engine.connect() as connection:
        most = connection.scalar(text("PRAGMA page_count")) + room

    def cap(connection, *_):
        connection.execute(f"PRAGMA max_page_count = {most}")

    def free(connection, *_):
        connection.execute(f"PRAGMA max_page_count = {0xFFFFFFFE}")

    event.listen(engine, "checkout", cap)
    event.listen(engine, "checkin", free)
    try:
        yield
    finally:
        event.remove(engine, "checkout", cap)


def until_full(call):
    """Call with 0, 1, 2 … until there is no room; return how many were answered, and the trouble.

    Fails when there is room for ever: a page holds four kilobytes, and a call writes more than one.
    """
    for n in range(500):
        try:
            call(n)
        except Unavailable as trouble:
            return n, trouble
    pytest.fail("the disk never filled")


def report_one(office, n):
    reported(office, description=f"满{n}", measure="很长" * 200)


def progress_one(office, n):
    act(office, "YH2026-000001", Action.PROGRESS, "owner1", text=f"进行中{n}" * 50)


def rows_of(office):
    tables = (CASES, EVENTS, CLOCK_STEPS, NOTICES, SWEEPS, LEDGER_IMPORTS)
    return [stored(office, table) for table in tables]


@pytest.mark.parametrize("call", [report_one, progress_one])
def test_a_full_disk_refuses_whole_and_keeps_what_was_answered(sqlite_office, call):
    rectifying(sqlite_office)
    before = stored(sqlite_office, EVENTS)

    with full_disk(sqlite_office.engine, room=10):
        answered, trouble = until_full(partial(call, sqlite_office))

    assert "full" in trouble.say("en")
    assert "磁盘空间" in trouble.remedy.zh
    assert answered > 0
    assert stored(sqlite_office, EVENTS) == before + answered
    assert broken(sqlite_office) == []
    call(sqlite_office, answered)
    assert stored(sqlite_office, EVENTS) == before + answered + 1
    assert broken(sqlite_office) == []


def due_ledger(folder, rows=300):
    path = folder / "due.csv"
    lines = (f"第一小学,灯坏{n},用电,2026-03-01" for n in range(rows))
    path.write_text("\n".join(("单位,隐患描述,类别,整改时限", *lines)), encoding="utf-8")
    return path


def test_a_full_disk_takes_nothing_of_a_ledger(sqlite_office, tmp_path):
    path, before = due_ledger(tmp_path), rows_of(sqlite_office)
    bring = partial(import_ledger, sqlite_office, path, by="committee1", at=MONDAY_9AM)

    with full_disk(sqlite_office.engine), pytest.raises(Unavailable) as told:
        bring()

    assert "磁盘空间" in told.value.remedy.zh
    assert rows_of(sqlite_office) == before
    assert bring().cases == 300
    assert broken(sqlite_office) == []


@pytest.mark.parametrize(("batch", "some"), [(10, True), (1_000, False)])
def test_a_full_disk_stops_a_sweep_between_batches_and_the_next_ends_it(
    sqlite_office, tmp_path, batch, some
):
    office = sqlite_office
    import_ledger(office, due_ledger(tmp_path), by="committee1", at=MONDAY_9AM)
    run = partial(sweep, office, as_of=MONDAY_9AM, ran_at=MONDAY_9AM, batch=batch)

    with full_disk(office.engine, room=40), pytest.raises(Unavailable) as told:
        run()

    assert "磁盘空间" in told.value.remedy.zh
    taken = stored(office, CLOCK_STEPS)
    assert (taken > 0, taken % batch) == (some, 0)
    assert (stored(office, NOTICES), stored(office, SWEEPS)) == (2 * taken, 0)
    assert broken(office) == []
    assert run().steps == 300 - taken
    assert (stored(office, CLOCK_STEPS), stored(office, NOTICES)) == (300, 600)
    assert broken(office) == []


# --- A clock that jumps --------------------------------------------------------------------------

DAY, YEAR = timedelta(days=1), timedelta(days=365)


def swept_after(office, jump, **options):
    """Sweep so long after (before) Friday; return the steps taken, or None when refused."""
    moment = FRIDAY + jump
    try:
        return sweep(office, as_of=moment, ran_at=moment, **options).steps
    except Refused:
        return None


def rungs(office):
    """How often each rung of each case was taken, by the history and by the notices' keys."""
    with office.reading() as connection:
        steps = select(CLOCK_STEPS.c.case_id, CLOCK_STEPS.c.clock_no, CLOCK_STEPS.c.step)
        taken = Counter(tuple(row) for row in connection.execute(steps))
        owed = Counter(connection.execute(select(NOTICES.c.key)).scalars())
    return taken, owed


@pytest.mark.parametrize(
    ("jumps", "taken"),
    [
        ((timedelta(0), -DAY, -YEAR), (2, 0, 0)),  # backwards nobody hears anything
        ((timedelta(0), DAY, -DAY, DAY), (2, 0, 0, 0)),
        ((timedelta(0), YEAR, YEAR, DAY), (2, None, None, 0)),  # forwards only by a word
        ((-YEAR, timedelta(0)), (0, None)),  # a clock a year behind that was set right
    ],
)
def test_a_jump_of_the_clock_tells_nobody_anything_by_itself(office, jumps, taken):
    reported(office)

    assert tuple(swept_after(office, jump) for jump in jumps) == taken
    assert broken(office) == []


def test_a_year_agreed_to_takes_each_rung_once_and_going_back_takes_none(office):
    for unit in ("S1", "S3"):
        reported(office, unit=unit)
    swept_after(office, timedelta(0))
    refused, known = swept_after(office, YEAR), rungs(office)

    agreed = swept_after(office, YEAR, jump_agreed=True)
    later = [swept_after(office, jump) for jump in (YEAR, timedelta(0), DAY, -YEAR)]

    taken, owed = rungs(office)
    assert refused is None
    assert sum(known[0].values()) == 4
    assert agreed == sum(taken.values()) - 4 > 0
    assert later == [0, 0, 0, 0]
    assert set(taken.values()) == set(owed.values()) == {1}
    assert broken(office) == []
