"""``bihuan inspection``: plans, tasks, records and signatures as they are typed."""

import pytest

from tests.inspections import RANDOM, given, planned, tasks
from tests.lookbacks import with_inspectors
from tests.offices import MONDAY_9AM

PLAN = """
title = "消防专项检查"
place = "P1"
kind = "special"
cadence = "monthly"
first_on = 2026-03-02
[[lines]]
task = "消防检查"
checklist = "fire"
place = "S1"
responsible = "P1"
lead = "cluster1"
inspectors = ["verifier1a", "verifier1b"]
"""
AT = ("--at", "2026-03-02T09:00")


@pytest.fixture
def plan(home, tmp_path):
    path = tmp_path / "消防.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_a_plan_is_made_given_out_recorded_signed_and_shown(bihuan, plan, photo):
    made = bihuan("inspection", "plan", plan, "--as", "cluster1", *AT, "--json").json["number"]
    listed = bihuan("inspection", "plans", made, "--as", "cluster1")
    out = bihuan("inspection", "give-out", "--as-of", "2026-03-02T09:00", "--json")
    (task,) = bihuan(
        "inspection", "tasks", "--mine", "--as", "verifier1a", "--as-of", "2026-03-02", "--json"
    ).json["rows"]
    number = task["number"]
    recorded = bihuan(
        "inspection", "record", number, "--all-normal", "--hazard", "exits=后门上锁",
        "--place", "exits=食堂后门", "--photo", f"exits={photo()}", "--not-applicable", "alarm",
        "--participants", "4", "--mode", "突击检查", "--as", "verifier1a", *AT,
    )  # fmt: skip
    signed = bihuan("inspection", "sign", number, "--as", "verifier1b", *AT, "--json")
    refused = bihuan("inspection", "sign", number, "--refused", "有异议", "--as", "verifier1a", *AT)
    shown = bihuan("inspection", "show", number, "--as", "head1", "--as-of", "2026-03-02")
    done = bihuan("inspection", "list", "--as", "head1", "--as-of", "2026-03-02", "--json")

    assert "责任单位" in listed.out
    assert (out.json["tasks"], out.json["by_plan"]) == (1, {made: 1})
    assert "还差 1 人签字" in recorded.out
    assert signed.json["cases"] == [
        {"item": "exits", "number": "YH2026-000001", "linked": False}
    ]  # fmt: skip
    assert "已记录拒签" in refused.out
    assert "后门上锁" in shown.out
    assert "拒绝签字" in shown.out
    assert [each["hazards"] for each in done.json["rows"]] == [1]


def test_what_is_missing_is_named_in_words(bihuan, office):
    planned(office)
    given(office)
    number = next(each["number"] for each in tasks(office) if each["unit_code"] == "S1")

    refused = bihuan(
        "inspection", "record", number, "--all-normal", "--hazard", "gate=", "--as", "owner1", *AT
    )
    quick = bihuan("inspection", "record", number, "--all-normal", "--as", "owner1", *AT)

    assert (refused.code, "没有照片" in refused.err) == (1, True)
    assert "隐患 0 处" in quick.out


def test_checklists_are_shown_changed_and_adopted(bihuan, home, tmp_path):
    text = bihuan("inspection", "checklists", "daily", "--toml").out
    path = tmp_path / "每日.toml"
    path.write_text(text.replace('version = "2026.1"', 'version = "2026.2"'), encoding="utf-8")

    why = ("--reason", "增加一项")
    tried = bihuan("inspection", "adopt", path, "--dry-run", "--as", "admin", *AT)
    refused = bihuan("inspection", "adopt", path, *why, "--as", "head1", *AT)
    unsaid = bihuan("inspection", "adopt", path, "--as", "admin", *AT)
    adopted = bihuan("inspection", "adopt", path, *why, "--as", "admin", *AT)
    listed = bihuan("inspection", "checklists")
    shown = bihuan("inspection", "checklists", "校车检查")

    assert [each.code for each in (tried, refused, unsaid, adopted)] == [0, 1, 1, 0]
    assert '+ version = "2026.2"' in tried.out
    assert "2026.2" in listed.out
    assert "第四十一条" in shown.out.replace("\n", "")


def test_a_draw_is_shown_and_verified(bihuan, office):
    with_inspectors(office)
    plan = planned(office, RANDOM)
    ran = bihuan("inspection", "give-out", "--as-of", f"{MONDAY_9AM.isoformat()}", "--json")
    number = ran.json["drawn"][0]

    shown = bihuan("inspection", "draw", plan, "--as", "committee1")
    checked = bihuan("inspection", "draw", number, "--verify", "--as", "auditor")
    early = bihuan("inspection", "publish", number, "--as", "committee1", *AT)
    spot = bihuan("inspection", "begin", "S2", "security", "--as", "inspector1", *AT)
    withdrawn = bihuan("inspection", "withdraw", plan, "--reason", "误", "--as", "admin", *AT)

    assert "名单 3 家，抽 2 家" in shown.out
    assert (checked.code, checked.out.count("✓")) == (0, 6)
    assert "还有 2 家没有检查完" in early.err
    assert (spot.code, withdrawn.code) == (0, 0)
    assert bihuan("inspection", "published", "--json").json == []


def test_plans_come_and_go_as_workbooks(bihuan, home, tmp_path):
    path = tmp_path / "分解.csv"
    line = "消防,专查,每月,2026-03-02,消防检查,fire,第一小学,cluster1"
    path.write_text(f"计划,类型,周期,开始,任务,检查表,范围,责任人\n{line}\n", encoding="utf-8")
    ask = ("inspection", "plan", path, "--unit", "P1", "--as", "cluster1", *AT)

    tried = bihuan(*ask, "--dry-run", "--json").json
    made = bihuan(*ask, "--json").json
    out = bihuan("inspection", "plans", "--to", tmp_path / "出.xlsx", "--as", "cluster1", *AT)
    bihuan("inspection", "give-out", "--as-of", "2026-03-02T09:00")
    shown = bihuan("inspection", "plans", "JH2026-0001", "--as", "cluster1", *AT)
    left = bihuan(
        "inspection", "export", tmp_path / "未查.csv", "--waiting", "--as", "cluster1", *AT
    )

    assert (tried["added"], tried["landed"], made["landed"]) == (1, False, True)
    assert "已导出 1 行" in out.out
    assert "CLUSTER1" in shown.out
    assert "第一小学" in (tmp_path / "未查.csv").read_text(encoding="utf-8-sig")
    assert left.code == 0


def test_a_plan_is_tried_with_the_names_in_it(bihuan, plan):
    plan.write_text(PLAN.replace("cluster1", "nobody"), encoding="utf-8")

    tried = bihuan("inspection", "plan", plan, "--dry-run", "--as", "cluster1", *AT)

    assert (tried.code, "没有“nobody”这个人" in tried.err) == (3, True)
