"""A campaign started from a form: its text is written, adopted, and compiled once it has begun."""

import pytest

from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.filings.campaigning import start_campaign
from casework.filings.campaigns import list_campaigns
from casework.filings.listing import show_board
from casework.lookback.looks import Hand
from rules.workdays import china_day
from tests.offices import MONDAY_9AM

TODAY = china_day(MONDAY_9AM)
PICKED = {
    "template": "bullying", "name": "春季“防欺凌”行动", "first": "2026-03-02", "last": "2026-03-31",
    "due_on": "2026-04-03", "reason": "教办〔2026〕3号",
}  # fmt: skip


def start(office, *places, by="committee1", **differs):
    return start_campaign(office, {**PICKED, **differs}, places, Hand(by, MONDAY_9AM, Door.PAGE))


def test_the_committee_starts_one_for_some_schools_and_it_may_be_filled_in(sqlite_office):
    started = start(sqlite_office, "S1", "P2")

    board = show_board(
        sqlite_office, "bullying", "2026-03-02..2026-03-31", by="committee1", today=TODAY
    )
    assert started.part.zh == "春季“防欺凌”行动"
    assert {row["unit_code"] for row in board.rows} == {"S1", "S3", "P1", "P2", "ZWH"}
    assert {row["state"] for row in board.rows} == {"draft"}
    assert {row["due_on"].isoformat() for row in board.rows if row["level"] == "unit"} == {
        "2026-04-03"
    }


def test_one_to_come_waits_for_its_first_day_and_is_named_by_its_kind(sqlite_office):
    started = start(sqlite_office, first="2026-03-09", name="", due_on="")

    (row,) = list_campaigns(sqlite_office, by="head1", today=TODAY)
    assert (row["state"], started.part.zh) == ("coming", "2026年防欺凌专项行动")


def test_a_second_one_from_the_same_day_leaves_the_first_one_be(sqlite_office):
    start(sqlite_office, "S1")
    start(sqlite_office, "S3", last="2026-04-30", due_on="")

    assert len(list_campaigns(sqlite_office, by="committee1", today=TODAY)) == 2


@pytest.mark.parametrize(("differs", "refused", "where"), [
    ({"by": "cluster1"}, Refused, None),
    ({"last": "2026-03-01", "first": "2026-02-01"}, Invalid, "last"),
    ({"last": "三月底"}, Invalid, "last"),
    ({"template": "none"}, NotFound, "template"),
    ({"reason": ""}, Invalid, "reason"),
])  # fmt: skip
def test_what_cannot_be_started_says_which_field(sqlite_office, differs, refused, where):
    with pytest.raises(refused) as fault:
        start(sqlite_office, **differs)

    assert where in {None, fault.value.where}
    assert list_campaigns(sqlite_office, by="committee1", today=TODAY) == []


def test_a_campaign_tells_how_many_have_reported_where_one_may_look(sqlite_office):
    start(sqlite_office, "P1")

    (whole,) = list_campaigns(sqlite_office, by="committee1", today=TODAY)
    (own,) = list_campaigns(sqlite_office, by="head1", today=TODAY)

    assert len(whole["names"]) == 1
    assert [each["filed"] for each in whole["periods"]] == [(0, 4)]
    assert [each["filed"] for each in own["periods"]] == [(0, 1)]
