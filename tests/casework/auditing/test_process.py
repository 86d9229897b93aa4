"""The event log is XES as the standard has it, and every life the writer allowed conforms."""

import json
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import text

from casework.auditing.process import check_conformance, export_xes
from casework.case_list import Filter
from casework.sweep import sweep
from rules.actions import Action
from rules.conformance import Deviation
from tests.offices import MONDAY_9AM, act, closed, rectifying, reported

DAY = timedelta(days=1)
XES = "{http://www.xes-standard.org/}"


def conformance(office, by="auditor"):
    return check_conformance(office, Filter(), by=by, as_of=MONDAY_9AM)


def lives(office):
    number = closed(office)
    act(office, number, Action.REOPEN, "inspector1", at=MONDAY_9AM + DAY, finding="复发")
    rectifying(office, unit="S3", description='围墙<开裂> & "松动"')
    later = MONDAY_9AM + 40 * DAY
    sweep(office, as_of=later, ran_at=later, jump_agreed=True)


def test_lives_that_the_writer_allowed_conform(office):
    lives(office)

    found = conformance(office)

    assert (found.cases, found.conforming, found.departures) == (2, 2, [])


def test_only_what_one_may_see_is_replayed(office):
    lives(office)

    assert conformance(office, by="cluster2").cases == 1


@pytest.fixture
def tampered(sqlite_office):
    """Change one event of a closed case, its triggers gone; return what is found."""
    closed(sqlite_office)

    def tamper(seq, column, value):
        with sqlite_office.writing() as connection:
            connection.execute(text("DROP TRIGGER IF EXISTS case_event_refuses_update"))
            change = text(f"UPDATE case_event SET {column} = :value WHERE seq = :seq")  # noqa: S608 — the columns are our own
            connection.execute(change, {"value": value, "seq": seq})
        found = conformance(sqlite_office).departures
        return {(each.seq, each.deviation) for _, each in found}

    return tamper


@pytest.mark.parametrize(
    ("seq", "column", "value", "found"),
    [
        (1, "kind", "claim", {(1, Deviation.BEGINNING), (1, Deviation.UNREADABLE)}),
        (5, "role", "owner", {(5, Deviation.ROLE)}),
        (5, "actor_id", 2002, {(5, Deviation.CONDITION), (5, Deviation.CONSEQUENCE)}),
        (6, "at", "2026-02-02 01:00:00.000000", {(6, Deviation.ORDER_OF_TIME)}),
        (6, "body", "[", {(6, Deviation.UNREADABLE)}),
        (3, "kind", "dance", {(3, Deviation.CONSEQUENCE)}),
    ],
)
def test_an_event_that_departs_from_the_table_is_named(tampered, seq, column, value, found):
    assert tampered(seq, column, value) == found


def test_a_skipped_step_is_named_by_the_state_it_lacks(tampered):
    body = json.dumps({"changed": {"state": ["plan", "verified"]}, "given": {"finding": "合格"}})

    found = tampered(3, "body", body)

    assert (3, Deviation.CONSEQUENCE) in found
    assert (4, Deviation.STATE) in found


def test_the_event_log_is_xes(office, tmp_path):
    lives(office)
    path = tmp_path / "log.xes"

    assert export_xes(office, path, Filter(), by="auditor", as_of=MONDAY_9AM) == (2, 22)

    log = ET.parse(path).getroot()  # noqa: S314 — our own file
    assert log.tag == f"{XES}log"
    assert [each.get("prefix") for each in log.findall(f"{XES}extension")] == [
        "concept", "time", "lifecycle", "org",
    ]  # fmt: skip
    assert len(log.findall(f"{XES}trace")) == 2


def test_each_event_has_what_the_extensions_ask_for(office, tmp_path):
    reported(office)
    path = tmp_path / "log.xes"
    export_xes(office, path, Filter(), by="auditor", as_of=MONDAY_9AM)

    [event] = ET.parse(path).getroot().iter(f"{XES}event")  # noqa: S314 — our own file

    assert {each.get("key"): each.get("value") for each in event} == {
        "concept:name": "report", "time:timestamp": "2026-03-02T01:00:00.000+00:00",
        "lifecycle:transition": "complete", "org:resource": "reporter1", "org:role": "reporter",
        "door": "cli", "seq": "1",
    }  # fmt: skip
