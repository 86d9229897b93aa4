"""History refuses rewriting in the database itself, whoever asks."""

import pytest
from sqlalchemy.exc import DBAPIError

from casework.events import Door, Happening
from casework.records import START, Subject, write_record
from tests.offices import MONDAY_9AM, closed, reported
from tests.sealing import sealed

TABLES = (
    "case_event", "clock_step", "clock", "record_event", "leaf", "tree_node", "checkpoint",
)  # fmt: skip


def run(office, statement):
    with office.engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.fixture
def history(office, tmp_path):
    """A case's life, with one step of its first clock taken; all of it sealed."""
    closed(office)
    run(
        office,
        "INSERT INTO clock_step (case_id, clock_no, step, planned_at, taken_at) "
        "SELECT case_id, no, 'overdue', due_at, due_at FROM clock WHERE no = 1",
    )
    with office.writing() as connection:
        told = Happening("planned", None, "admin", Door.CLI, MONDAY_9AM, {"why": "monthly"})
        write_record(connection, Subject("lookback", 1, "回头看1号"), told, START)
    for _ in range(3):  # more than sixteen leaves, for a node
        closed(office)
    sealed(office, tmp_path)
    return office


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_event SET body = '{}' WHERE seq = 1",
        "UPDATE case_event SET actor_id = NULL",
        "DELETE FROM case_event WHERE seq = 6",
        "UPDATE clock_step SET taken_at = planned_at",
        "DELETE FROM clock_step",
        "UPDATE clock SET due_at = started_at WHERE no = 1",
        "UPDATE clock SET started_at = due_at WHERE no = 1",
        "UPDATE clock SET stage = 'plan'",
        "UPDATE clock SET \"limit\" = '9wd'",
        "UPDATE clock SET policy = ''",
        "UPDATE clock SET reason = 'never late'",
        "UPDATE clock SET granted_by_id = NULL, asked_by_id = NULL",
        "UPDATE clock SET estimated = NOT estimated",
        "UPDATE clock SET stopped_at = NULL",
        "DELETE FROM clock",
        "UPDATE record_event SET body = '{}'",
        "DELETE FROM record_event",
        "UPDATE leaf SET hash = hash",
        "UPDATE leaf SET seq = seq + 1000",
        "DELETE FROM leaf",
        "UPDATE tree_node SET place = place + 1",
        "DELETE FROM tree_node",
        "UPDATE checkpoint SET note = ''",
        "DELETE FROM checkpoint",
    ],
)
def test_what_is_written_once_refuses(history, statement):
    with pytest.raises(DBAPIError, match="is written once"):
        run(history, statement)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuses_to_empty(history, table):
    with pytest.raises(DBAPIError, match="is written once"):
        run(history, f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO case_event SELECT * FROM case_event",
        "UPDATE OR REPLACE case_event SET seq = 1 WHERE seq = 2",
    ],
)
def test_sqlite_refuses_to_replace(history, statement):
    with pytest.raises(DBAPIError, match="is written once"):
        run(history, statement)


def test_a_running_clock_may_be_stopped_once(office):
    reported(office)

    run(office, "UPDATE clock SET stopped_at = due_at, next_step = NULL, next_step_at = NULL")

    with pytest.raises(DBAPIError, match="is written once"):
        run(office, "UPDATE clock SET stopped_at = started_at")
