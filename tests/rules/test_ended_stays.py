"""A stay ends where a stage is left, however often its clock was continued or begun anew."""

from collections import namedtuple
from datetime import datetime

import pytest

from rules.deadlines import Stage
from rules.ended_stays import EndedStay, ended_stays

Clock = namedtuple("Clock", "stage cause started_at due_at stopped_at")


def at(text):
    return datetime.fromisoformat(f"2026-03-{text}+08:00")


def clock(stage, cause, began, due, ended):
    return Clock(stage, cause, at(began), at(due), at(ended))


@pytest.mark.parametrize(
    ("ended", "days", "late"),
    [
        ("02T23:59", 0, False),  # the evening of the day it began
        ("03T00:00", 1, False),  # a minute later, by China's calendar
        ("04T23:59", 2, False),
        ("05T00:00", 3, True),  # due until the end of the fourth
    ],
)
def test_days_are_those_of_the_calendar_and_late_begins_with_the_due_moment(ended, days, late):
    clocks = [clock(Stage.PLAN, "report", "02T09:00", "05T00:00", ended)]

    assert list(ended_stays(clocks)) == [EndedStay(Stage.PLAN, at("02T09:00"), days, late)]


@pytest.mark.parametrize("cause", ["grant_extension", "grade", "transfer", "no_access"])
def test_a_continued_clock_is_the_same_stay(cause):
    clocks = [
        clock(Stage.PLAN, "report", "02T09:00", "05T00:00", "04T09:00"),
        clock(Stage.PLAN, cause, "04T09:00", "08T00:00", "07T09:00"),
    ]

    assert list(ended_stays(clocks)) == [EndedStay(Stage.PLAN, at("02T09:00"), 5, late=False)]


def test_a_stay_that_ran_over_before_it_was_begun_anew_is_late():
    clocks = [
        clock(Stage.PLAN, "report", "02T09:00", "05T00:00", "06T09:00"),
        clock(Stage.PLAN, "transfer", "06T09:00", "09T00:00", "07T09:00"),
    ]

    assert list(ended_stays(clocks)) == [EndedStay(Stage.PLAN, at("02T09:00"), 5, late=True)]


def test_a_stage_entered_again_is_another_stay():
    clocks = [
        clock(Stage.RECTIFICATION, "approve_plan", "02T09:00", "05T00:00", "03T09:00"),
        clock(Stage.VERIFICATION, "claim", "03T09:00", "05T00:00", "04T09:00"),
        clock(Stage.RECTIFICATION, "fail", "04T09:00", "08T00:00", "06T09:00"),
    ]

    assert [(each.stage, each.days) for each in ended_stays(clocks)] == [
        (Stage.RECTIFICATION, 1), (Stage.VERIFICATION, 1), (Stage.RECTIFICATION, 2),
    ]  # fmt: skip


def test_no_clocks_are_no_stays():
    assert list(ended_stays([])) == []
