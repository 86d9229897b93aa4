"""Inspectors are drawn by the same seed, never from the place they belong to, at least two."""

from datetime import date

import pytest
from sqlalchemy import insert, update

from casework.acknowledging import acknowledge
from casework.case_file import open_case_file
from casework.errors import Invalid, NotFound
from casework.events import Door
from casework.lookback.assigning import assign_inspectors, seat_by_hand
from casework.lookback.visit_notices import KINDS
from casework.notice_list import list_notices
from casework.records import read_records
from models.tables import CASES, NOTICES, PEOPLE, ROLE_GRANTS
from rules.access import Role
from rules.lookback.roster import Rule
from tests.lookbacks import (
    INSPECTORS,
    TUESDAY,
    assigned_look,
    closed_cases,
    drawn_look,
    hand,
    visits_of,
    with_inspectors,
)
from tests.offices import ORGANISATION, PERSON


@pytest.fixture
def look(office):
    closed_cases(office)
    return drawn_look(office)


def granted(office, person, role, place):
    with office.writing() as connection:
        grant = {"person_id": PERSON[person], "organisation_id": ORGANISATION[place], "role": role}
        connection.execute(insert(ROLE_GRANTS), grant)


def away(office, *codes):
    with office.writing() as connection:
        rows = PEOPLE.c
        since = {"away_from": date(2026, 3, 1), "away_until": None}
        connection.execute(update(PEOPLE).where(rows.code.in_(codes)).values(**since))


def teams(office, look):
    return {v["number"]: [each["code"] for each in v["team"]] for v in visits_of(office, look)}


def test_two_inspectors_are_drawn_for_every_visit_on_a_working_day(office, look):
    with_inspectors(office)

    dealt = assign_inspectors(office, look, hand())

    assert (dealt.assigned, dealt.impossible) == (4, ())
    assert all(len(set(team)) == 2 for team in teams(office, look).values())
    days = {visit["planned_on"] for visit in visits_of(office, look)}
    assert all(date(2026, 3, 4) <= day <= date(2026, 3, 17) and day.weekday() < 5 for day in days)


def test_each_inspector_is_told_of_each_visit_and_nobody_else_is(office, look):
    with_inspectors(office)
    assign_inspectors(office, look, hand())

    with office.reading() as connection:
        told = connection.execute(NOTICES.select().where(NOTICES.c.kind == "visit")).all()
    assert len(told) == 8
    assert {each.person_id for each in told} <= {PERSON["inspector1"], 2101, 2102, 2103}


def test_without_enough_inspectors_it_says_which_rule_blocks(office, look):
    dealt = assign_inspectors(office, look, hand())

    assert dealt.assigned == 0
    assert {each.rule for each in dealt.impossible} == {Rule.ROSTER}
    assert [each.nearest for each in dealt.impossible] == [("inspector1",)] * 4


def test_who_belongs_to_a_cluster_does_not_look_at_it(office, look):
    granted(office, "verifier1b", Role.INSPECTOR, "ZWH")

    dealt = assign_inspectors(office, look, hand())

    first = {each.case for each in dealt.impossible if each.rule is Rule.CLUSTER}
    assert len(first) == 3
    assert [sorted(team) for team in teams(office, look).values() if team] == [
        ["inspector1", "verifier1b"]
    ]


def test_whoever_had_a_hand_in_a_case_does_not_look_at_it(office, look):
    granted(office, "committee1", Role.INSPECTOR, "ZWH")

    dealt = assign_inspectors(office, look, hand())

    assert {each.rule for each in dealt.impossible} == {Rule.HANDS}


def test_an_inspector_of_one_cluster_is_not_sent_beyond_it(office, look):
    granted(office, "auditor", Role.INSPECTOR, "P2")

    dealt = assign_inspectors(office, look, hand())

    assert dealt.assigned == 1
    assert {each.rule for each in dealt.impossible} == {Rule.REACH}


def test_whoever_is_away_is_not_drawn(office, look):
    with_inspectors(office)
    away(office, *INSPECTORS[:3])

    dealt = assign_inspectors(office, look, hand())

    assert dealt.assigned == 0
    assert {each.rule for each in dealt.impossible} == {Rule.ABSENCE}


def test_assigning_again_keeps_every_team(office, look):
    with_inspectors(office)
    assign_inspectors(office, look, hand())
    before = teams(office, look)

    assert assign_inspectors(office, look, hand()).assigned == 0
    assert teams(office, look) == before


def test_a_person_chooses_where_the_draw_could_not_and_the_record_says_why(office, look):
    granted(office, "committee1", Role.INSPECTOR, "ZWH")
    assign_inspectors(office, look, hand())
    case = visits_of(office, look)[0]["number"]

    seat_by_hand(
        office, look, case, people=["inspector1", "committee1"], day=date(2026, 3, 5),
        reason="回避后人数不足", hand=hand(),
    )  # fmt: skip

    assert sorted(teams(office, look)[case]) == ["committee1", "inspector1"]
    with office.reading() as connection:
        event, _ = read_records(connection, "lookback", 1)[-1]
    assert '"by_hand"' in event.body
    assert "回避后人数不足" in event.body


@pytest.mark.parametrize(
    ("people", "reason", "fault", "where"),
    [
        (["inspector1"], "人数不足", Invalid, "inspectors"),
        (["inspector1", "inspector1"], "人数不足", Invalid, "inspectors"),
        (["inspector1", "head1"], "人数不足", NotFound, "inspectors"),
        (["inspector1", "inspector2"], " ", Invalid, "reason"),
    ],
)
def test_choosing_takes_two_inspectors_and_a_reason(office, look, people, reason, fault, where):
    with_inspectors(office)
    case = visits_of(office, look)[0]["number"]

    with pytest.raises(fault) as told:
        seat_by_hand(
            office, look, case, people=people, day=date(2026, 3, 5), reason=reason, hand=hand()
        )

    assert told.value.where == where


def test_a_drawn_team_is_not_changed_by_hand(office):
    with_inspectors(office)
    closed_cases(office, 3)
    look = assigned_look(office)
    case = visits_of(office, look)[0]["number"]

    with pytest.raises(Invalid, match="has its inspectors"):
        seat_by_hand(
            office, look, case, people=["inspector1", "inspector2"], day=date(2026, 3, 5),
            reason="换人", hand=hand(),
        )  # fmt: skip


def test_who_acknowledges_a_visit_leaves_no_trace_that_the_school_could_read(office, look):
    with_inspectors(office)
    assign_inspectors(office, look, hand())
    with office.reading() as connection:
        notice = connection.execute(NOTICES.select().where(NOTICES.c.kind == "visit")).first()
        code = connection.execute(
            PEOPLE.select().where(PEOPLE.c.id == notice.person_id)
        ).one().code  # fmt: skip
        number = connection.execute(CASES.select().where(CASES.c.id == notice.case_id)).one().number
    before = open_case_file(office, number, by="committee1", as_of=TUESDAY).history

    (said,) = acknowledge(office, [notice.id], by=code, at=TUESDAY, door=Door.PAGE)

    assert said.new
    assert open_case_file(office, number, by="committee1", as_of=TUESDAY).history == before


def test_a_cluster_lead_does_not_read_who_was_drawn_in_the_log_of_notices(sqlite_office):
    closed_cases(sqlite_office)
    with_inspectors(sqlite_office)
    assigned_look(sqlite_office)
    with sqlite_office.writing() as connection:  # an inspector who also teaches there
        grant = {"person_id": 2101, "organisation_id": ORGANISATION["S1"], "role": Role.OWNER}
        connection.execute(insert(ROLE_GRANTS), grant)

    every = {each["kind"] for each in list_notices(sqlite_office, by="committee1", size=200)}
    read = {each["kind"] for each in list_notices(sqlite_office, by="cluster1", size=200)}

    assert read <= every - KINDS
    assert every & KINDS
