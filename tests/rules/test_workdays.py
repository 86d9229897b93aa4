import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import days_of, notices
from rules.wording import Trouble
from rules.workdays import (
    CHINA,
    CalendarEnds,
    DayOverride,
    Estimate,
    Term,
    TermKind,
    china_day,
    close_of,
    day_due,
    open_of,
    published,
)

DATA = Path(__file__).parent / "data"
VECTORS = json.loads((DATA / "vectors_2020.json").read_text("utf-8"))
UPSTREAM = json.loads((DATA / "holiday_cn_upstream_cases.json").read_text("utf-8"))

NEWEST = published()
BEFORE_EXTENSION = published(date(2020, 1, 25))

d = date.fromisoformat
days = st.dates(date(2008, 1, 1), date(2024, 12, 31))
counts = st.integers(min_value=1, max_value=200)

NEW_YEAR_2027 = [DayOverride(date(2027, 1, n), off=True, name="元旦") for n in (1, 2, 3)]
SPRING_2027 = [DayOverride(date(2027, 2, n), off=True, name="春节") for n in range(5, 14)]
NATIONAL_DAY_2027 = [DayOverride(date(2027, 10, n), off=True, name="国庆节") for n in (1, 2)]
TERMS = (
    Term(TermKind.TERM, date(2025, 9, 1), date(2026, 1, 23)),
    Term(TermKind.TERM, date(2026, 3, 2), date(2026, 7, 3)),
)


@pytest.mark.parametrize(("start", "n", "expected"), VECTORS["add"])
def test_working_days_are_counted_from_the_day_after(start, n, expected):
    assert NEWEST.add_workdays(d(start), n) == d(expected)


@pytest.mark.parametrize(("start", "n", "expected"), VECTORS["same_under_original_notice_2019_16"])
def test_before_the_extension_of_2020_the_older_notice_counts(start, n, expected):
    assert BEFORE_EXTENSION.add_workdays(d(start), n) == d(expected)


@pytest.mark.parametrize(("day", "expected"), VECTORS["is_workday"].items())
def test_which_days_are_worked(day, expected):
    assert NEWEST.is_workday(d(day)) is expected


@pytest.mark.parametrize(("year", "expected"), VECTORS["workdays_per_year"].items())
def test_how_many_days_a_year_are_worked(year, expected):
    eve = date(int(year) - 1, 12, 31)
    assert NEWEST.workdays_between(eve, date(int(year), 12, 31)) == expected


@pytest.mark.parametrize("case", UPSTREAM, ids=lambda case: case["description"][:24])
def test_the_shipped_days_agree_with_the_wording_of_the_notices(case):
    named = {(d(day["date"]), day["isOffDay"]) for day in case["expected"]}
    off = {(day, True) for day in NEWEST.off}
    on = {(day, False) for day in NEWEST.on}
    assert named <= off | on


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2007-12-28", True),
        ("2007-12-29", True),  # a Saturday, named in the notice for 2008
        ("2007-12-31", False),
        ("2011-12-31", True),  # a Saturday, named in the notice for 2012
        ("2018-12-29", True),
        ("2018-12-31", False),
        ("2022-12-30", True),
        ("2022-12-31", False),
        ("2026-12-31", True),
    ],
)
def test_the_last_days_of_december_come_from_the_next_years_notice(day, worked):
    assert NEWEST.is_workday(d(day)) is worked


@pytest.mark.parametrize(
    ("as_of", "version", "last"),
    [
        ("2006-12-14", "cn-2007.1", "2007-12-31"),
        ("2015-05-12", "cn-2015.1", "2015-12-31"),
        ("2015-05-13", "cn-2015.2", "2015-12-31"),
        ("2019-11-20", "cn-2019.2", "2019-12-31"),
        ("2019-11-21", "cn-2020.1", "2020-12-31"),
        ("2020-01-25", "cn-2020.1", "2020-12-31"),
        ("2020-01-26", "cn-2020.2", "2020-12-31"),
        ("2026-11-30", "cn-2026.1", "2026-12-31"),
    ],
)
def test_a_calendar_is_what_was_known_that_day(as_of, version, last):
    known = published(d(as_of))

    assert (known.version, known.first, known.last) == (version, date(2007, 1, 1), d(last))


@pytest.mark.parametrize(
    ("day", "as_of_before", "before", "after"),
    [
        ("2020-01-31", "2020-01-25", True, False),
        ("2020-02-01", "2020-01-25", True, False),  # a Saturday to be worked, then not
        ("2020-02-02", "2020-01-25", False, False),
        ("2020-02-03", "2020-01-25", True, True),
        ("2019-04-28", "2019-03-21", False, True),
        ("2019-05-02", "2019-03-21", True, False),
        ("2019-05-05", "2019-03-21", False, True),
        ("2015-09-03", "2015-05-12", True, False),
        ("2015-09-06", "2015-05-12", False, True),
    ],
)
def test_an_amendment_changes_only_what_is_asked_after_it(day, as_of_before, before, after):
    assert published(d(as_of_before)).is_workday(d(day)) is before
    assert NEWEST.is_workday(d(day)) is after


def test_a_december_is_not_yet_moved_before_the_next_notice_is_out():
    assert not published(date(2018, 12, 3)).is_workday(date(2018, 12, 29))
    assert published(date(2018, 12, 4)).is_workday(date(2018, 12, 29))


def test_before_the_first_notice_nothing_is_published():
    with pytest.raises(CalendarEnds, match="2006-12-13"):
        published(date(2006, 12, 13))


def test_the_notices_are_in_the_order_they_were_issued():
    issued = [notice.issued for notice in notices()]

    assert issued == sorted(set(issued))


@pytest.mark.parametrize("notice", notices(), ids=lambda notice: notice.version)
def test_every_notice_names_days_of_its_own_year_and_the_december_before(notice):
    assert {each.day.year for each in days_of(notice)} <= {notice.year - 1, notice.year}


def test_days_are_made_up_for_on_weekends():
    on_weekdays = [day for day in NEWEST.on if day.weekday() < 5]

    assert on_weekdays == [date(2020, 2, 3)]  # back to work, as the extension says in words


@pytest.mark.parametrize("day", ["2006-12-31", "2027-01-01"])
def test_outside_the_calendar_nothing_is_guessed(day):
    assert not NEWEST.covers(d(day))
    with pytest.raises(CalendarEnds, match=day):
        NEWEST.is_workday(d(day))
    with pytest.raises(CalendarEnds, match=day):
        NEWEST.add_workdays(d(day), 1)


@pytest.mark.parametrize(("start", "n"), [("2026-12-31", 1), ("2007-01-01", -1)])
def test_counting_out_of_the_calendar_is_refused(start, n):
    with pytest.raises(CalendarEnds):
        NEWEST.add_workdays(d(start), n)


def test_the_refusal_says_how_to_mend_it_in_both_languages():
    with pytest.raises(CalendarEnds) as caught:
        NEWEST.add_workdays(date(2026, 12, 31), 1)

    assert "2027-01-01" in caught.value.say("zh")
    assert "bihuan calendar" in caught.value.say("zh")
    assert "bihuan calendar" in caught.value.say("en")


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2026-12-30", 1, Estimate(date(2026, 12, 31), estimated=False)),
        ("2026-12-30", 2, Estimate(date(2027, 1, 1), estimated=True)),  # a Friday, by guess
        ("2026-12-30", 3, Estimate(date(2027, 1, 4), estimated=True)),
        ("2027-03-05", 1, Estimate(date(2027, 3, 8), estimated=True)),
        ("2027-01-01", -1, Estimate(date(2026, 12, 31), estimated=True)),
        ("2027-01-02", 0, Estimate(date(2027, 1, 2), estimated=True)),
    ],
)
def test_an_estimate_counts_monday_to_friday_and_says_so(start, n, expected):
    assert NEWEST.estimate(d(start), n) == expected


@pytest.mark.parametrize(("start", "n"), [("2006-12-31", 1), ("2007-01-04", -9)])
def test_nothing_before_2007_is_estimated(start, n):
    with pytest.raises(CalendarEnds):
        NEWEST.estimate(d(start), n)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2006-12-31", "Check the date"),
        ("2026-12-29", "may still move"),
        ("2026-12-31", "may still move"),
        ("2027-01-01", "bihuan calendar"),
    ],
)
def test_a_due_date_too_far_off_warns(day, words):
    assert words in NEWEST.warning(d(day)).en


def test_a_covered_day_warns_of_nothing():
    assert NEWEST.warning(date(2026, 12, 28)) is None


@pytest.mark.parametrize(
    ("day", "name"),
    [("2026-10-01", "国庆节"), ("2026-10-10", ""), ("2026-10-11", ""), ("2020-02-01", "春节")],
)
def test_only_a_holiday_has_a_name(day, name):
    assert NEWEST.name_of(d(day)) == name


def test_a_late_announcement_wins_over_the_notice():
    late = NEWEST.overlay(
        [
            DayOverride(date(2026, 9, 3), off=True, name="纪念日"),
            DayOverride(date(2026, 9, 5), off=False),
        ]
    )

    assert not late.is_workday(date(2026, 9, 3))
    assert late.is_workday(date(2026, 9, 5))
    assert late.name_of(date(2026, 9, 3)) == "纪念日"
    assert NEWEST.is_workday(date(2026, 9, 3))


def test_the_later_of_two_overrides_wins():
    off, on = (DayOverride(date(2026, 9, 5), off=off) for off in (True, False))

    assert NEWEST.overlay([off, on]).is_workday(date(2026, 9, 5))
    assert not NEWEST.overlay([on, off]).is_workday(date(2026, 9, 5))
    assert not NEWEST.overlay([on]).overlay([off]).is_workday(date(2026, 9, 5))


def test_an_overlay_changes_the_version_by_its_content():
    one = DayOverride(date(2026, 9, 3), off=True)
    two = DayOverride(date(2026, 9, 5), off=False)

    assert NEWEST.overlay([]) is NEWEST
    assert NEWEST.overlay([one, two]) == NEWEST.overlay([two, one])
    assert NEWEST.overlay([one]).version == "cn-2026.1+c88f8f34"
    assert NEWEST.overlay([one]) != NEWEST.overlay([two])
    assert NEWEST.overlay([one]) != NEWEST.overlay([one], TERMS)
    assert NEWEST.overlay([one]) != BEFORE_EXTENSION.overlay([one])


def test_a_year_is_covered_once_its_notice_is_all_there():
    partly = NEWEST.overlay([*NEW_YEAR_2027, *SPRING_2027])
    nearly = partly.overlay(NATIONAL_DAY_2027[1:])
    wholly = partly.overlay(NATIONAL_DAY_2027)

    assert [c.last.year for c in (partly, nearly, wholly)] == [2026, 2026, 2027]
    assert wholly.add_workdays(date(2026, 12, 31), 1) == date(2027, 1, 4)


def test_an_estimate_knows_the_days_already_entered():
    partly = NEWEST.overlay(NEW_YEAR_2027)

    assert partly.estimate(date(2026, 12, 31), 1) == Estimate(date(2027, 1, 4), estimated=True)
    assert not partly.likely_workday(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-08-29", True),  # before the first term nothing is known
        ("2025-09-01", True),
        ("2025-10-01", False),  # in term, but a holiday
        ("2025-10-11", True),  # a Saturday made up for
        ("2026-01-23", True),
        ("2026-01-26", False),  # between two terms
        ("2026-03-02", True),
        ("2026-07-06", True),  # after the last term nothing is known
    ],
)
def test_school_is_kept_on_working_days_in_term(day, expected):
    assert NEWEST.overlay([], TERMS).is_school_day(d(day)) is expected


def test_without_terms_every_working_day_is_a_school_day():
    assert NEWEST.is_school_day(date(2026, 7, 20))
    assert not NEWEST.is_school_day(date(2026, 7, 19))


def test_a_break_entered_later_cuts_into_the_term():
    summer = Term(TermKind.SUMMER_BREAK, date(2026, 7, 1), date(2026, 8, 31))
    calendar = NEWEST.overlay([], [*TERMS, summer])

    assert calendar.is_school_day(date(2026, 6, 30))
    assert not calendar.is_school_day(date(2026, 7, 1))
    assert not calendar.is_school_day(date(2026, 8, 31))
    assert calendar.is_school_day(date(2026, 9, 1))


def test_a_term_that_ends_before_it_starts_is_refused():
    with pytest.raises(Trouble, match="ends on 2026-01-01") as caught:
        Term(TermKind.WINTER_BREAK, date(2026, 1, 2), date(2026, 1, 1))

    assert "寒假" in caught.value.say("zh")


@given(days, counts)
def test_going_back_undoes_going_forward_from_a_working_day(day, n):
    day = NEWEST.add_workdays(day, 1)

    assert NEWEST.add_workdays(NEWEST.add_workdays(day, n), -n) == day


@given(days, counts, counts)
def test_limits_add_up(day, n, more):
    assert NEWEST.add_workdays(NEWEST.add_workdays(day, n), more) == NEWEST.add_workdays(
        day, n + more
    )


@given(days, days, counts)
def test_a_later_start_is_never_due_earlier(one, other, n):
    earlier, later = sorted((one, other))

    assert NEWEST.add_workdays(earlier, n) <= NEWEST.add_workdays(later, n)


@given(days, st.integers(min_value=-200, max_value=200).filter(bool))
def test_between_counts_what_add_added(day, n):
    assert NEWEST.workdays_between(day, NEWEST.add_workdays(day, n)) == n


@given(days, counts)
def test_an_estimate_inside_the_calendar_is_exact(day, n):
    assert NEWEST.estimate(day, n) == (NEWEST.add_workdays(day, n), False)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 3, 9, 15, 59, 59, tzinfo=UTC), date(2026, 3, 9)),
        (datetime(2026, 3, 9, 16, 0, tzinfo=UTC), date(2026, 3, 10)),
        (datetime(2026, 3, 9, 23, 59, tzinfo=CHINA), date(2026, 3, 9)),
    ],
)
def test_a_day_begins_at_midnight_in_china(moment, expected):
    assert china_day(moment) == expected


def test_a_moment_without_its_zone_has_no_day():
    with pytest.raises(ValueError, match="time zone"):
        china_day(datetime(2026, 3, 9))  # noqa: DTZ001 the point of the test


def test_a_day_closes_at_twenty_four_hours_as_the_next_one_opens():
    assert close_of(date(2026, 12, 31)) == datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert open_of(date(2027, 1, 1)) == close_of(date(2026, 12, 31))


@given(days)
def test_the_day_due_is_the_day_closed(day):
    assert day_due(close_of(day)) == day
    assert day_due(close_of(day).astimezone(UTC)) == day
    assert day_due(close_of(day) - timedelta(hours=9)) == day
