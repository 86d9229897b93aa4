"""When a bus may move and how fast, and whose offences repeat: both sides of each line."""

from datetime import date, datetime, timedelta

import pytest

from rules.buses.repeating import is_repeat_offender
from rules.buses.sightings import (
    USUAL,
    Road,
    Stray,
    is_moving,
    is_speeding,
    movement_fault,
    runs_of,
)
from rules.overrides import Term, TermKind
from rules.workdays import CHINA, published

RUNS = runs_of("06:40", "07:40", "16:20", "17:30", "", "18:00")
TERM = Term(TermKind.TERM, date(2026, 2, 24), date(2026, 6, 30))
NEXT = Term(TermKind.TERM, date(2026, 9, 1), date(2027, 1, 22))
CALENDAR = published(date(2026, 3, 2)).overlay([], [TERM, NEXT])
TODAY = date(2026, 3, 31)


def fault(moment, *, vetoed=False):
    at = datetime.fromisoformat(moment).replace(tzinfo=CHINA)
    return movement_fault(at, RUNS, CALENDAR, vetoed=vetoed)


@pytest.mark.parametrize(("moment", "expected"), [
    ("2026-03-02T06:39:59", Stray.OUTSIDE),  # the minute before
    ("2026-03-02T06:40:00", None),
    ("2026-03-02T07:40:59", None),           # the last minute, as the plate names it
    ("2026-03-02T07:41:00", Stray.OUTSIDE),
    ("2026-03-02T16:19:59", Stray.OUTSIDE),
    ("2026-03-02T17:30:00", None),
    ("2026-03-02T17:45:00", Stray.OUTSIDE),  # a run half named is none
    ("2026-03-07T07:00:00", Stray.OFF_DAY),  # Saturday
    ("2026-02-28T07:00:00", None),           # a Saturday worked for the Spring Festival
    ("2026-04-06T07:00:00", Stray.OFF_DAY),  # Qingming, a Monday
    ("2026-06-30T07:00:00", None),           # the last day of term
    ("2026-07-01T07:00:00", Stray.OFF_DAY),
])  # fmt: skip
def test_a_bus_moves_on_school_runs_alone(moment, expected):
    assert fault(moment) is expected


def test_a_vetoed_bus_may_not_move_even_on_a_school_run():
    assert fault("2026-03-02T07:00:00", vetoed=True) is Stray.VETOED


def test_moments_of_another_zone_are_judged_by_chinas_clock():
    at = datetime.fromisoformat("2026-03-01T23:00:00+00:00")  # Monday, seven in China

    assert movement_fault(at, RUNS, CALENDAR, vetoed=False) is None
    assert movement_fault(at, USUAL, CALENDAR, vetoed=False) is None


@pytest.mark.parametrize(("road", "speed", "over"), [
    (Road.EXPRESSWAY, 80, False), (Road.EXPRESSWAY, 81, True),
    (Road.ORDINARY, 60, False), (Road.ORDINARY, 61, True),
    (Road.SPECIAL, 20, False), (Road.SPECIAL, 21, True),
    (Road.SPECIAL, None, False),
])  # fmt: skip
def test_the_limit_itself_is_allowed(road, speed, over):
    assert is_speeding(speed, road) is over


@pytest.mark.parametrize(("speed", "moves"), [(None, False), (0, False), (4, False), (5, True)])
def test_a_parked_receiver_drifts_and_is_no_movement(speed, moves):
    assert is_moving(speed) is moves


@pytest.mark.parametrize(("back", "lifted", "repeats"), [
    ((0, 1, 29), None, True),     # the third on the thirtieth day
    ((0, 1, 30), None, False),    # on the thirty-first
    ((0, 1), None, False),
    ((-1, 0, 1), None, False),    # tomorrow's does not count yet
    ((0, 1, 2), 2, False),        # what was before the veto was lifted, that day too, is settled
    ((0, 1, 2), 3, True),
])  # fmt: skip
def test_three_offences_in_thirty_days_make_a_repeat_offender(back, lifted, repeats):
    days = [TODAY - timedelta(days=n) for n in back]
    lifted_on = TODAY - timedelta(days=lifted) if lifted else None

    assert is_repeat_offender(days, TODAY, lifted_on) is repeats
