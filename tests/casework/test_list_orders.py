"""A list stands in any of its orders, shows more columns when asked, and masks names."""

import json
from base64 import urlsafe_b64encode
from datetime import date, timedelta

import pytest

from casework.case_list import Filter, list_cases
from casework.errors import Invalid
from casework.list_pages import Order
from tests.offices import MONDAY_9AM, closed, reported

LATER = MONDAY_9AM + timedelta(days=5)


def numbers(office, order, **asked):
    page = list_cases(office, Filter(), by="committee1", as_of=LATER, order=order, **asked)
    return [int(row["number"][-3:]) for row in page.rows], page.after


def one_by_one(office, order):
    """Return what pages of one case show, one after another."""
    found, after = numbers(office, order, size=1)
    while after:
        more, after = numbers(office, order, size=1, after=after)
        found += more
    return found


@pytest.fixture
def mixed(office):
    reported(office, found_on=date(2026, 2, 20))
    closed(office, found_on=date(2026, 3, 1))
    closed(office, at=MONDAY_9AM + timedelta(days=1), found_on=date(2026, 2, 25))
    reported(office, at=MONDAY_9AM + timedelta(days=2), found_on=date(2026, 2, 25))
    return office


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (Order.NEWEST, [4, 3, 2, 1]),
        (Order.OLDEST, [1, 2, 3, 4]),
        (Order.DUE, [1, 4]),
        (Order.FOUND, [2, 4, 3, 1]),
        (Order.CLOSED, [3, 2]),
    ],
)
def test_each_order_shows_its_cases_once_however_small_the_pages(mixed, order, found):
    assert numbers(mixed, order) == (found, "")
    assert one_by_one(mixed, order) == found


@pytest.mark.parametrize("parts", [[1], ["x", 1], [None, 1], ["2026-13-01", 1], ["2026-02-20", -1]])
def test_a_key_of_another_order_is_refused(sqlite_office, parts):
    key = urlsafe_b64encode(json.dumps(parts).encode()).decode()

    with pytest.raises(Invalid, match="not one of ours"):
        numbers(sqlite_office, Order.FOUND, after=key)


@pytest.mark.parametrize(
    ("by", "said"), [("committee1", "王小明"), ("auditor", "王**"), ("inspector1", "王**")]
)
def test_more_columns_are_shown_and_names_masked_from_who_judges(sqlite_office, by, said):
    reported(sqlite_office, owner="王小明", measure="更换", source="巡查")
    more = ("owner", "measure", "source")

    (row,) = list_cases(sqlite_office, Filter(), by=by, as_of=LATER, more=more).rows

    assert [row[each] for each in more] == [said, "更换", "巡查"]
    assert "cycle" not in row
