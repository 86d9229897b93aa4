"""The kinds of duty that are shipped, what a kind may not be, and on which day each step comes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.duties.kinds import kinds, parse_kind
from rules.duties.ladder import day_of, days_late, next_on, reached
from rules.policy import default_text, read_policy
from rules.workdays import published

CALENDAR = published(date(2026, 3, 2))
FRIDAY = date(2026, 3, 6)

GOOD = """
schema = 1
key = "report"
zh = "报送"
en = "report"
holder = "owner"
count = "calendar"
source = "our choice"
[[steps]]
days = -1
tell = ["holder"]
[[steps]]
days = 1
tell = ["holder", "superior"]
case = true
[raised]
category = "management"
measure = "补报"
"""


def test_the_shipped_kinds_are_those_that_others_open():
    assert set(kinds()) == {
        "register", "report", "inspection", "daily_check", "self_check", "training", "letter",
        "assessment", "stock_count", "stock_filing", "stock_transfer", "feedback",
        "guard_review", "guard_reviewing",
    }  # fmt: skip


def test_what_a_kind_raises_is_a_category_of_our_policy():
    policy = read_policy(default_text())
    raised = {each.raised.category for each in kinds().values() if each.raised}

    assert {key for key in raised if policy.category(key) is None} == set()


@pytest.mark.parametrize(
    ("was", "bad"),
    [
        ("days = -1", "days = 1"),  # two steps of one day
        ("days = 1", "days = -2"),  # backwards
        ("days = 1\n", "days = 0\n"),  # a case on the due day
        ("case = true\n", ""),  # what it is raised as, and no step that raises
        ("days = -1", "days = 366"),
        ('tell = ["holder"]', "tell = []"),
        ('tell = ["holder"]', 'tell = ["everybody"]'),
        ('holder = "owner"', 'holder = "ladder"'),
        ('holder = "owner"', 'holder = "owner"\nunknown = 1'),
        ('source = "our choice"', 'source = ""'),
        ('key = "report"', 'key = "Report!"'),
        ('count = "calendar"', 'count = "lunar"'),
    ],
)
def test_a_kind_that_cannot_be_is_refused(was, bad):
    assert parse_kind(GOOD).key == "report"

    with pytest.raises(ValidationError):
        parse_kind(GOOD.replace(was, bad, 1))


def test_two_steps_that_raise_a_case_are_refused():
    second = '[[steps]]\ndays = 2\ntell = ["holder"]\ncase = true\n[raised]'

    with pytest.raises(ValidationError):
        parse_kind(GOOD.replace("[raised]", second))


# The day before, the day, the day after of each step of a report due on Friday 6 March.
@pytest.mark.parametrize(
    ("today", "steps"),
    [
        (date(2026, 3, 4), []),
        (date(2026, 3, 5), [-1]),
        (date(2026, 3, 6), [-1]),
        (date(2026, 3, 7), [-1]),  # Saturday
        (date(2026, 3, 8), [-1]),
        (date(2026, 3, 9), [-1, 1]),
        (date(2026, 3, 10), [-1, 1, 2]),
        (date(2026, 3, 11), [-1, 1, 2, 3]),
    ],
)
def test_which_steps_of_working_days_a_day_has_reached(today, steps):
    found = reached(kinds()["report"], FRIDAY, CALENDAR, today)

    assert [each.days for each in found] == steps


@pytest.mark.parametrize(
    ("due", "step", "day"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday worked before Spring Festival
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # the first day after it
        (date(2026, 3, 8), 1, date(2026, 3, 9)),  # due on a Sunday
        (date(2027, 3, 5), 1, date(2027, 3, 8)),  # a year no notice covers: a guess
    ],
)
def test_working_days_follow_the_calendar(due, step, day):
    kind = kinds()["report"]
    wanted = next(each for each in kind.steps if each.days == step)

    assert day_of(kind, wanted, due, CALENDAR) == day


@pytest.mark.parametrize(
    ("today", "days"),
    [(FRIDAY - timedelta(1), 0), (FRIDAY, 0), (FRIDAY + timedelta(1), 1)],
)
def test_the_day_after_the_due_day_is_late(today, days):
    assert days_late(FRIDAY, today) == days


@given(
    st.sampled_from(sorted(kinds())),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.integers(-90, 40),
)
def test_taking_what_is_reached_leaves_only_what_is_not(key, due, days):
    kind, today = kinds()[key], due + timedelta(days)

    taken = reached(kind, due, CALENDAR, today)
    last = taken[-1].days if taken else None
    following = next_on(kind, due, CALENDAR, after=last)

    assert following is None or following > today
    assert reached(kind, due, CALENDAR, today, after=last) == []
