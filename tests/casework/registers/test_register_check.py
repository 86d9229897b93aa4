"""The daily check raises a case for what runs out: once, whoever checks how often."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from casework.errors import Refused
from casework.events import Door
from casework.registers.acts import change_record, retire_record
from casework.registers.checking import check_registers
from casework.registers.showing import show_record
from models.tables import CASES, EVENTS, NOTICES, REGISTER_CASES
from rules.workdays import china_day
from tests.casework.registers.buses import DRIVER, added
from tests.offices import MONDAY_9AM
from tests.sealing import faults, sealed

LAST_DAY = datetime.fromisoformat("2026-07-10T06:00+08:00")  # inspected on 10 January


def check(office, at, **asked):
    return check_registers(office, as_of=at, ran_at=at, door=Door.FLOW, **asked)


def counted(office, table):
    with office.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize(
    ("at", "raised"),
    [
        (LAST_DAY - timedelta(days=1), 0),  # the day before
        (LAST_DAY, 2),  # inspection and permit plate end on that day
        (LAST_DAY + timedelta(days=1), 2),  # the day after
    ],
)
def test_a_case_is_raised_on_the_last_day(office, at, raised):
    added(office)

    checked = check(office, at)

    assert (checked.raised, checked.linked) == (raised, 0)
    assert counted(office, CASES) == raised


def test_checking_again_changes_nothing(office):
    added(office)
    added(office, "guard", certificate_no="")

    first = check(office, LAST_DAY)
    second = check(office, LAST_DAY)
    later = check(office, LAST_DAY + timedelta(days=1))

    assert (first.raised, second.looked_at, later.looked_at) == (3, 0, 0)
    assert counted(office, CASES) == counted(office, REGISTER_CASES) == 3
    assert first.by_rule == {"bus.inspection": 1, "bus.permit": 1, "guard.certificate": 1}


def test_a_case_tells_what_ran_out_and_waits_for_the_unit(office, tmp_path):
    added(office)

    number = check(office, LAST_DAY).cases[0]
    shown = show_record(office, "bus", "苏E12345", by="head1", today=china_day(LAST_DAY))

    with office.reading() as connection:
        case = connection.execute(CASES.select().where(CASES.c.number == number)).one()
        event = connection.execute(EVENTS.select().where(EVENTS.c.case_id == case.id)).one()
    assert case.description == "校车“苏E12345”半年检验有效至 2026-07-10"
    assert (case.category, event.role, event.actor_id) == ("school_bus", "ladder", None)
    assert '"register":{"key":"苏E12345","kind":"bus","rule":"inspection"}' in event.body
    assert counted(office, NOTICES) == 2
    assert [each["rule"] for each in shown["cases"]] == ["inspection", "permit"]
    assert shown["history"][-1]["cases"]["inspection"] == number
    sealed(office, tmp_path)
    assert faults(office, tmp_path) == []


def test_batches_make_no_difference(office):
    for number in range(5):
        added(office, plate=f"苏E0000{number}")

    assert check(office, LAST_DAY, batch=2).raised == 10
    assert check(office, LAST_DAY, batch=2).looked_at == 0


def test_a_rehearsal_writes_nothing(office):
    added(office)

    rehearsed = check(office, LAST_DAY, dry_run=True, batch=1)

    assert (rehearsed.raised, counted(office, CASES)) == (2, 0)
    assert check(office, LAST_DAY).raised == 2


def test_a_day_to_come_may_only_be_rehearsed(sqlite_office):
    added(sqlite_office)

    with pytest.raises(Refused):
        check_registers(sqlite_office, as_of=LAST_DAY, ran_at=MONDAY_9AM, door=Door.CLI)


def test_what_was_renewed_in_time_raises_nothing(office):
    added(office)
    change_record(
        office, "bus", "苏E12345", {"inspected_on": "2026-03-01", "permit_until": "2026-09-01"},
        by="head1", at=MONDAY_9AM, door=Door.CLI,
    )  # fmt: skip

    assert check(office, LAST_DAY).looked_at == 0
    assert check(office, LAST_DAY.replace(month=9, day=1)).raised == 2


def test_the_next_period_raises_the_next_case(office):
    added(office)
    check(office, LAST_DAY)
    change_record(
        office, "bus", "苏E12345", {"inspected_on": "2026-07-10"},
        by="head1", at=LAST_DAY, door=Door.CLI,
    )  # fmt: skip

    assert check(office, LAST_DAY).raised == 0
    assert check(office, LAST_DAY.replace(year=2027, month=1)).cases != []


def test_a_blank_field_that_an_open_case_tells_of_is_linked_to_it(office):
    added(office, "guard", certificate_no="")
    check(office, MONDAY_9AM)
    change_record(
        office, "guard", "A01", {"company": "某保安公司"},
        by="head1", at=MONDAY_9AM, door=Door.CLI,
    )  # fmt: skip

    again = check(office, MONDAY_9AM)

    assert (again.raised, again.linked, counted(office, CASES)) == (0, 1, 1)


def test_nothing_is_checked_of_a_retired_record(office):
    added(office)
    retire_record(office, "bus", "苏E12345", "报废", by="head1", at=MONDAY_9AM, door=Door.CLI)

    assert check(office, LAST_DAY).looked_at == 0


def test_a_case_of_somebodys_age_does_not_tell_the_birthday(office):
    added(office, "driver", born_on="1966-07-10")

    number = check(office, LAST_DAY).cases[0]

    with office.reading() as connection:
        case = connection.execute(CASES.select().where(CASES.c.number == number)).one()
        body = connection.execute(EVENTS.select().where(EVENTS.c.case_id == case.id)).one().body
    assert case.description == f"校车驾驶人“{DRIVER['file_no']}”年龄超过60周岁"
    assert "1966" not in body
    assert "07-10" not in case.description
