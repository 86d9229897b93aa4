from datetime import UTC, date, datetime, timedelta

import pytest

from rules.case import Level
from rules.deadlines import Stage
from rules.policy import default_text, read_policy
from rules.steps import first_step, plan_steps
from rules.workdays import CHINA, close_of, published

POLICY = read_policy(default_text())
LADDER = POLICY.ladder(Level.ORDINARY, "fire", Stage.PLAN)
CALENDAR = published(date(2026, 1, 1))
SECOND = timedelta(seconds=1)
SINCE_LONG_AGO = datetime(2025, 1, 1, tzinfo=CHINA)

KEYS = [
    "remind-3", "remind-1", "overdue", "overdue-3", "overdue-3.1", "overdue-3.2", "overdue-10",
]  # fmt: skip


def china(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=CHINA)


def closing(text):
    return close_of(date.fromisoformat(f"2026-{text}"))


def laid(due_at):
    """The moments of the rungs themselves, without their repeats."""
    planned = plan_steps(LADDER, CALENDAR, due_at)
    return [each.at.strftime("%m-%d %H:%M") for each in planned if not each.again]


@pytest.mark.parametrize(
    ("due_day", "moments"),
    [
        # An ordinary week: due on Wednesday 11 March.
        ("03-11", ["03-06 00:00", "03-10 00:00", "03-12 00:00", "03-17 00:00", "03-26 00:00"]),
        # Due on the eve of 国庆 (1-7 October; Saturday 10 October worked); 25 September is 中秋.
        ("09-30", ["09-24 00:00", "09-29 00:00", "10-01 00:00", "10-11 00:00", "10-21 00:00"]),
        # Due on the first day back: the reminders stand before the holiday.
        ("10-08", ["09-28 00:00", "09-30 00:00", "10-09 00:00", "10-13 00:00", "10-22 00:00"]),
        # Due on Saturday 10 October, a make-up day.
        ("10-10", ["09-30 00:00", "10-09 00:00", "10-11 00:00", "10-15 00:00", "10-24 00:00"]),
        # 春节: 15-23 February off; Saturday 14 and Saturday 28 February worked.
        ("02-13", ["02-10 00:00", "02-12 00:00", "02-14 00:00", "02-26 00:00", "03-06 00:00"]),
        ("02-24", ["02-12 00:00", "02-14 00:00", "02-25 00:00", "02-28 00:00", "03-10 00:00"]),
        # Due within the holiday, as a person may set it.
        ("02-18", ["02-12 00:00", "02-14 00:00", "02-19 00:00", "02-27 00:00", "03-07 00:00"]),
    ],
)
def test_steps_count_working_days_around_holidays_and_make_up_days(due_day, moments):
    assert laid(closing(due_day)) == moments


def test_steps_stand_in_the_order_of_the_policy():
    planned = plan_steps(LADDER, CALENDAR, closing("10-08"))

    assert [each.key for each in planned] == KEYS
    assert [each.at for each in planned] == sorted(each.at for each in planned)


@pytest.mark.parametrize(
    ("started_at", "first"),
    [
        ("03-05T23:59:59", "remind-3"),
        ("03-06T00:00:00", "remind-1"),  # the reminder's own moment is over
        ("03-09T23:59:59", "remind-1"),
        ("03-10T00:00:00", "overdue"),
        ("03-11T12:00:00", "overdue"),
    ],
)
def test_a_reminder_from_before_the_clock_started_is_not_owed(started_at, first):
    planned = first_step(LADDER, CALENDAR, started_at=china(started_at), due_at=closing("03-11"))
    assert planned.key == first


@pytest.mark.parametrize("started_at", ["03-12T00:00:00", "03-12T09:00:00", "12-01T09:00:00"])
def test_a_clock_already_late_when_it_starts_begins_with_the_overdue_step(started_at):
    planned = first_step(LADDER, CALENDAR, started_at=china(started_at), due_at=closing("03-11"))
    assert (planned.key, planned.at) == ("overdue", closing("03-11"))


def test_a_clock_with_reminders_only_that_starts_late_owes_nothing():
    reminders = LADDER.model_copy(update={"rungs": LADDER.rungs[:2]})
    late = china("03-11T09:00:00")

    assert first_step(reminders, CALENDAR, started_at=late, due_at=closing("03-11")) is None


def test_a_clock_of_hours_is_late_at_its_instant_and_reminds_by_the_day():
    due_at = china("03-11T15:30:00")
    moments = ["03-06 00:00", "03-10 00:00", "03-11 15:30", "03-17 00:00", "03-26 00:00"]
    assert laid(due_at) == moments


@pytest.mark.parametrize(
    ("due_at", "overdue_at"),
    [
        (closing("03-11"), "03-12 00:00"),
        (closing("03-11") - SECOND, "03-11 23:59"),
        (closing("03-11") + SECOND, "03-12 00:00"),
    ],
)
def test_the_overdue_step_is_the_instant_the_case_becomes_late(due_at, overdue_at):
    assert laid(due_at)[2] == overdue_at
    assert plan_steps(LADDER, CALENDAR, due_at)[2].at == due_at


def test_a_due_day_in_utc_is_read_in_china():
    midnight = datetime(2026, 3, 11, 16, 0, tzinfo=UTC)
    assert laid(midnight) == laid(closing("03-11"))


def test_steps_beyond_the_calendar_are_reckoned_by_the_week():
    beyond = close_of(date(2031, 3, 12))
    planned = first_step(LADDER, CALENDAR, started_at=SINCE_LONG_AGO, due_at=beyond)
    assert planned.at == datetime(2031, 3, 7, tzinfo=CHINA)


def test_an_announced_change_of_the_calendar_moves_the_steps():
    before, after = published(date(2020, 1, 20)), published(date(2020, 2, 1))
    due_at = close_of(date(2020, 2, 3))

    assert before.version != after.version
    assert plan_steps(LADDER, before, due_at) != plan_steps(LADDER, after, due_at)
