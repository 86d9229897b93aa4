"""A record: what it must hold, who may write and sign it, and what follows when it stands."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from casework.errors import Conflict, Invalid, NotFound, Refused
from casework.inspections.drafts import save_draft
from casework.inspections.showing import inspections_of, open_inspection
from casework.proving.subjects import events_of, find_proven
from models.tables import CASES, EVIDENCE, INSPECTIONS
from rules.actions import Action
from rules.inspections.answers import Result
from rules.workdays import china_day
from tests.inspections import (
    FIRE,
    Found,
    given,
    hand,
    hazard,
    planned,
    recorded,
    signed,
    task_of,
    tasks,
    told,
)
from tests.offices import MONDAY_9AM, act, before_photo
from tests.sealing import faults, sealed

TODAY = china_day(MONDAY_9AM)


def counted(office, table):
    with office.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def case(office, number):
    with office.reading() as connection:
        return connection.execute(CASES.select().where(CASES.c.number == number)).one()


@pytest.fixture
def daily(sqlite_office):
    planned(sqlite_office)
    given(sqlite_office)
    return sqlite_office


@pytest.fixture
def both(office):
    planned(office)
    given(office)
    return office


def test_a_daily_check_in_order_is_recorded_by_one_and_makes_no_case(daily):
    number = task_of(daily)

    answer = recorded(daily, number)

    assert (answer.state, answer.unsigned, answer.hazards, answer.cases) == ("recorded", 0, 0, [])
    assert counted(daily, CASES) == 0
    with daily.reading() as connection:
        row = connection.execute(INSPECTIONS.select()).one()
    assert (row.kind.value, row.normal_items, row.participants, row.source) == (
        "self", 8, 2, number
    )  # fmt: skip


def test_a_hazard_becomes_a_case_of_the_unit_with_its_photo_and_its_source(both, tmp_path):
    number, photo = task_of(both), before_photo(both)
    found = Found(Result.HAZARD, "二楼东侧压力为零", "二楼东侧", files=[photo])

    answer = recorded(both, number, told(hazards={"extinguishers": found}))

    ((item, made, linked),) = answer.cases
    row = case(both, made)
    assert (item, linked, row.category, row.location) == (
        "extinguishers", False, "fire", "二楼东侧"
    )  # fmt: skip
    assert row.description == "灭火器或消火栓缺失、损坏、压力不足：二楼东侧压力为零"
    assert row.source.startswith(f"自查 {number}《每日自查》：《消防法》")
    assert counted(both, EVIDENCE) == 1
    with both.reading() as connection:
        (origin,) = inspections_of(connection, made)
    assert (origin["number"], origin["item"].zh) == (number, "灭火器、消火栓完好，压力正常")
    sealed(both, tmp_path)
    assert faults(both, tmp_path) == []


def test_an_open_case_of_the_same_item_and_place_is_linked_and_not_doubled(daily):
    first = recorded(daily, task_of(daily), told(hazards={"gate": hazard("无人值守")}))
    tomorrow = MONDAY_9AM + timedelta(days=1)
    given(daily, tomorrow)
    number = task_of(daily, mine=True, by="owner1", at=tomorrow)

    again = recorded(daily, number, told(hazards={"gate": hazard("还是没有人")}), at=tomorrow)

    assert [each.linked for each in again.cases] == [True]
    assert again.cases[0].number == first.cases[0].number
    assert counted(daily, CASES) == 1
    with daily.reading() as connection:
        assert [each["linked"] for each in inspections_of(connection, first.cases[0].number)] == [
            False, True,
        ]  # fmt: skip


@pytest.mark.parametrize(
    "differs", [{"another": True}, {"place": "西门"}], ids=["another", "elsewhere"]
)
def test_another_hazard_of_the_same_item_is_a_case_of_its_own(daily, differs):
    recorded(daily, task_of(daily), told(hazards={"gate": hazard("无人值守")}))
    tomorrow = MONDAY_9AM + timedelta(days=1)
    given(daily, tomorrow)
    number = task_of(daily, mine=True, by="owner1", at=tomorrow)

    again = recorded(
        daily, number, told(hazards={"gate": hazard("无人值守", **differs)}), at=tomorrow
    )

    assert [each.linked for each in again.cases] == [False]
    assert counted(daily, CASES) == 2


def test_a_hazard_that_was_closed_out_is_a_new_case(daily):
    first = recorded(daily, task_of(daily), told(hazards={"gate": hazard()})).cases[0].number
    act(daily, first, Action.VOID, "committee1", reason="误报")
    tomorrow = MONDAY_9AM + timedelta(days=1)
    given(daily, tomorrow)

    again = recorded(
        daily, task_of(daily, mine=True, by="owner1", at=tomorrow),
        told(hazards={"gate": hazard()}), at=tomorrow,
    )  # fmt: skip

    assert again.cases[0].number != first


def test_the_same_request_twice_answers_the_same(daily):
    number, record = task_of(daily), told(hazards={"gate": hazard()})

    first = recorded(daily, number, record, key="k1")
    again = recorded(daily, number, record, key="k1")

    assert (again.repeated, again.receipt, again.cases) == (True, first.receipt, first.cases)
    assert counted(daily, CASES) == 1


@pytest.mark.parametrize("who", ["owner2", "head2", "cluster1", "inspector1", "auditor"])
def test_a_schools_own_check_is_its_own_peoples(daily, who):
    number = task_of(daily)

    with pytest.raises((Refused, NotFound)):
        recorded(daily, number, by=who)


@pytest.mark.parametrize(
    ("record", "where"),
    [
        (told(hazards={"gate": hazard(no_photo="")}), "gate.photo"),
        (told(participants=0), "participants"),
        (told(held_on=TODAY - timedelta(days=1)), "held_on"),
        (told(held_on=TODAY + timedelta(days=1)), "held_on"),
        (told("fire"), "alarm"),
    ],
)
def test_what_is_missing_is_named(daily, record, where):
    with pytest.raises(Invalid) as refused:
        recorded(daily, task_of(daily), record)

    assert refused.value.where == where


def test_a_second_person_learns_that_it_is_recorded(daily):
    number = task_of(daily)
    recorded(daily, number)

    with pytest.raises(Conflict):
        recorded(daily, number, by="head1")


def test_a_correction_is_a_new_version_with_its_reason(daily):
    number = task_of(daily)
    recorded(daily, number)

    corrected = recorded(
        daily, number, told(hazards={"gate": hazard()}, reason="漏记校门"), by="head1"
    )
    file = open_inspection(daily, number, by="head1", today=TODAY)

    assert (corrected.version, corrected.hazards, len(corrected.cases)) == (2, 1, 1)
    assert [each["reason"] for each in file.versions] == ["", "漏记校门"]
    assert file.versions[0]["counts"]["hazard"] == 0
    assert [each["act"] for each in file.history] == ["record", "stand", "correct", "stand"]
    assert file.broken_at is None
    assert counted(daily, INSPECTIONS) == 1


def test_two_inspectors_sign_before_a_record_stands_and_the_head_after(office):
    planned(office, FIRE)
    given(office)
    number = task_of(office)
    record = told("fire", hazards={"exits": hazard("后门上锁")})

    first = recorded(office, number, record, by="verifier1a")
    cases_before = counted(office, CASES)
    both = signed(office, number)

    assert (first.state, first.unsigned, cases_before) == ("awaiting", 1, 0)
    assert (both.state, both.unsigned, len(both.cases)) == ("recorded", 0, 1)
    assert case(office, both.cases[0].number).level.value == "major"
    with pytest.raises(Refused):
        signed(office, number)


@pytest.mark.parametrize(
    ("by", "version", "refusal"),
    [
        ("verifier1a", 1, Refused),  # has signed by recording
        ("inspector1", 1, Refused),  # was not named
        ("verifier1b", 2, Conflict),  # has not seen this version
    ],
)
def test_a_signature_is_anothers_and_of_what_was_seen(sqlite_office, by, version, refusal):
    planned(sqlite_office, FIRE)
    given(sqlite_office)
    number = task_of(sqlite_office)
    recorded(sqlite_office, number, told("fire"), by="verifier1a")

    with pytest.raises(refusal):
        signed(sqlite_office, number, version, by=by)


def test_whoever_recorded_may_record_anew_until_another_has_signed(sqlite_office):
    planned(sqlite_office, FIRE)
    given(sqlite_office)
    number = task_of(sqlite_office)
    recorded(sqlite_office, number, told("fire"), by="verifier1a")

    with pytest.raises(Conflict):
        recorded(sqlite_office, number, told("fire"), by="verifier1b")
    again = recorded(sqlite_office, number, told("fire", participants=5), by="verifier1a")

    assert (again.version, again.unsigned) == (2, 1)
    assert signed(sqlite_office, number, 2).state == "recorded"


def test_the_drafts_photos_stay_until_it_is_recorded(daily):
    number = task_of(daily)
    begun = told(hazards={"gate": Found(Result.HAZARD, files=[before_photo(daily)])})
    save_draft(daily, number, begun, hand("owner1"))
    kept = open_inspection(daily, number, by="head1", today=TODAY)

    answer = recorded(daily, number, told(hazards={"gate": Found(Result.HAZARD, "无人")}))

    assert kept.answers["gate"]["photos"][0]["name"] == "red.jpg"
    assert answer.hazards == 1
    assert open_inspection(daily, number, by="head1", today=TODAY).draft is None


def test_what_is_not_on_the_list_of_ones_tasks_is_not_there(daily):
    assert {each["unit_code"] for each in tasks(daily, by="head1")} == {"S1"}
    assert {each["unit_code"] for each in tasks(daily, by="cluster1")} == {"S1", "S2"}
    with pytest.raises(NotFound):
        open_inspection(daily, task_of(daily, "S3"), by="cluster1", today=TODAY)


def test_whoever_sees_an_inspection_may_take_its_proof_away(daily):
    number = task_of(daily)
    recorded(daily, number)

    with daily.reading() as connection:
        proven, _ = find_proven(connection, f"inspection:{number}", "head1")
        with pytest.raises(NotFound):
            find_proven(connection, f"inspection:{number}", "head3")
        assert len(events_of(connection, proven)) == 2
