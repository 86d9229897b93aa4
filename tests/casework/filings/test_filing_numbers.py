"""Every number is the length of the list behind it, and sums reconcile with their parts."""

from datetime import timedelta

import pytest

from casework.asking.search import count_found
from casework.auditing.past_list import count_as_of
from casework.case_list import Filter
from casework.errors import NotFound
from casework.filings.figures import show_figure
from casework.filings.showing import show_filing
from rules.actions import Action
from rules.case import Level
from tests.casework.filings.filed import (
    APRIL,
    MAY,
    checked,
    compiled,
    daily,
    filled,
    signed,
    which,
)
from tests.inspections import given, recorded, task_of
from tests.inspections import planned as planned_check
from tests.offices import MONDAY_9AM, act, closed, planned, rectifying, reported

FEBRUARY = MONDAY_9AM - timedelta(days=20)


@pytest.fixture
def busy_office(office):
    """Cases of both levels, in every state, some from before March, one voided."""
    closed(office, at=FEBRUARY, description="二月已销")
    reported(office, at=FEBRUARY, description="二月未销")
    closed(office, description="三月已销")
    rectifying(office, description="三月整改中")
    planned(office, description="重大待批", level=Level.MAJOR)
    rectifying(office, description="重大整改", level=Level.MAJOR)
    closed(office, unit="S3", description="三园已销")
    voided = reported(office, description="重复")
    act(office, voided, Action.VOID, "committee1", reason="重复上报")
    return office


def rows(office, unit="S1", by="head1", at=APRIL):
    shown = show_filing(office, which(unit), by=by, at=at)
    return {row["key"]: row for row in shown["rows"]}


def test_each_number_equals_the_count_of_the_cases_behind_it(busy_office):
    compiled(busy_office)

    shown = [each for each in rows(busy_office).values() if each["query"]]

    counted = [
        count_found(busy_office, each["query"], by="head1", as_of=APRIL).number for each in shown
    ]
    assert [each["value"] for each in shown] == counted
    assert len(shown) == 11


def test_the_twelve_columns_of_the_statutory_form(busy_office):
    compiled(busy_office)

    numbers = {key: row["value"] for key, row in rows(busy_office).items()}

    assert numbers | {
        "units": 1, "ordinary_found": 2, "ordinary_rectified": 1, "ordinary_rate": 50.0,
        "major_found": 2, "major_closed": 0, "major_rate": 0.0, "in_plan": 2, "assured": 1,
        "listed": 0, "provincial": None, "funds": 1_500,
        "opening": 1, "found": 4, "closed": 1, "closing": 4,
    } == numbers  # fmt: skip


def test_a_unit_without_cases_has_zeros_and_blank_rates(busy_office):
    compiled(busy_office)

    numbers = {key: row["value"] for key, row in rows(busy_office, "S2", "head2").items()}

    assert numbers["found"] == 0
    assert numbers["ordinary_rate"] is None
    assert numbers["units"] == 1


@pytest.mark.parametrize("by", ["cluster2", "head1", "head3"])
def test_what_another_clusters_sum_is_made_of_is_not_there(sqlite_office, by):
    compiled(sqlite_office)

    with pytest.raises(NotFound):
        show_figure(sqlite_office, which("P1"), "found", by=by, at=APRIL)


def test_sums_reconcile_with_their_parts_and_name_who_is_missing(busy_office):
    compiled(busy_office)
    signed(busy_office, "S1")
    signed(busy_office, "S3")
    filled(busy_office, "P1")
    filled(busy_office, "ZWH")

    cluster, whole = checked(busy_office, "P1"), checked(busy_office, "ZWH")

    parts = show_figure(busy_office, which("ZWH"), "found", by="committee1", at=APRIL)
    assert (cluster.held.sheet.value("found"), whole.held.sheet.value("found")) == (4, 5)
    assert [(each["unit_code"], each["value"]) for each in parts["parts"]] == [("S1", 4), ("S3", 1)]
    assert parts["total"] == sum(each["value"] for each in parts["parts"])
    assert (
        parts["cases"]
        == count_found(busy_office, parts["query"], by="committee1", as_of=APRIL).number
    )
    assert [each.row for each in cluster.findings] == ["units"]
    assert "第二中学" in cluster.findings[0].problem.zh


def test_typed_and_rated_figures_add_up_too(busy_office):
    compiled(busy_office)
    signed(busy_office, "S1", provincial="0")
    signed(busy_office, "S3", provincial="0")
    filled(busy_office, "ZWH", **{"reason:units": "S2 停课"})

    whole = checked(busy_office, "ZWH").held
    shown = show_filing(busy_office, which("ZWH"), by="committee1", at=APRIL)

    assert whole.sheet.value("provincial") == 0
    assert whole.sheet.value("units") == 2
    assert {row["key"]: row["said"].zh for row in shown["rows"]}["ordinary_rate"] == "66.7%"


def test_days_and_people_come_from_the_daily_checks(office):
    daily(office, "2026-03-02", participants="3")
    daily(office, "2026-03-03", participants="5")
    daily(office, "2026-04-01", participants="9")
    compiled(office)

    numbers = rows(office)

    assert (numbers["days_checked"]["value"], numbers["participants"]["value"]) == (2, 8)


def test_inspections_made_are_counted(office):
    planned_check(office)
    given(office)
    recorded(office, task_of(office))
    compiled(office)

    assert rows(office)["inspections"]["value"] == 1
    assert rows(office, "S2", "head2")["inspections"]["value"] == 0


def test_the_period_before_stands_beside_each_number(busy_office):
    compiled(busy_office)
    signed(busy_office, "S1")
    compiled(busy_office, "monthly", "2026-04", at=MAY)

    shown = show_filing(busy_office, which(period="2026-04"), by="head1", at=MAY)

    found = {row["key"]: row for row in shown["rows"]}
    assert (found["closing"]["before"].zh, found["opening"]["value"]) == ("4", 4)
    assert shown["before"] == "月报2026-03-S1"
    assert [each["item"] for each in shown["progress"]] == ["更换灯具", "修理校门"]


@pytest.mark.parametrize("key", ["funds", "days_checked", "participants", "inspections"])
def test_what_counts_no_cases_leads_to_what_makes_it_up(busy_office, key):
    daily(busy_office, nil="否")
    planned_check(busy_office)
    given(busy_office)
    recorded(busy_office, task_of(busy_office))
    compiled(busy_office)

    shown = show_figure(busy_office, which(), key, by="head1", at=APRIL)

    assert shown["total"] == sum(each["value"] for each in shown["items"]) > 0
    assert all(each["link"] for each in shown["items"])


def test_what_a_frozen_number_counted_is_found_as_it_stood(busy_office):
    case = reported(busy_office, description="之后撤销")
    compiled(busy_office)
    frozen = signed(busy_office)
    shown = rows(busy_office)["found"]
    act(busy_office, case, Action.VOID, "committee1", reason="重复上报", at=MAY)

    now = count_found(busy_office, shown["query"], by="head1", as_of=MAY)
    then = count_as_of(busy_office, Filter(), frozen.as_of, by="head1", query=shown["query"])

    assert (now.number, then.total) == (4, 5)
    assert shown["value"] == 5
