"""A plan and signed letters every year; each item of a plan by its day; done when recorded."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from casework.errors import Invalid
from casework.events import Door
from casework.missing import chase_missing
from casework.registers.acts import change_record, retire_record
from casework.registers.importing import import_register
from casework.registers.yearly import open_yearly
from models.tables import CASES, DUTIES, NOTICES, RECORD_EVENTS
from tests.casework.registers.buses import added
from tests.offices import MONDAY_9AM, ORGANISATION

BY = {"by": "head1", "door": Door.CLI}
S1 = ORGANISATION["S1"]


def at(day):
    return datetime.fromisoformat(f"{day}T06:30+08:00")


def asked(office, day="2026-01-01", **how):
    return open_yearly(office, as_of=at(day), at=at(day), door=Door.FLOW, **how)


def rounds(office, *days):
    done = [chase_missing(office, as_of=at(day), ran_at=at(day), door=Door.FLOW) for day in days]
    return done[-1]


def state(office, key, kind="training"):
    """State and due day of a duty."""
    with office.reading() as connection:
        found = select(DUTIES).where(DUTIES.c.key == key, DUTIES.c.kind == kind)
        row = connection.execute(found).one()
        return row.state.value, f"{row.due_on}"


def plan_key(office, *, no=0):
    with office.reading() as connection:
        keys = connection.execute(
            select(DUTIES.c.key)
            .where(DUTIES.c.title_zh.startswith("培训计划："))
            .order_by(DUTIES.c.id)
        )
        return keys.scalars().all()[no]


def acts(office, key):
    with office.reading() as connection:
        named = select(RECORD_EVENTS.c.kind).where(RECORD_EVENTS.c.name == f"training/{key}")
        return list(connection.execute(named.order_by(RECORD_EVENTS.c.seq)).scalars())


def test_every_unit_is_asked_once_a_year(office):
    assert asked(office) == 6  # a plan and letters of three units
    assert asked(office, "2026-12-31") == 0
    assert asked(office, "2027-01-01") == 6


def test_a_rehearsal_asks_nobody(office):
    assert (asked(office, dry_run=True), asked(office)) == (6, 6)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-03-30", "2026-03-31"),
        ("2026-03-31", "2026-03-31"),
        ("2026-04-01", "2026-05-01"),  # too late for the day: thirty days
    ],
)
def test_by_which_day_the_plan_of_the_year_is_there(office, day, due):
    asked(office, day)

    assert state(office, f"training_plan/2026/{S1}") == ("open", due)


def test_a_plan_of_the_year_does_that_of_its_own_unit(office):
    asked(office)
    added(office, "training_plan", year="2027", plan_no="P9")
    added(office, "training_plan")

    assert state(office, f"training_plan/2026/{S1}")[0] == "fulfilled"
    assert state(office, f"training_plan/2026/{ORGANISATION['S2']}")[0] == "open"


def test_who_has_a_plan_already_is_not_asked(office):
    added(office, "training_plan")

    assert asked(office, "2026-03-02") == 5


def test_letters_are_done_when_every_one_is_signed(office):
    asked(office)
    key = f"responsibility/2026/{S1}"
    added(office, "responsibility", signed_on="")
    added(office, "responsibility", item_no="R2")
    before = state(office, key, "letter")[0]
    change_record(office, "responsibility", "R1", {"signed_on": "2026-03-01"}, at=MONDAY_9AM, **BY)

    assert (before, state(office, key, "letter")[0]) == ("open", "fulfilled")


def test_letters_are_done_when_the_only_unsigned_one_is_retired(office):
    asked(office)
    added(office, "responsibility")
    added(office, "responsibility", item_no="R2", signed_on="")
    retire_record(office, "responsibility", "R2", "岗位撤销", at=MONDAY_9AM, **BY)

    assert state(office, f"responsibility/2026/{S1}", "letter")[0] == "fulfilled"


def test_an_item_of_a_plan_is_to_be_done_by_its_day(office):
    added(office, "training_plan")

    assert state(office, plan_key(office)) == ("open", "2026-05-29")


@pytest.mark.parametrize(
    ("differs", "done"),
    [
        ({}, "fulfilled"),
        ({"attended": "0"}, "open"),  # nobody came
        ({"plan_no": ""}, "open"),  # held besides the plan
    ],
)
def test_a_session_with_somebody_there_does_its_item(office, differs, done):
    added(office, "training_plan")
    added(office, "training_session", **differs)

    assert state(office, plan_key(office))[0] == done


@pytest.mark.parametrize(
    "differs",
    [{"plan_no": "P2"}, {"unit": "S2", "by": "head2"}],  # another school's P1
)
def test_a_session_of_an_item_that_is_not_there_is_refused(sqlite_office, differs):
    added(sqlite_office, "training_plan")

    with pytest.raises(Invalid) as refused:
        added(sqlite_office, "training_session", **differs)

    assert refused.value.where == "plan_no"


def test_a_session_whose_item_was_retired_may_still_be_changed(sqlite_office):
    added(sqlite_office, "training_plan")
    added(sqlite_office, "training_session")
    retire_record(sqlite_office, "training_plan", "P1", "改为线上", at=MONDAY_9AM, **BY)

    change_record(sqlite_office, "training_session", "T1", {"hours": "3"}, at=MONDAY_9AM, **BY)
    with pytest.raises(Invalid):
        change_record(
            sqlite_office, "training_session", "T1", {"plan_no": "P7"}, at=MONDAY_9AM, **BY
        )


@pytest.mark.parametrize(
    ("day", "due"),
    [("2026-05-29", "2026-06-30"), ("2026-05-30", "2026-05-29")],  # its last day, the day after
)
def test_an_item_is_moved_until_its_day_is_over(office, day, due):
    added(office, "training_plan")
    change_record(office, "training_plan", "P1", {"due_on": "2026-06-30"}, at=at(day), **BY)

    assert state(office, plan_key(office)) == ("open", due)


def test_after_it_was_moved_the_ladder_begins_anew(office):
    added(office, "training_plan")
    rounds(office, "2026-05-15")  # ten working days before
    change_record(
        office, "training_plan", "P1", {"due_on": "2026-06-30"}, at=at("2026-05-15"), **BY
    )
    rounds(office, "2026-06-16")

    assert acts(office, plan_key(office)) == ["open", "chase", "move", "chase"]


@pytest.mark.parametrize(("day", "ended"), [("2026-05-29", "waived"), ("2026-05-30", "open")])
def test_retiring_an_item_ends_what_is_not_late(office, day, ended):
    added(office, "training_plan")
    retire_record(office, "training_plan", "P1", "并入下季度", at=at(day), **BY)

    assert state(office, plan_key(office))[0] == ended


def test_a_plan_that_is_not_kept_is_told_and_becomes_a_case(office):
    added(office, "training_plan")

    chased = rounds(office, "2026-05-15", "2026-05-27", "2026-06-01", "2026-06-05", "2026-06-12")

    with office.reading() as connection:
        cases = connection.execute(select(CASES.c.description)).scalars().all()
        told = connection.execute(select(NOTICES.c.body)).scalars().all()
    assert chased.raised == 1
    assert cases == ["安全培训未按期完成：培训计划：消防演练（应于 2026-05-29 前完成）"]
    assert sum("消防演练" in each for each in told) >= 6


def test_a_ledger_of_plans_opens_every_item(office, tmp_path):
    path = tmp_path / "计划.csv"
    path.write_text(
        "计划编号,年度,培训内容,培训对象,计划学时,最迟完成日期\n"
        "P1,2026,消防演练,全体教职工,2,2026-05-29\nP2,2026,交通安全,学生,1,2026-09-30\n",
        encoding="utf-8",
    )

    import_register(office, path, "training_plan", at=MONDAY_9AM, by="head1")

    assert [state(office, plan_key(office, no=n))[1] for n in (0, 1)] == [
        "2026-05-29", "2026-09-30",
    ]  # fmt: skip


def test_a_ledger_of_sessions_names_each_row_whose_item_is_not_there(sqlite_office, tmp_path):
    added(sqlite_office, "training_plan")
    path = tmp_path / "sessions.csv"
    path.write_text(
        "编号,计划编号,培训日期,培训内容,培训对象,学时,参加人数,参加人员,考核结果\n"
        "T1,P1,2026-02-27,消防,全体教职工,2,2,王某、李某,全部合格\n"
        "T2,P8,2026-02-27,消防,全体教职工,2,2,王某、李某,全部合格\n",
        encoding="utf-8",
    )

    done = import_register(sqlite_office, path, "training_session", at=MONDAY_9AM, by="head1")

    assert [(each.row, each.field, each.value) for each in done.problems] == [(3, "plan_no", "P8")]


def test_a_session_needs_who_came_and_how_they_did(sqlite_office):
    for field in ("held_on", "topic", "attendees", "result"):
        with pytest.raises(Invalid) as refused:
            added(sqlite_office, "training_session", **{field: ""})
        assert refused.value.where == field


def test_years_are_told_apart_by_the_day_in_china(office):
    new_year = datetime.fromisoformat("2025-12-31T16:30+00:00")  # 1 January in China

    open_yearly(office, as_of=new_year, at=new_year, door=Door.FLOW)

    assert state(office, f"training_plan/2026/{S1}")[1] == f"{date(2026, 3, 31)}"
