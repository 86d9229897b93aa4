"""Which days a filing is about, and by which day it is due."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.faults import Unfit
from rules.filings.bounds import FilingBounds
from rules.filings.periods import (
    PeriodKind,
    before,
    ended_between,
    period_on,
    read_period,
    recent,
)
from rules.filings.tiers import Tier

CALENDAR = [kind for kind in PeriodKind if kind is not PeriodKind.CAMPAIGN]


@pytest.mark.parametrize(
    ("kind", "day", "key", "first", "last"),
    [
        # The week over New Year is of the year its Thursday lies in.
        ("week", date(2026, 12, 27), "2026-W52", date(2026, 12, 21), date(2026, 12, 27)),
        ("week", date(2026, 12, 28), "2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("week", date(2027, 1, 3), "2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("week", date(2027, 1, 4), "2027-W01", date(2027, 1, 4), date(2027, 1, 10)),
        ("week", date(2024, 12, 30), "2025-W01", date(2024, 12, 30), date(2025, 1, 5)),
        ("month", date(2026, 2, 28), "2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("month", date(2028, 2, 29), "2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("month", date(2026, 12, 31), "2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 3, 31), "2026Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("quarter", date(2026, 4, 1), "2026Q2", date(2026, 4, 1), date(2026, 6, 30)),
        ("quarter", date(2026, 12, 31), "2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("year", date(2026, 12, 31), "2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("day", date(2026, 2, 28), "2026-02-28", date(2026, 2, 28), date(2026, 2, 28)),
    ],
)
def test_the_period_a_day_lies_in(kind, day, key, first, last):
    period = period_on(PeriodKind(kind), day)

    assert (period.key, period.first, period.last) == (key, first, last)


@pytest.mark.parametrize(
    ("kind", "key", "level", "due"),
    [
        # 总局令第16号 Art. 14: by the 15th of the month after the quarter, by 31 January.
        ("quarter", "2026Q1", Tier.UNIT, date(2026, 4, 15)),
        ("quarter", "2026Q4", Tier.UNIT, date(2027, 1, 15)),
        ("year", "2026", Tier.UNIT, date(2027, 1, 31)),
        ("year", "2027", Tier.UNIT, date(2028, 1, 31)),
        ("week", "2026-W48", Tier.UNIT, date(2026, 11, 30)),  # the Monday after
        ("week", "2026-W53", Tier.UNIT, date(2027, 1, 4)),
        ("week", "2026-W48", Tier.COMMITTEE, date(2026, 12, 2)),
        ("month", "2026-02", Tier.UNIT, date(2026, 3, 5)),
        ("month", "2026-12", Tier.CLUSTER, date(2027, 1, 7)),
        ("day", "2026-11-24", Tier.UNIT, date(2026, 11, 24)),
        ("campaign", "2026-11-01..2026-12-15", Tier.UNIT, date(2026, 12, 20)),
    ],
)
def test_the_day_by_which_a_filing_is_due(kind, key, level, due):
    period = read_period(PeriodKind(kind), key)

    assert FilingBounds().due_on(period, level) == due


@pytest.mark.parametrize(
    ("kind", "written", "key"),
    [
        ("week", "2026-w48", "2026-W48"), ("week", "2026W48", "2026-W48"),
        ("week", "2026-11-24", "2026-W48"), ("month", "2026-3", "2026-03"),
        ("month", " 2026-03 ", "2026-03"), ("quarter", "2026q4", "2026Q4"),
        ("year", "２０２６", "2026"), ("day", "2026-11-24", "2026-11-24"),
        ("campaign", "2026-11-01 .. 2026-12-15", "2026-11-01..2026-12-15"),
    ],
)  # fmt: skip
def test_a_period_is_read_as_people_write_it(kind, written, key):
    assert read_period(PeriodKind(kind), written).key == key


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("week", "2027-W53"), ("week", "2026-W00"), ("month", "2026-13"), ("month", "2026"),
        ("quarter", "2026Q5"), ("year", "26"), ("day", "2026-02-30"), ("day", "today"),
        ("campaign", "2026-11"), ("campaign", "2026-12-15..2026-11-01"),
        ("campaign", "2026-01-01..2028-01-01"), ("year", "0000"), ("month", ""),
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_an_example(kind, written):
    with pytest.raises(Unfit) as refused:
        read_period(PeriodKind(kind), written)

    assert "例如" in refused.value.remedy.zh


@given(st.sampled_from(CALENDAR), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_periods_follow_one_another_without_a_gap(kind, day):
    period = period_on(kind, day)

    assert period.first <= day <= period.last
    assert read_period(kind, period.key) == period
    assert before(period).last == period.before
    assert period.label.zh
    assert period.label.en


def test_what_ended_since_a_day_is_each_period_once():
    found = ended_between(PeriodKind.MONTH, date(2025, 11, 30), date(2026, 3, 1))

    assert [each.key for each in found] == ["2025-12", "2026-01", "2026-02"]


@pytest.mark.parametrize(
    ("today", "keys"),
    [
        (date(2026, 11, 29), []),  # Sunday: the week is not over
        (date(2026, 11, 30), ["2026-W48"]),
        (date(2026, 12, 7), ["2026-W48", "2026-W49"]),
    ],
)
def test_a_week_has_ended_on_the_monday_after(today, keys):
    found = ended_between(PeriodKind.WEEK, date(2026, 11, 22), today)

    assert [each.key for each in found] == keys


@pytest.mark.parametrize(("kind", "keys"), [
    (PeriodKind.WEEK, ["2026-W01", "2025-W52", "2025-W51"]),
    (PeriodKind.MONTH, ["2026-01", "2025-12", "2025-11"]),
    (PeriodKind.QUARTER, ["2026Q1", "2025Q4", "2025Q3"]),
    (PeriodKind.CAMPAIGN, []),
])  # fmt: skip
def test_the_running_period_and_those_before_it(kind, keys):
    assert [each.key for each in recent(kind, date(2026, 1, 2), 3)] == keys
