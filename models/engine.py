"""The engine: SQLite that loses nothing by default, PostgreSQL by URL.

SQLite runs in WAL with synchronous=FULL (NORMAL loses acknowledged commits at power loss) and
every writer begins IMMEDIATE (the default silently loses concurrent updates).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pysqlite3
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError

# https://www.sqlite.org/wal.html#walreset: fixed in 3.51.3.
OLDEST_SAFE_SQLITE = (3, 51, 3)
BUSY_MILLISECONDS = 30_000
UNTRIED_SECONDS = 5.0


def open_engine(url: str) -> Engine:
    """Open the database at ``url`` (``sqlite:///file`` or ``postgresql://…``)."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(url, parsed.database)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(parsed)
    event.listen(engine, "checkin", _note_idle_since)
    event.listen(engine, "checkout", _ping_after_idling)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that only reads, and takes no lock from writers."""
    # Begun at once: statements that go past SQLAlchemy begin none, and must see one picture.
    connecting = engine.connect().execution_options(sqlite_begin="DEFERRED")
    with connecting as connection, connection.begin():
        yield connection


@contextmanager
def auditing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction in which the database itself refuses every write; it sees one moment."""
    connecting = engine.connect().execution_options(sqlite_begin="DEFERRED")
    with connecting as connection, _read_only(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(_ONE_MOMENT_READ_ONLY)
        yield connection


@contextmanager
def _read_only(connection: Connection) -> Iterator[None]:
    """Refuse writes on SQLite's connection until it goes back to the pool."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection
    driver.execute("PRAGMA query_only=ON")
    try:
        yield
    finally:
        driver.execute("PRAGMA query_only=OFF")


# After a query it can no more be taken back.
_ONE_MOMENT_READ_ONLY = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1"


def _note_idle_since(_connection: Any, record: Any) -> None:  # noqa: ANN401 — the driver is untyped
    record.info["idle since"] = monotonic()


def _ping_after_idling(connection: Any, record: Any, _proxy: object) -> None:  # noqa: ANN401 — as above
    """Try a connection that idled before handing it out; a dead one is replaced.

    Trying every time would cost each move a round trip.
    """
    if monotonic() - record.info.get("idle since", monotonic()) < UNTRIED_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except Exception as fault:
        raise DisconnectionError from fault


def _open_sqlite(url: str, database: str | None) -> Engine:
    if pysqlite3.sqlite_version_info < OLDEST_SAFE_SQLITE:
        message = f"SQLite {pysqlite3.sqlite_version} can corrupt a WAL database; 3.51.3 is needed"
        raise RuntimeError(message)
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, module=pysqlite3)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 — the driver is untyped
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else OR REPLACE deletes what is written once, unrefused
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    how = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.connection.execute(f"BEGIN {how}")
