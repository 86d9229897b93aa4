"""The next step moved from the case to its running clock (0006), and lost nothing on the way."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models import schema
from tests.conftest import opened
from tests.offices import reported

DUE, STEP_AT = "2026-03-06 00:00:00", "2026-03-05 16:00:00"
_PLACE = text(
    "INSERT INTO organisation (id, kind, code, name, unit_type, path) "
    "VALUES (1, 'committee', 'ZWH', '专委会', '', '/1/')"
)
_CASE = text(
    "INSERT INTO cases (id, number, unit_id, department, owner, category, level, description, "
    "location, measure, source, found_on, reported_at, fingerprint, state, claimed, voided, "
    "plan_by_head, cycle, hands, extensions, after_evidence, stage, clock_no, due_at, next_step, "
    "next_step_at, seq, head) SELECT :id, 'A' || :id, 1, '', '', 'fire', 'ordinary', '', '', '', "
    "'', '2026-03-02', '2026-03-02 01:00:00', 'f', :state, false, false, false, 1, '[]', 0, 0, "
    ":stage, :clock, due_at, :step, step_at, 1, 'h' "
    "FROM (SELECT CAST(:due AS {moment}) AS due_at, CAST(:step_at AS {moment}) AS step_at) AS at"
)
_CASES = [
    {"id": 1, "clock": 2, "state": "rectifying", "stage": "rectification", "due": DUE,
     "step": "overdue", "step_at": STEP_AT},
    {"id": 2, "clock": 1, "state": "rectifying", "stage": "rectification", "due": DUE,
     "step": None, "step_at": None},
    {"id": 3, "clock": 1, "state": "closed", "stage": None, "due": None,
     "step": None, "step_at": None},
]  # fmt: skip
_CLOCK = text(
    'INSERT INTO clock (case_id, no, cycle, stage, started_at, due_at, "limit", cause, calendar, '
    "policy, estimated, reason, stopped_at) SELECT :case, :no, 1, 'rectification', "
    "'2026-03-02 01:00:00', '2026-03-06 00:00:00', '3wd', 'report', 'c', 'p', false, '', "
    "CAST(:stopped AS {moment})"
)
_CLOCKS = [
    {"case": 1, "no": 1, "stopped": DUE},
    {"case": 1, "no": 2, "stopped": None},
    {"case": 2, "no": 1, "stopped": None},
    {"case": 3, "no": 1, "stopped": DUE},
]


@pytest.fixture
def old_engine(bare_database):
    """A database as it was at 0005: one case owes a step, one none, one is closed."""
    with opened(bare_database) as engine:
        schema.upgrade(engine, "0005")
        moment = {"sqlite": "TEXT", "postgresql": "timestamptz"}[engine.dialect.name]
        with engine.begin() as connection:
            connection.execute(_PLACE)
            connection.execute(text(_CASE.text.format(moment=moment)), _CASES)
            connection.execute(text(_CLOCK.text.format(moment=moment)), _CLOCKS)
        yield engine


def owed(engine):
    """Each clock that owes a step: (case, clock, step, moment)."""
    found = text(
        "SELECT case_id, no, next_step, CAST(next_step_at AS varchar) FROM clock "
        "WHERE next_step_at IS NOT NULL"
    )
    with engine.connect() as connection:
        rows = connection.execute(found).all()
    return [(case, no, step, at[:19]) for case, no, step, at in rows]


def test_what_a_case_owed_next_its_running_clock_owes(old_engine):
    schema.upgrade(old_engine)

    assert owed(old_engine) == [(1, 2, "overdue", STEP_AT)]
    assert schema.drift(old_engine) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("UPDATE clock SET stopped_at = due_at", "stopped_owes_nothing"),
        ("UPDATE clock SET next_step = NULL", "next_step_has_time"),
        ("UPDATE clock SET next_step_at = NULL", "next_step_has_time"),
    ],
)
def test_the_database_refuses_a_clock_that_owes_what_it_cannot(office, change, rule):
    reported(office)

    with pytest.raises(DBAPIError, match=rule), office.engine.begin() as connection:
        connection.execute(text(change))
