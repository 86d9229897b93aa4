"""The summary: found, planned, overdue and by whom, and what is due next."""

from datetime import timedelta

import pytest

from casework.summary import has_cases, summarise
from rules.actions import Action
from tests.offices import MONDAY_9AM, act, closed, planned, reported

# A plan is due within three working days of Monday, an approval within two of it.
FRIDAY = MONDAY_9AM + timedelta(days=4)


@pytest.fixture
def busy(office):
    """Two hazards of S1 wait for a plan, one of S3 too but found later; S2 planned in time."""
    reported(office, unit="S1")
    reported(office, unit="S1", description="疏散指示灯不亮")
    reported(office, unit="S3", at=MONDAY_9AM + timedelta(days=3), category="用电")
    planned(office, unit="S2")
    closed(office, unit="S2", description="插座破损")
    return office


def test_an_office_without_cases_has_little_to_say(office):
    told = summarise(office, as_of=MONDAY_9AM, locale="zh")

    assert not has_cases(office)
    assert told == ["截至 2026-03-02 09:00：隐患 0 件，已报方案 0 件，未销号 0 件，其中逾期 0 件。"]


def test_a_summary_tells_what_is_late_and_with_whom(busy):
    told = summarise(busy, as_of=FRIDAY, locale="zh")

    assert has_cases(busy)
    assert told == [
        "截至 2026-03-06 09:00：隐患 5 件，已报方案 2 件，未销号 4 件，其中逾期 3 件。",
        "状态：已上报 3，已销号 1，方案待批 1",
        "品目：消防 4，用电 1",
        "片区（逾期最多的 5 个）：",
        "  第一片区：4 件，逾期 3 件",
        "  第二片区：1 件，逾期 0 件",
        "逾期在谁：",
        "  报方案（待责任人）：2 件，最长 1 天",
        "  审批（待主要负责人）：1 件，最长 2 天",
        "逾期单位（前 5 个）：",
        "  第一小学：2 件，最长 1 天",
        "  第二中学：1 件，最长 2 天",
        "即将到期：",
        "  2026-03-10  YH2026-000003  第三幼儿园：报方案",
    ]


def test_a_summary_speaks_english_too(busy):
    told = summarise(busy, as_of=FRIDAY, locale="en")

    assert told[:2] == [
        "As of 2026-03-06 09:00: 5 hazards, 2 planned, 4 open, 3 of them late.",
        "State: reported 3, closed 1, plan awaiting approval 1",
    ]
    assert "  plan (waiting for the owner): 2, up to 1 day(s)" in told


def test_a_summary_counts_the_orders_in_force(office):
    number = reported(office)
    act(office, number, Action.LIST, "committee1", kind="supervision", reason="情况严重")

    assert "挂牌中：专委会级 1" in summarise(office, as_of=FRIDAY, locale="zh")
