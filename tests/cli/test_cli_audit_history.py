"""``bihuan audit show|as-of|access``: what was, what happened, who looked."""

import pytest

from rules.actions import Action
from tests.offices import MONDAY_9AM, act, planned, reported


def test_a_case_is_shown_as_it_was_at_the_end_of_a_day(bihuan, office):
    number = planned(office)

    told = bihuan("audit", "as-of", "2026-03-02", number, "--as", "auditor")

    assert told.code == 0, told.err
    assert f"{number}  截至 2026-03-02 23:59：方案待批" in told.out
    assert "在等    主要负责人审批" in told.out


def test_a_moment_before_the_report_says_so(bihuan, office):
    number = reported(office)

    told = bihuan("audit", "as-of", "2026-03-02T08:59", number, "--as", "auditor", "--lang", "en")

    assert "it was not yet reported" in told.out


def test_a_list_as_of_has_counts_beside_it(bihuan, office):
    reported(office)
    planned(office, description="门坏")

    told = bihuan("audit", "as-of", "2026-03-02", "--place", "P1", "--as", "auditor", "--json")

    assert told.json["counts"]["by_state"]["reported"] == 1
    assert [row["state"] for row in told.json["cases"]] == ["plan", "reported"]


def test_a_list_as_of_is_printed(bihuan, office):
    reported(office, description="围墙开裂")

    told = bihuan("audit", "as-of", "2026-03-09", "--overdue", "--as", "auditor")

    assert "围墙开裂" in told.out
    assert "逾期 4 天" in told.out
    assert "共 1 件，在办 1，逾期 1，挂牌 0，重大 0" in told.out


def test_a_timeline_says_what_changed_and_why_it_is_due(bihuan, office):
    number = planned(office)
    act(office, number, Action.APPROVE_PLAN, "cluster1", at=MONDAY_9AM)

    told = bihuan("audit", "show", number, "--as", "auditor", "--why", "抽查")

    assert "状态：方案待批 → 整改中" in told.out
    assert "批准方案起，按方案期限，至 2026-03-20" in told.out


def test_looking_is_itself_recorded(bihuan, office):
    number = reported(office)
    bihuan("audit", "show", number, "--as", "auditor", "--why", "抽查")
    bihuan("audit", "as-of", "2026-03-09", "--as", "auditor")

    told = bihuan("audit", "access", "--as", "auditor", "--json")

    assert [(row["look"], row["why"]) for row in told.json] == [("list", ""), ("show", "抽查")]
    assert "查看案件" in bihuan("audit", "access", "--as", "auditor").out


@pytest.mark.parametrize(
    "words",
    [("audit", "show", "YH0"), ("audit", "as-of", "2026-03-02", "YH0")],
)
def test_a_case_that_is_none_is_not_found(bihuan, home, words):
    assert bihuan(*words, "--as", "auditor").code == 3


@pytest.mark.parametrize("moment", ["2026-13-01", "yesterday", "2026-03-02T25:00"])
def test_a_moment_that_is_none_is_not_understood(bihuan, home, moment):
    assert bihuan("audit", "as-of", moment, "--as", "auditor").code == 2


def test_a_list_as_of_takes_a_query_and_points_at_its_fault(bihuan, office):
    reported(office, description="围墙开裂")
    planned(office, description="门坏")

    asked = ("audit", "as-of", "2026-03-09", "--as", "auditor", "--query")
    told = bihuan(*asked, "曾逾期:是 -状态:方案待批 围墙", "--json")
    refused = bihuan(*asked, "状态:整改中 huh:1")

    assert [row["description"] for row in told.json["cases"]] == ["围墙开裂"]
    assert told.json["counts"]["total"] == 1
    assert (refused.code, "第 8 字处" in refused.err) == (1, True)
