"""What runs out soon is a duty until it is renewed; what was closed and not renewed is reopened."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from casework.cases import find_case
from casework.events import Door
from casework.registers.acts import change_record, retire_record
from casework.registers.checking import check_registers
from models.tables import CASES, DUTIES, EVENTS, REGISTER_RECORDS
from rules.actions import Action
from tests.casework.registers.buses import added
from tests.offices import MONDAY_9AM, a_plan, act, after_photo

# Inspected on 10 January, every half year: spoken of from 30 days before 10 July.
LAST_DAY = datetime.fromisoformat("2026-07-10T06:00+08:00")
SOON = LAST_DAY - timedelta(days=30)


def check(office, at, **asked):
    return check_registers(office, as_of=at, ran_at=at, door=Door.FLOW, **asked)


def rows(office, table):
    with office.reading() as connection:
        return connection.execute(select(table).order_by(table.c.id)).all()


def renew(office, at, **fields):
    change_record(office, "bus", "苏E12345", fields, by="head1", at=at, door=Door.CLI)


def close(office, number, at):
    plan = a_plan(f"{at + timedelta(days=10):%Y-%m-%d}")
    act(office, number, Action.SUBMIT_PLAN, "owner1", at=at, **plan)
    act(office, number, Action.APPROVE_PLAN, "cluster1", at=at)
    finish(office, number, at)


def finish(office, number, at):
    act(office, number, Action.CLAIM, "owner1", at=at, files=[after_photo(office)])
    act(office, number, Action.PASS, "verifier1a", at=at, finding="已送检")
    act(office, number, Action.CLOSE, "committee1", at=at)


def state_of(office, number):
    with office.reading() as connection:
        return find_case(connection, number).facts.state.value


@pytest.mark.parametrize(
    ("at", "reminded"),
    [(SOON - timedelta(days=1), 0), (SOON, 2), (LAST_DAY - timedelta(days=1), 2), (LAST_DAY, 0)],
)
def test_a_duty_is_opened_from_the_day_of_warning_to_the_day_before(office, at, reminded):
    added(office)  # inspection and permit plate both end on 10 July

    assert check(office, at).reminded == reminded


def test_a_reminder_says_what_and_leads_to_the_record(office):
    added(office)
    check(office, SOON)

    duty = rows(office, DUTIES)[0]
    assert duty.title_zh == "校车“苏E12345”半年检验有效至 2026-07-10，请提前办理"
    assert duty.link == "/registers/bus/record?key=%E8%8B%8FE12345&unit=S1"
    assert (duty.kind, duty.due_on) == ("register", date(2026, 7, 10))


def test_the_next_check_is_on_the_last_day_and_reminds_nobody_again(office):
    added(office)
    check(office, SOON)

    assert rows(office, REGISTER_RECORDS)[0].next_check_on == date(2026, 7, 10)
    assert check(office, SOON + timedelta(days=1)).looked_at == 0
    assert (check(office, LAST_DAY).reminded, len(rows(office, DUTIES))) == (0, 2)


def test_renewing_ends_the_reminder_of_what_was_renewed(office):
    added(office)
    check(office, SOON)
    renew(office, SOON, inspected_on="2026-06-10")

    assert [each.state.value for each in rows(office, DUTIES)] == ["fulfilled", "open"]


def test_another_change_ends_no_reminder(office):
    added(office)
    check(office, SOON)
    renew(office, SOON, seats="40")

    assert [each.state.value for each in rows(office, DUTIES)] == ["open", "open"]


def test_retiring_ends_all_reminders(office):
    added(office)
    check(office, SOON)
    retire_record(office, "bus", "苏E12345", "报废", by="head1", at=SOON, door=Door.CLI)

    assert [each.state.value for each in rows(office, DUTIES)] == ["fulfilled"] * 2


def test_a_rehearsal_reminds_nobody(office):
    added(office)

    assert (check(office, SOON, dry_run=True).reminded, rows(office, DUTIES)) == (2, [])


def test_closed_without_renewal_it_is_reopened_once_for_each_closing(office, tmp_path):
    added(office, permit_until="2026-12-31")
    number = check(office, LAST_DAY).cases[0]
    close(office, number, LAST_DAY)

    first = check(office, LAST_DAY + timedelta(days=1))
    again = check(office, LAST_DAY + timedelta(days=1))
    finish(office, number, LAST_DAY + timedelta(days=2))
    second = check(office, LAST_DAY + timedelta(days=3))

    assert (first.reopened, again.reopened, second.reopened) == (1, 0, 1)
    assert (first.raised, state_of(office, number)) == (0, "rectifying")
    with office.reading() as connection:
        events = connection.execute(select(EVENTS.c.kind, EVENTS.c.role)).all()
    assert events.count(("reopen", "ladder")) == 2


def test_closed_after_renewal_it_stays_closed(office):
    added(office, permit_until="2026-12-31")
    number = check(office, LAST_DAY).cases[0]
    renew(office, LAST_DAY, inspected_on="2026-07-10")
    close(office, number, LAST_DAY)

    checked = check(office, LAST_DAY + timedelta(days=1))

    assert (checked.reopened, state_of(office, number)) == (0, "closed")


def test_a_void_case_is_not_reopened(office):
    added(office, permit_until="2026-12-31")
    number = check(office, LAST_DAY).cases[0]
    act(office, number, Action.VOID, "committee1", at=LAST_DAY, reason="车辆已停用")

    assert check(office, LAST_DAY + timedelta(days=1)).reopened == 0
    assert state_of(office, number) == "closed"


def test_a_retired_record_reopens_nothing(office):
    added(office, permit_until="2026-12-31")
    close(office, check(office, LAST_DAY).cases[0], LAST_DAY)
    retire_record(office, "bus", "苏E12345", "报废", by="head1", at=LAST_DAY, door=Door.CLI)

    assert check(office, LAST_DAY + timedelta(days=1)).reopened == 0


def test_a_field_still_blank_is_reopened_and_told_by_one_case(office):
    added(office, "guard", certificate_no="")
    number = check(office, MONDAY_9AM).cases[0]
    close(office, number, MONDAY_9AM)
    change_record(
        office, "guard", "A01", {"company": "某保安公司"},
        by="head1", at=MONDAY_9AM, door=Door.CLI,
    )  # fmt: skip

    checked = check(office, MONDAY_9AM + timedelta(days=1))

    assert (checked.reopened, checked.raised, checked.linked) == (1, 0, 1)
    assert len(rows(office, CASES)) == 1


def test_a_rehearsal_reopens_nothing(office):
    added(office, permit_until="2026-12-31")
    number = check(office, LAST_DAY).cases[0]
    close(office, number, LAST_DAY)

    assert check(office, LAST_DAY + timedelta(days=1), dry_run=True).reopened == 1
    assert state_of(office, number) == "closed"
