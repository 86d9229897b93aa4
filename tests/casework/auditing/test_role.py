"""The auditors' role reads the history and nothing personal; PostgreSQL refuses it every write."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from casework.auditing.role import create_role, role_statements
from casework.errors import Invalid
from tests.conftest import opened


@pytest.fixture
def as_auditor(postgresql_database):
    """A connection that has become the auditors' role; all of it is rolled back."""
    with opened(postgresql_database) as engine, engine.connect() as connection:
        create_role(connection, "auditor_of_tests")
        connection.exec_driver_sql("SET ROLE auditor_of_tests")
        yield connection
        connection.rollback()


def test_the_role_reads_the_history(as_auditor):
    assert as_auditor.execute(text("SELECT count(*) FROM case_event")).scalar_one() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases SET owner = 'x'",
        "DELETE FROM case_event",
        "INSERT INTO number_series VALUES ('x', 1, 1)",
        "TRUNCATE notice",
        "SELECT * FROM private_value",
        "SELECT * FROM record_private",
        "SELECT sealed FROM contact",
    ],
)
def test_the_role_neither_writes_nor_unmasks(as_auditor, statement):
    with pytest.raises(ProgrammingError, match="permission denied"):
        as_auditor.execute(text(statement))


@pytest.mark.parametrize("name", ["", "Auditor", "a b", "a;drop", "1a", "a" * 64])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(Invalid):
        role_statements(name)
