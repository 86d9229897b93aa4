"""Who looked is recorded in a chain, and auditors cannot write: the database itself says so."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from casework.auditing.access import list_access, record_access
from casework.errors import NotFound, Refused
from casework.events import Door
from casework.records import read_records
from models.engine import auditing
from rules.looking import Look
from rules.proof import first_break
from tests.conftest import opened
from tests.offices import MONDAY_9AM, PERSON, reported

HOUR = timedelta(hours=1)


def look(office, by="auditor", at=MONDAY_9AM, what=None, **more):
    return record_access(office, Look.SHOW, by=by, at=at, door=Door.CLI, what=what, **more)


def test_a_look_tells_who_when_at_what_and_why(office):
    receipt = look(office, what={"case": "YH1"}, typed="张三", why="专项审计")

    [row] = list_access(office, by="auditor")

    assert (row["code"], row["at"], row["look"], row["door"]) == (
        "auditor", MONDAY_9AM, "show", "cli",
    )  # fmt: skip
    assert (row["what"], row["typed"], row["why"]) == ({"case": "YH1"}, "张三", "专项审计")
    assert row["receipt"] == receipt


def test_each_persons_looks_are_one_chain(office):
    for hours in range(3):
        look(office, at=MONDAY_9AM + hours * HOUR)
    look(office, by="admin")

    with office.reading() as connection:
        chain = read_records(connection, "audit", PERSON["auditor"])

    assert [sealed.seq for sealed, _ in chain] == [1, 2, 3]
    assert first_break(chain) is None


def test_what_was_typed_stands_in_the_chain_as_a_digest_only(office):
    look(office, typed="张三", why="李四来信")

    with office.reading() as connection:
        [(sealed, _)] = read_records(connection, "audit", PERSON["auditor"])

    assert "张三" not in sealed.body
    assert "李四" not in sealed.body


@pytest.mark.parametrize(("by", "seen"), [("auditor", 2), ("admin", 2), ("owner1", 1)])
def test_auditors_see_every_look_and_others_their_own(office, by, seen):
    look(office, by="owner1")
    look(office, by="cluster1")

    assert len(list_access(office, by=by)) == seen


def test_nobody_else_asks_what_another_looked_at(office):
    with pytest.raises(Refused, match="what you looked at yourself"):
        list_access(office, by="owner1", person="cluster1")


def test_looks_are_filtered_by_person_kind_and_time(office):
    look(office, by="owner1")
    record_access(office, Look.EXPORT, by="owner1", at=MONDAY_9AM + HOUR, door=Door.API)

    found = list_access(
        office, by="auditor", person="owner1", look=Look.EXPORT,
        since=MONDAY_9AM + HOUR, until=MONDAY_9AM + HOUR,
    )  # fmt: skip

    assert [row["look"] for row in found] == ["export"]


def test_nobody_unknown_looks(office):
    with pytest.raises(NotFound):
        look(office, by="nobody")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases SET owner = 'x'",
        "DELETE FROM notice",
        "INSERT INTO number_series VALUES ('x', 1, 1)",
        "CREATE TABLE mine (n integer)",
        "DROP TABLE case_event",
    ],
)
def test_an_auditors_connection_refuses_every_write(office, statement):
    reported(office)

    with auditing(office.engine) as connection, pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        connection.execute(text(statement))


def test_writers_write_again_on_the_connection_an_auditor_gave_back(office):
    with office.auditing() as connection:
        connection.execute(text("SELECT 1"))

    assert reported(office)


def test_a_read_only_transaction_cannot_be_taken_back(postgresql_database):
    taking_back = text("SET TRANSACTION READ WRITE")

    with (
        opened(postgresql_database) as engine,
        auditing(engine) as connection,
        pytest.raises(DBAPIError, match="before any query"),
    ):
        connection.execute(taking_back)
