"""Plans give out inspections: once, catching up, passing over breaks; draws keep their order."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from casework.errors import Invalid, NotFound, Refused
from casework.inspections.plans import list_plans, show_plan
from casework.inspections.withdrawing import withdraw_plan
from casework.settings import enter_term
from models.tables import DUTIES, INSPECTION_TASKS
from rules.overrides import TermKind
from tests.inspections import (
    DAILY,
    FIRE,
    RANDOM,
    given,
    hand,
    planned,
    recorded,
    task_of,
    tasks,
)
from tests.offices import MONDAY_9AM, ORGANISATION, PERSON
from tests.sealing import faults, sealed

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


def counted(office, table=INSPECTION_TASKS):
    with office.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_daily_plan_asks_every_school_below_it_once_a_school_day(office, tmp_path):
    number = planned(office)

    first, again = given(office), given(office)
    weekend = given(office, MONDAY_9AM + 5 * DAY)

    assert (first.tasks, first.by_plan, again.tasks) == (3, {number: 3}, 0)
    assert weekend.tasks == 12  # Tuesday to Friday; nothing on Saturday itself
    assert show_plan(office, number, by="committee1")["done_until"] == date(2026, 3, 7)
    sealed(office, tmp_path)
    assert faults(office, tmp_path) == []


def test_after_downtime_a_week_is_caught_up_with_and_nobody_is_late_for_it(office):
    planned(office)
    given(office)

    late = given(office, MONDAY_9AM + 2 * WEEK)
    rows = tasks(office, by="head1", at=MONDAY_9AM + 2 * WEEK)

    assert (late.tasks, late.missed) == (3 * 6, 4)  # 9 to 16 March; the 3rd to the 6th are gone
    assert [f"{each['opens_on']}" for each in rows][1] == "2026-03-09"
    assert [each["days_late"] for each in rows] == [14, 0, 0, 0, 0, 0, 0]


def test_no_daily_check_is_asked_for_in_a_break(sqlite_office):
    planned(sqlite_office)
    dates = {"starts": date(2026, 3, 2), "ends": date(2026, 3, 3)}
    enter_term(sqlite_office, TermKind.WINTER_BREAK, "停课", by="admin", at=MONDAY_9AM, **dates)

    assert [given(sqlite_office, MONDAY_9AM + n * DAY).tasks for n in range(3)] == [0, 0, 3]


def test_a_monthly_plan_asks_a_school_that_joins_later(sqlite_office):
    spec = {**FIRE, "place": "ZWH", "lines": [{**FIRE["lines"][0], "place": "P1"}]}
    planned(sqlite_office, spec)
    first = given(sqlite_office)
    with sqlite_office.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO organisation (id, kind, parent_id, code, name, unit_type, path) VALUES "
            "(1999, 'unit', 1002, 'S9', '新学校', '', '/1001/1002/1999/')"
        )

    assert (first.tasks, given(sqlite_office, MONDAY_9AM + WEEK).tasks) == (2, 1)
    assert {each["due_on"] for each in tasks(sqlite_office)} == {date(2026, 3, 31)}


def test_a_rehearsal_writes_nothing_and_a_day_to_come_may_only_be_rehearsed(sqlite_office):
    planned(sqlite_office)
    tomorrow = MONDAY_9AM + DAY

    assert (given(sqlite_office, dry_run=True).tasks, counted(sqlite_office)) == (3, 0)
    with pytest.raises(Refused):
        given(sqlite_office, tomorrow, ran_at=MONDAY_9AM)


def test_a_withdrawn_plan_drops_what_nobody_recorded(sqlite_office):
    number = planned(sqlite_office)
    given(sqlite_office)
    done = task_of(sqlite_office)
    recorded(sqlite_office, done)

    withdraw_plan(sqlite_office, number, "学校停课", hand("committee1"))

    states = {each["unit_code"]: each["state"].value for each in tasks(sqlite_office)}
    assert states == {"S1": "recorded", "S2": "dropped", "S3": "dropped"}
    assert given(sqlite_office, MONDAY_9AM + DAY).tasks == 0
    with pytest.raises(Refused):
        recorded(sqlite_office, task_of(sqlite_office, "S2"), by="owner2")


OWN = {**DAILY, "place": "S1", "lines": [{**DAILY["lines"][0], "place": "S1"}]}


def fire(**line):
    return {**FIRE, "lines": [{**FIRE["lines"][0], **line}]}


@pytest.mark.parametrize(("by", "spec"), [("head1", OWN), ("cluster1", FIRE), ("admin", DAILY)])
def test_who_may_plan(sqlite_office, by, spec):
    number = planned(sqlite_office, spec, by=by)

    assert [each["number"] for each in list_plans(sqlite_office, by=by)] == [number]


@pytest.mark.parametrize(
    ("by", "spec", "refusal"),
    [
        ("head1", DAILY, Refused),  # not over the whole committee
        ("owner1", OWN, Refused),
        ("head1", {**fire(), "place": "S1"}, Refused),  # no special inspection of one's own
        ("cluster2", FIRE, Refused),
        ("cluster1", fire(place="S3"), Invalid),
        ("cluster1", fire(checklist="daily"), Invalid),
        ("cluster1", fire(checklist="roof"), NotFound),
        ("cluster1", fire(lead="nobody"), NotFound),
        ("committee1", {**RANDOM, "lines": [{**RANDOM["lines"][0], "place": "S1"}]}, Invalid),
    ],
)
def test_what_may_not_be_planned(sqlite_office, by, spec, refusal):
    with pytest.raises(refusal):
        planned(sqlite_office, spec, by=by)


def duties(office):
    with office.reading() as connection:
        return connection.execute(DUTIES.select().order_by(DUTIES.c.id)).all()


def test_a_daily_check_is_owed_by_the_school_until_it_is_recorded(sqlite_office):
    office = sqlite_office
    plan = planned(office)
    given(office)
    done = task_of(office)
    recorded(office, done)
    withdraw_plan(office, plan, "学校停课", hand("committee1"))

    found = {each.unit_id: (each.kind, each.state.value) for each in duties(office)}
    assert found == {
        1004: ("daily_check", "fulfilled"), 1005: ("daily_check", "waived"),
        1006: ("daily_check", "waived"),
    }  # fmt: skip


def test_a_visit_is_owed_by_whoever_is_responsible_and_waits_for_its_inspector(sqlite_office):
    planned(sqlite_office, FIRE)
    given(sqlite_office)

    (duty,) = duties(sqlite_office)
    assert (duty.kind, duty.unit_id, duty.person_id) == (
        "inspection", ORGANISATION["P1"], PERSON["verifier1a"],
    )  # fmt: skip
    assert duty.title_zh == "专查第一小学：消防检查"


def test_what_is_owed_of_an_unannounced_inspection_does_not_name_the_school(sqlite_office):
    planned(sqlite_office, RANDOM)
    given(sqlite_office)

    assert {(each.unit_id, each.title_zh) for each in duties(sqlite_office)} == {
        (ORGANISATION["ZWH"], "抽查：三防抽查")
    }
