"""Statistics count stays as their definitions say, on both databases."""

from datetime import timedelta

import pytest

from casework.auditing.statistics import count_statistics
from casework.case_list import Filter
from rules.actions import Action
from rules.case import Level
from rules.deadlines import Stage
from rules.statistics import Grouping
from tests.offices import MONDAY_9AM, act, after_photo, closed, planned, rectifying, reported

DAY = timedelta(days=1)
LATER = MONDAY_9AM + 30 * DAY


def figures(office, grouping=Grouping.NONE, wanted=None, *, by="auditor", until=LATER, since=None):
    return count_statistics(
        office, grouping, wanted or Filter(), by=by, until=until, since=since
    )  # fmt: skip


def stage(office, which, **asked):
    [found] = figures(office, **asked)
    return found.plain()["stages"][which.value]


def test_nothing_has_no_figures(office):
    assert figures(office) == []


def test_an_extended_stay_is_one_stay_and_not_late(office):
    number = rectifying(office)
    asked = {
        "reason": "等配件", "obstacle": "funds", "new_due": "2026-04-10",
        "plan": "分两步", "interim": "专人看守",
    }  # fmt: skip
    act(office, number, Action.ASK_EXTENSION, "owner1", at=MONDAY_9AM + DAY, **asked)
    act(office, number, Action.GRANT_EXTENSION, "cluster1", at=MONDAY_9AM + 2 * DAY,
        new_due="2026-04-10")  # fmt: skip
    act(office, number, Action.CLAIM, "owner1", at=MONDAY_9AM + 25 * DAY,
        files=[after_photo(office)])  # fmt: skip

    assert stage(office, Stage.RECTIFICATION) == {
        "ended": 1, "running": 0, "late": 0, "late_running": 0, "on_time_rate": 1.0,
        "median_days": 25, "p90_days": 25,
    }  # fmt: skip


def test_a_stage_begun_anew_after_it_ran_over_stays_late(office):
    number = reported(office)
    act(
        office, number, Action.TRANSFER, "cluster1", at=MONDAY_9AM + 9 * DAY, unit="S2", reason="误"
    )

    found = stage(office, Stage.PLAN, until=MONDAY_9AM + 10 * DAY)

    assert (found["running"], found["late"], found["on_time_rate"]) == (1, 1, 0.0)


def test_a_stay_that_runs_is_censored_where_one_looks(office):
    number = planned(office)
    act(office, number, Action.APPROVE_PLAN, "cluster1", at=MONDAY_9AM + 8 * DAY)

    then, now = (stage(office, Stage.APPROVAL, until=MONDAY_9AM + days * DAY) for days in (2, 9))

    assert (then["running"], then["ended"], then["median_days"]) == (1, 0, None)
    assert (now["running"], now["ended"], now["median_days"]) == (0, 1, 8)


def test_rates_are_blank_where_nothing_can_be_counted(office):
    reported(office)

    [found] = figures(office, until=MONDAY_9AM + DAY)

    assert (found.on_time_rate, found.relapse_rate, found.listing_rate) == (None, None, 0.0)


def test_listing_and_relapse_are_rates_of_cases(office):
    number = closed(office)
    act(office, number, Action.REOPEN, "inspector1", at=MONDAY_9AM + DAY, finding="复发")
    act(office, number, Action.LIST, "committee1", at=MONDAY_9AM + DAY,
        kind="supervision", reason="复发")  # fmt: skip
    closed(office, description="门坏")

    [found] = figures(office)

    assert (found.listing_rate, found.relapse_rate) == (0.5, 0.5)
    assert (found.counts["reported"], found.counts["closed"], found.counts["open"]) == (2, 1, 1)


@pytest.mark.parametrize(
    ("grouping", "names"),
    [
        (Grouping.NONE, ["all"]),
        (Grouping.UNIT, ["第一小学", "第三幼儿园"]),
        (Grouping.CLUSTER, ["第一片区", "第二片区"]),
        (Grouping.CATEGORY, ["building", "fire"]),
        (Grouping.LEVEL, ["major", "ordinary"]),
        (Grouping.MONTH, ["2026-02", "2026-03"]),
        (Grouping.QUARTER, ["2026-Q1"]),
    ],
)
def test_figures_are_broken_down(office, grouping, names):
    reported(office, level=Level.MAJOR)
    reported(office, unit="S3", category="校舍", at=MONDAY_9AM - 5 * DAY)

    found = figures(office, grouping)

    assert [each.name for each in found] == names
    assert sum(each.counts["reported"] for each in found) == 2
    assert sum(each.stages[Stage.PLAN].running.total() for each in found) == 2


def test_only_what_one_may_see_is_counted(office):
    reported(office)
    reported(office, unit="S3")

    [found] = figures(office, by="cluster2")

    assert found.counts["reported"] == 1
    assert found.stages[Stage.PLAN].running.total() == 1


def test_a_period_begins_where_it_is_asked_to(office):
    reported(office)
    reported(office, description="门坏", at=MONDAY_9AM + 5 * DAY)

    [found] = figures(office, since=MONDAY_9AM + DAY)

    assert found.counts["reported"] == 1
