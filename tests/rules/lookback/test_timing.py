"""Schedules fall on working days, around terms, holidays and make-up days."""

from datetime import date

import pytest

from rules.faults import Unfit
from rules.lookback.timing import Timing
from rules.workdays import DayOverride, Term, TermKind, published

CALENDAR = published().overlay(
    [],
    [
        Term(TermKind.TERM, date(2025, 9, 1), date(2026, 1, 23)),
        Term(TermKind.WINTER_BREAK, date(2026, 1, 24), date(2026, 2, 23)),
        Term(TermKind.TERM, date(2026, 2, 25), date(2026, 7, 3)),
        Term(TermKind.TERM, date(2026, 9, 1), date(2027, 1, 22)),
    ],
)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def days(text, first=YEAR[0], last=YEAR[1], calendar=CALENDAR):
    found = Timing.parse(text).occurrences(calendar, first, last)
    return [f"{day:%m-%d}" for day in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 3 Jan is a holiday, 4 Jan a make-up Sunday; 15 to 23 Feb the Spring Festival.
        (
            "monthly:3",
            ["01-04", "02-03", "03-03", "04-03", "05-06", "06-03", "07-03", "08-03", "09-03",
             "10-08", "11-03", "12-03"],
        ),
        ("quarterly:1", ["01-04", "04-01", "07-01", "10-08"]),
        ("每季度:5", ["01-05", "04-07", "07-06", "10-08"]),
        # The five working days before 25 Feb: 24 Feb, then before the festival, 14 Feb a make-up.
        ("before-term:1wd", ["02-24", "08-31"]),
        ("before-term:5wd", ["02-11", "08-25"]),
        ("开学前:2", ["02-14", "08-28"]),
        ("after-holiday:1wd", ["01-04", "02-24", "04-07", "05-06", "06-22", "09-28", "10-08"]),
        ("节后:2wd", ["01-05", "02-25", "04-08", "05-07", "06-23", "09-29", "10-09"]),
    ],
)  # fmt: skip
def test_a_year_of_draws(text, expected):
    assert days(text) == expected


def test_a_stretch_holds_what_falls_on_its_own_first_and_last_day():
    assert days("monthly:5", date(2026, 3, 5), date(2026, 3, 5)) == ["03-05"]
    assert days("monthly:5", date(2026, 3, 6), date(2026, 4, 6)) == []


def test_a_day_moved_by_a_late_announcement_moves_the_draw():
    later = CALENDAR.overlay([DayOverride(date(2026, 3, 3), off=True, name="停课")])

    assert days("monthly:3", date(2026, 3, 1), date(2026, 3, 31), later) == ["03-04"]


def test_beyond_the_published_holidays_weekdays_are_guessed():
    assert days("monthly:1", date(2031, 2, 1), date(2031, 2, 28)) == ["02-03"]


@pytest.mark.parametrize(
    "text", ["monthly:5", "quarterly:10", "before-term:5wd", "after-holiday:2wd"]
)
def test_a_timing_is_written_as_it_is_read(text):
    assert str(Timing.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "monthly", "monthly:0", "monthly:29", "monthly:5wd", "daily:1", "before-term:61wd"]
)
def test_what_is_no_timing_is_refused_with_examples(text):
    with pytest.raises(Unfit, match="is not a timing") as told:
        Timing.parse(text)

    assert "monthly:5" in told.value.remedy.en
