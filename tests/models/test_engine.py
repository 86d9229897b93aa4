"""SQLite as it must be opened: nothing acknowledged is lost, nobody overwrites in silence."""

import pytest
from sqlalchemy.exc import OperationalError

from models import engine as engines
from models.engine import UNTRIED_SECONDS, open_engine, reading
from tests.conftest import opened


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("busy_timeout", 30_000),
    ],
)
def test_every_connection_has(sqlite_database, pragma, value):
    with opened(sqlite_database) as engine, reading(engine) as first, reading(engine) as second:
        found = [each.exec_driver_sql(f"PRAGMA {pragma}").scalar() for each in (first, second)]

    assert found == [value, value]


def test_a_writer_holds_the_lock_from_its_beginning(sqlite_database):
    with opened(sqlite_database) as engine, engine.begin(), reading(engine) as other:
        other.exec_driver_sql("PRAGMA busy_timeout=0")

        with pytest.raises(OperationalError, match="database is locked"):
            other.exec_driver_sql("DELETE FROM person")


def test_a_reader_does_not_wait_for_a_writer(sqlite_database):
    with opened(sqlite_database) as engine, engine.begin() as writer, reading(engine) as reader:
        writer.exec_driver_sql("INSERT INTO number_series VALUES ('case', 2026, 1)")

        assert reader.exec_driver_sql("SELECT count(*) FROM number_series").scalar() == 0


def test_the_folder_of_a_new_database_is_made(tmp_path):
    with opened(f"sqlite:///{tmp_path}/new/folder/bihuan.db") as engine, engine.connect():
        pass

    assert (tmp_path / "new" / "folder" / "bihuan.db").exists()


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2)])
def test_a_sqlite_that_can_corrupt_is_refused(monkeypatch, version):
    monkeypatch.setattr(engines.pysqlite3, "sqlite_version_info", version)

    with pytest.raises(RuntimeError, match=r"3\.51\.3 is needed"):
        open_engine("sqlite://")


def test_the_first_safe_sqlite_is_taken(monkeypatch):
    monkeypatch.setattr(engines.pysqlite3, "sqlite_version_info", (3, 51, 3))

    open_engine("sqlite://").dispose()


def test_a_postgresql_url_needs_no_driver_named(postgresql_database):
    plain = postgresql_database.replace("+psycopg", "")

    with opened(plain) as engine, engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_a_connection_that_died_while_idle_is_replaced(postgresql_database):
    with opened(postgresql_database) as engine, opened(postgresql_database) as other:
        with engine.connect() as connection:
            process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            record = connection.connection._connection_record
        record.info["idle since"] -= UNTRIED_SECONDS
        with other.connect() as killer:
            killer.exec_driver_sql(f"SELECT pg_terminate_backend({process}, 5000)")

        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
