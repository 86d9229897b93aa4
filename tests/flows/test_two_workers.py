"""Prefect and Bihuan on one PostgreSQL, two workers, two sweeps at once: nothing is done twice.

Real processes, as docs/prefect.md says to start them; only the polling is quicker.
"""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import psycopg
import pytest
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from casework.importing import import_ledger
from casework.sweep import sweep
from models.tables import CASES, CLOCK_STEPS, EVENTS, NOTICES, ORDERS
from tests.conftest import opened
from tests.invariants import broken
from tests.offices import MONDAY_9AM, an_office

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
HERE = "127.0.0.1"
CASES_DUE = 120
BATCH = 5  # so that each sweep claims many times while the other does
A_MONTH_LATE = MONDAY_9AM + timedelta(days=30)  # reminders, every rung and the order are due
STOPS_WITHIN = 20.0  # seconds

_STANDING_BEFORE_THE_LOCK = text(
    "SELECT count(*) FROM pg_locks WHERE relation = 'cases'::regclass AND NOT granted"
)
_OFFERS_TRIGRAMS = "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'"
# The PostgreSQL that comes as a wheel has no contrib modules, and Prefect's migrations name this
# one for its search by name. Empty indexes under the same name let the rest be what it is.
_STAND_IN_FOR_TRIGRAMS = (
    """INSERT INTO pg_extension
           (oid, extname, extowner, extnamespace, extrelocatable, extversion)
       VALUES (pg_nextoid('pg_extension', 'oid', 'pg_extension_oid_index'), 'pg_trgm',
               current_user::regrole, 'public'::regnamespace, true, 'stand-in')""",
    """CREATE FUNCTION gin_no_keys(text, internal, internal)
       RETURNS internal LANGUAGE internal STRICT IMMUTABLE AS 'int8eq'""",
    """CREATE FUNCTION gin_no_query(text, internal, int2, internal, internal, internal, internal)
       RETURNS internal LANGUAGE internal STRICT IMMUTABLE AS 'int8eq'""",
    """CREATE FUNCTION gin_no_match(
           internal, int2, text, int4, internal, internal, internal, internal)
       RETURNS bool LANGUAGE internal STRICT IMMUTABLE AS 'int8eq'""",
    """CREATE OPERATOR CLASS gin_trgm_ops FOR TYPE text USING gin AS
       FUNCTION 1 btint4cmp(int4, int4), FUNCTION 2 gin_no_keys, FUNCTION 3 gin_no_query,
       FUNCTION 4 gin_no_match, STORAGE int4""",
)


@pytest.fixture
def office(postgresql_database, tmp_path):
    """Bihuan's database, on the same server as Prefect's, with cases long overdue."""
    with opened(postgresql_database) as engine:
        yield _overdue(an_office(engine, tmp_path), tmp_path)


@pytest.fixture
def alone(sqlite_office, tmp_path):
    """The same cases, swept once by nobody else and without Prefect: what is to be done."""
    office = _overdue(sqlite_office, tmp_path)
    sweep(office, as_of=A_MONTH_LATE, ran_at=A_MONTH_LATE)
    return office


@pytest.fixture
def environment(bare_postgresql_database, postgresql_database, tmp_path):
    """What the server and the workers see; the port is one that nobody has."""
    prefects = make_url(bare_postgresql_database).set(drivername="postgresql+asyncpg")
    _prepare_for_prefect(prefects)
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    return {
        **ours,
        "DO_NOT_TRACK": "1",
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_URL": f"http://{HERE}:{_free_port()}/api",
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": prefects.render_as_string(hide_password=False),
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "BIHUAN_HOME": str(tmp_path),
        "BIHUAN_DATABASE_URL": postgresql_database,
    }


def test_two_workers_that_take_the_same_sweep_do_nothing_twice(office, alone, environment):
    with _serving(environment) as client:
        _command("prefect", "work-pool", "create", "bihuan", "--type", "process", env=environment)
        _command("prefect", "--no-prompt", "deploy", "--name", "sweep", env=environment)
        both = [_without_its_schedule(client), _without_its_limit(client)]
        with _working(environment, "one"), _working(environment, "two"):
            _eventually(lambda: len(client.read_workers_for_work_pool("bihuan")) == 2)
            with office.writing() as connection:
                # Neither sees a case before both stand here; each worker carries out one run.
                connection.execute(text("LOCK TABLE cases IN ACCESS EXCLUSIVE MODE"))
                runs = [_start(client, each) for each in both]
                _eventually(lambda: connection.scalar(_STANDING_BEFORE_THE_LOCK) == 2)
            ended = [_eventually(lambda each=each: _ended(client, each)) for each in runs]

    assert [(each.name, each.message) for each in ended if not each.is_completed()] == []
    assert sum(int(each.message.split(" ", 1)[0]) for each in ended) == CASES_DUE
    assert _steps(office) == _steps(alone)
    assert _history(office) == _history(alone)
    assert _notices(office) == _notices(alone)
    assert _orders(office) == _orders(alone) == list(range(1, CASES_DUE + 1))
    assert broken(office) == []


def _overdue(office, folder):
    rows = (f"第一小学,灯坏{n},用电,2026-03-01" for n in range(CASES_DUE))
    path = folder / "due.csv"
    path.write_text("\n".join(("单位,隐患描述,类别,整改时限", *rows)), encoding="utf-8")
    import_ledger(office, path, by="committee1", at=MONDAY_9AM)
    return office


def _prepare_for_prefect(url):
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        if not connection.execute(_OFFERS_TRIGRAMS).fetchone():
            for statement in _STAND_IN_FOR_TRIGRAMS:
                connection.execute(statement)


def _free_port():
    with socket.socket() as tried:
        tried.bind((HERE, 0))
        return tried.getsockname()[1]


@contextmanager
def _serving(environment):
    """Prefect's server until we leave; it also ends when we are killed."""
    address = environment["PREFECT_API_URL"]
    port = str(make_url(address).port)
    command = [sys.executable, "-m", "flows.server", "--host", HERE, "--port", port]
    with (
        _running(command, environment, "server"),
        temporary_settings({PREFECT_API_URL: address}),
        get_client(sync_client=True) as client,
    ):
        _eventually(lambda: client.api_healthcheck() is None)
        yield client


def _working(environment, name):
    # One run each: the second sweep cannot be the first worker's as well.
    command = [BIN / "prefect", "worker", "start", "--pool", "bihuan", "--limit", "1"]
    return _running([*command, "--name", name], environment, name)


@contextmanager
def _running(command, environment, name):
    log = Path(environment["BIHUAN_HOME"]) / f"{name}.log"
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command,
            env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT,
        ) as process,
    ):  # fmt: skip
        try:
            yield
        except BaseException as fault:
            fault.add_note(f"--- {name} said:\n{log.read_text(errors='replace')[-2_000:]}")
            raise
        finally:
            _end(process)


def _end(process):
    process.terminate()
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()


def _command(name, *rest, env):
    done = subprocess.run(
        [BIN / name, *rest],
        env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=90,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def _without_its_schedule(client):
    """The deployment of prefect.yaml; the scheduled sweep would be a third one."""
    deployed = client.read_deployment_by_name("sweep/sweep")
    for each in deployed.schedules:
        client.delete_deployment_schedule(deployed.id, each.id)
    return deployed.id


def _without_its_limit(client):
    """The same flow deployed again without its limit of one: an operator's mistake."""
    deployed = client.read_deployment_by_name("sweep/sweep")
    return client.create_deployment(
        deployed.flow_id,
        "again",
        work_pool_name=deployed.work_pool_name,
        work_queue_name=deployed.work_queue_name,
        entrypoint=deployed.entrypoint,
        pull_steps=deployed.pull_steps,
    )


def _start(client, deployment):
    request = {"as_of": A_MONTH_LATE.isoformat(), "batch": BATCH}
    return client.create_flow_run_from_deployment(deployment, parameters={"request": request}).id


def _ended(client, run):
    state = client.read_flow_run(run).state
    return state if state.is_final() else None


def _eventually(look):
    """Return what ``look`` finds, within two minutes: both cores may be busy elsewhere."""
    pause = Event()
    for _ in range(600):
        if found := look():
            return found
        pause.wait(0.2)
    pytest.fail("it never came")


def _steps(office):
    step = (CASES.c.number, CLOCK_STEPS.c.clock_no, CLOCK_STEPS.c.step, CLOCK_STEPS.c.planned_at)
    statement = (
        select(*step, CLOCK_STEPS.c.taken_at)
        .join(CASES, CASES.c.id == CLOCK_STEPS.c.case_id)
        .order_by(*step)
    )
    return _rows(office, statement)


def _history(office):
    statement = (
        select(CASES.c.number, EVENTS.c.seq, EVENTS.c.kind, EVENTS.c.at)
        .join(CASES, CASES.c.id == EVENTS.c.case_id)
        .order_by(CASES.c.number, EVENTS.c.seq)
    )
    return _rows(office, statement)


def _notices(office):
    """Who is told what of which case, with each time it is told."""
    told = (CASES.c.number, NOTICES.c.clock_no, NOTICES.c.person_id, NOTICES.c.kind)
    statement = (
        select(*told, NOTICES.c.owed_at)
        .join(CASES, CASES.c.id == NOTICES.c.case_id)
        .order_by(*told, NOTICES.c.owed_at)
    )
    return _rows(office, statement)


def _orders(office):
    return [row[0] for row in _rows(office, select(ORDERS.c.n).order_by(ORDERS.c.n))]


def _rows(office, statement):
    with office.reading() as connection:
        return [tuple(row) for row in connection.execute(statement)]
