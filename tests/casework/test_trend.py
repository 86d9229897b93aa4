"""Months: whole ones by China's calendar, the latest last, counted on both sides of midnight."""

from datetime import date, datetime

import pytest

from casework.trend import count_months
from tests.offices import MONDAY_9AM, closed, reported


@pytest.mark.parametrize(
    ("at", "first", "last"),
    [
        ("2026-03-02T09:00+08:00", date(2025, 4, 1), date(2026, 3, 31)),
        ("2026-01-01T00:00+08:00", date(2025, 2, 1), date(2026, 1, 31)),
        ("2025-12-31T23:59+08:00", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025-12-31T16:00+00:00", date(2025, 2, 1), date(2026, 1, 31)),
    ],
)
def test_the_twelve_months_end_with_todays(sqlite_office, at, first, last):
    months = count_months(sqlite_office, by="committee1", as_of=datetime.fromisoformat(at))

    assert (months[0].first, months[-1].last, len(months)) == (first, last, 12)


def test_a_month_counts_what_was_found_in_it_and_what_of_that_is_open(office):
    reported(office, found_on=date(2026, 2, 28))
    reported(office, found_on=date(2026, 3, 1))
    closed(office, found_on=date(2026, 3, 2))
    reported(office, unit="S3", found_on=date(2024, 1, 1))

    months = count_months(office, by="committee1", as_of=MONDAY_9AM)
    elsewhere = count_months(office, by="cluster2", as_of=MONDAY_9AM)

    assert [(each.found, each.closed, each.open) for each in months[-2:]] == [(1, 0, 1), (2, 1, 1)]
    assert sum(each.found for each in months) == 3
    assert sum(each.found for each in elsewhere) == 0
