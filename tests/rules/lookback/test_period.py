"""A period said relative to a day means the same days whoever asks."""

from datetime import date

import pytest

from rules.faults import Unfit
from rules.lookback.period import read_period

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("last-month", date(2026, 3, 1), "2026-02-01..2026-02-28"),
        ("last-month", date(2026, 2, 28), "2026-01-01..2026-01-31"),
        ("上月", date(2026, 1, 1), "2025-12-01..2025-12-31"),
        ("last-month", date(2028, 3, 5), "2028-02-01..2028-02-29"),
        ("last-quarter", date(2026, 3, 31), "2025-10-01..2025-12-31"),
        ("last-quarter", date(2026, 4, 1), "2026-01-01..2026-03-31"),
        ("last-half-year", date(2026, 6, 30), "2025-07-01..2025-12-31"),
        ("last-half-year", date(2026, 7, 1), "2026-01-01..2026-06-30"),
        ("上年", DAY, "2025-01-01..2025-12-31"),
        ("1d", DAY, "2026-03-01..2026-03-01"),
        ("90天", DAY, "2025-12-02..2026-03-01"),
        ("2026-02", DAY, "2026-02-01..2026-02-28"),
        ("2026-12", DAY, "2026-12-01..2026-12-31"),
        ("2026Q4", DAY, "2026-10-01..2026-12-31"),
        ("2025", DAY, "2025-01-01..2025-12-31"),
        ("２０２６-01-05..2026-03-02", DAY, "2026-01-05..2026-03-02"),
        ("2026-01-05..2026-01-05", DAY, "2026-01-05..2026-01-05"),
    ],
)
def test_the_days_a_period_means(text, day, expected):
    assert str(read_period(text, day)) == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13", "2026Q5", "0d", "2026-02-30..2026-03-01", "2026/03", "0000"]
)
def test_what_is_no_period_is_refused_with_examples(text):
    with pytest.raises(Unfit, match="is not a period") as told:
        read_period(text, DAY)

    assert "last-month" in told.value.remedy.zh


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(Unfit, match="ends before it starts"):
        read_period("2026-03-02..2026-03-01", DAY)
