"""After a process was killed: its transactions end before anything is looked at."""

import time

from sqlalchemy import text

_PATIENCE = 20  # seconds
_UNFINISHED = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND xact_start IS NOT NULL"
)


def wait_for_the_dead(office):
    """PostgreSQL may still be committing for a client that is gone; SQLite dies with it."""
    until = time.monotonic() + _PATIENCE
    while office.engine.dialect.name == "postgresql" and _is_anyone_at_work(office):
        assert time.monotonic() < until, "a killed process's transaction does not end"
        time.sleep(0.01)


def _is_anyone_at_work(office):
    # In a transaction of its own: PostgreSQL shows one and the same picture all through one.
    with office.reading() as connection:
        return connection.scalar(_UNFINISHED)
