"""What the door lets through by mistake, the database refuses."""

from datetime import datetime

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from models.tables import CASES, LEDGER_IMPORTS, SWEEPS
from tests.offices import closed, reported

TERM_THAT_ENDS_BEFORE_IT_STARTS = (
    "INSERT INTO school_term (id, kind, name, starts, ends, withdrawn, announced_on) "
    "VALUES (1, 'term', '春季', '2026-07-01', '2026-02-01', FALSE, '2026-01-01')"
)
NAIVE = datetime(2026, 3, 2, 9)  # noqa: DTZ001 — naive on purpose


def run(office, statement):
    with office.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def change(office, columns):
    run(office, f"UPDATE cases SET {columns}")  # noqa: S608 — the columns stand in this file


@pytest.mark.parametrize(
    "columns",
    [
        "state = 'nonsense'",
        "state = 'REPORTED'",
        "level = 'severe'",
        "risk = 'green'",
        "listed = 'yes'",
        "holder = 'somebody'",
        "stage = 'waiting'",
        "state = 'closed'",
        "stage = NULL",
        "due_at = NULL",
        "state = 'closed', stage = NULL",
        "state = 'closed', due_at = NULL",
        "claimed = TRUE",
        "claimed = TRUE, state = 'plan', stage = 'approval'",
        "voided = TRUE",
        "seq = 0",
        "number = NULL",
        "unit_id = 1",
        "head = NULL",
    ],
)
def test_a_reported_case_cannot_become(office, columns):
    reported(office)

    with pytest.raises(IntegrityError):
        change(office, columns)


@pytest.mark.parametrize("columns", ["stage = 'plan'", "due_at = reported_at", "state = 'plan'"])
def test_a_closed_case_cannot_become(office, columns):
    closed(office)

    with pytest.raises(IntegrityError):
        change(office, columns)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO role_grant (person_id, organisation_id, role) VALUES (2001, 1001, 'ladder')",
        "INSERT INTO role_grant (person_id, organisation_id, role) VALUES (2001, 1001, 'king')",
        "INSERT INTO role_grant (person_id, organisation_id, role) VALUES (1, 1001, 'owner')",
        "UPDATE organisation SET path = '1001' WHERE id = 1001",
        "UPDATE organisation SET parent_id = NULL WHERE id = 1004",
        "UPDATE organisation SET parent_id = 1002 WHERE id = 1001",
        "UPDATE organisation SET code = 'S2' WHERE id = 1004",
        "UPDATE organisation SET kind = 'village' WHERE id = 1004",
        "DELETE FROM organisation WHERE id = 1004",
        "DELETE FROM person WHERE id = 2001",
        "UPDATE number_series SET last = -1",
        "INSERT INTO number_series (series, year, last) VALUES ('case', 2026, 7)",
        "UPDATE evidence SET size = 0",
        "UPDATE evidence SET shows = 'nothing'",
        TERM_THAT_ENDS_BEFORE_IT_STARTS,
    ],
)
def test_the_database_refuses(office, statement):
    closed(office)

    with pytest.raises(IntegrityError):
        run(office, statement)


@pytest.mark.parametrize(
    "statement",
    [
        insert(SWEEPS).values(as_of=NAIVE, ran_at=NAIVE, due=0, done=0, failed=0),
        update(CASES).values(due_at=NAIVE),
        insert(LEDGER_IMPORTS).values(
            sha256="0", name="", at=NAIVE, rows=0, cases=0, normal=0, duplicates=0, rejected=0
        ),
    ],
)
def test_a_moment_without_a_zone_is_refused(office, statement):
    reported(office)

    with office.engine.begin() as connection, pytest.raises(StatementError) as refused:
        connection.execute(statement)

    assert not isinstance(refused.value, DBAPIError)  # before it reaches the database
