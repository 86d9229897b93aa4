"""When a notice may leave, and how long a failure waits."""

from datetime import date, datetime, timedelta

import pytest

from rules.bounds import Sending
from rules.parts import SourcedCount
from rules.sending import LONGEST_WAIT, Answer, may_send, next_opening, wait_after
from rules.workdays import published

CALENDAR = published(date(2026, 11, 1))


def sending(**told):
    count = SourcedCount(count=6, source="a test")
    fields = {"from_hour": 7, "to_hour": 21, "workdays_only": True, "source": "a test"}
    return Sending(**{**fields, "most_per_hour": count, "tries": count, **told})


def at(text):
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("when", "told", "opens"),
    [
        ("2026-03-02T06:59:59.999999", {}, "2026-03-02T07:00"),
        ("2026-03-02T07:00", {}, "2026-03-02T07:00"),
        ("2026-03-02T20:59:59.999999", {}, "2026-03-02T20:59:59.999999"),
        ("2026-03-02T21:00", {}, "2026-03-03T07:00"),
        ("2026-03-06T21:00", {}, "2026-03-09T07:00"),
        ("2026-03-06T21:00", {"workdays_only": False}, "2026-03-07T07:00"),
        # 春节 2026: 15 to 23 February off; Saturday 14 and Saturday 28 are made up.
        ("2026-02-14T12:00", {}, "2026-02-14T12:00"),
        ("2026-02-14T21:00", {}, "2026-02-24T07:00"),
        ("2026-02-27T21:00", {}, "2026-02-28T07:00"),
        ("2026-03-02T23:59", {"from_hour": 0, "to_hour": 24}, "2026-03-02T23:59"),
        ("2026-03-06T23:59", {"from_hour": 0, "to_hour": 24}, "2026-03-06T23:59"),
        ("2026-03-07T00:00", {"from_hour": 0, "to_hour": 24}, "2026-03-09T00:00"),
        # Beyond the published calendar Monday to Friday count.
        ("2028-07-01T12:00", {}, "2028-07-03T07:00"),
    ],
)
def test_when_an_ordinary_notice_may_leave(when, told, opens):
    bounds = sending(**told)

    assert next_opening(at(when), bounds, CALENDAR) == at(opens)
    assert may_send(at(when), bounds, CALENDAR) is (when == opens)


@pytest.mark.parametrize(
    ("tries", "seconds"),
    [(1, 1), (2, 16), (3, 81), (10, 10_000), (12, 20_736), (13, 21_600), (50, 21_600)],
)
def test_a_failure_waits_longer_each_time_but_never_much_more_than_six_hours(tries, seconds):
    waits = [wait_after(tries, f"key {n}").total_seconds() for n in range(200)]

    assert 0.9 * seconds <= min(waits) < 0.92 * seconds
    assert 1.08 * seconds < max(waits) <= 1.1 * seconds
    assert max(waits) <= 1.1 * LONGEST_WAIT / timedelta(seconds=1)


def test_the_same_failure_always_waits_as_long():
    assert wait_after(3, "a") == wait_after(3, "a") != wait_after(3, "b")


def test_twelve_tries_take_about_half_a_day():
    whole = sum((wait_after(tries, "a") for tries in range(1, 12)), timedelta())

    assert timedelta(hours=10) < whole < timedelta(hours=12)


def test_an_answer_has_its_words():
    assert [(each.label.zh, each.label.en) for each in Answer] == [("知悉", "acknowledge")]
