"""Inspections and plans as workbooks on pages: out as the list shows them, plans in and checked."""

from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook

from casework.inspections.plans import list_plans
from tests.inspections import DAILY, FIRE, given, hazard, planned, recorded, task_of, told

PLANS = "/inspections/plans/import"
ROW = "季度督查,督查,季,2026-03-02,三防,安防（三防）检查,第一片区,CLUSTER1\n"
LEDGER = "计划名称,类型,周期,开始,任务,检查表,范围,责任人\n" + ROW


@pytest.fixture
def site(sqlite_site):
    """A daily check of three schools; one of them found a hazard."""
    planned(sqlite_site.office, DAILY)
    given(sqlite_site.office)
    found = told(hazards={"gate": hazard("=无人值守", place="西门")})
    recorded(sqlite_site.office, task_of(sqlite_site.office), found)
    return sqlite_site


def sheets(answer):
    book = load_workbook(BytesIO(answer.content))
    return [list(book[name].iter_rows(values_only=True)) for name in book.sheetnames]


def test_what_was_found_leaves_with_every_item_and_its_clause(site):
    answer = site.as_("auditor").get("/inspections/export.xlsx?show=done")
    (head, row), items = sheets(answer)
    said = dict(zip(head, row, strict=True))
    found = next(dict(zip(items[0], each, strict=True)) for each in items if each[5] == "隐患")

    assert (said["单位"], said["状态"], said["参与人数"], said["隐患"]) == (
        "第一小学",
        "已检查",
        2,
        1,
    )
    assert (said["检查人员"], said["案件"][:2]) == ("OWNER1", "YH")
    assert len(items) == 9
    assert (found["情况"], found["地点"], found["案件"]) == ("=无人值守", "西门", said["案件"])
    assert "GB/T 29315" in found["依据"]


@pytest.mark.parametrize(("who", "rows"), [("committee1", 3), ("cluster1", 2), ("head3", 1)])
def test_a_list_leaves_as_narrow_as_it_is_seen(site, who, rows):
    waiting = site.as_(who).get("/inspections/export.csv?show=waiting").text
    done = site.as_(who).get("/inspections/export.csv?show=done").text

    assert waiting.count("JC2026") + done.count("JC2026") == rows


def test_a_plan_is_followed_from_its_page_to_what_is_missing(site):
    number = list_plans(site.office, by="committee1")[0]["number"]
    committee = site.as_("committee1")
    page = unescape(committee.get(f"/inspections/plans/{number}").text)
    asked = f"plan={number}&period=2026-03-02"

    missing = committee.get(f"/inspections?{asked}&show=waiting").text
    done = committee.get(f"/inspections?{asked}&show=done").text
    none = committee.get("/inspections?period=2026-03-03&show=waiting").text

    assert f'href="/inspections?{asked}&show=waiting"' in page
    assert (missing.count('href="/inspections/JC'), done.count('href="/inspections/JC')) == (2, 1)
    assert "没有符合条件的检查" in none


def test_plans_come_in_once_they_were_checked(sqlite_site):
    cluster = sqlite_site.as_("cluster1")
    files = {"file": ("计划.csv", LEDGER.encode(), "text/csv")}

    tried = cluster.post(PLANS, files=files).text
    none = list_plans(sqlite_site.office, by="cluster1")
    token = tried.partition('name="token" value="')[2].partition('"')[0]
    cluster.post(PLANS, data={"token": token})
    (made,) = list_plans(sqlite_site.office, by="cluster1")

    assert (none, made["title"], made["cadence"].value) == ([], "季度督查", "quarterly")
    assert "1" in tried
    assert made["plan"].place == "P1"


def test_who_plans_nothing_is_told_so_and_bad_rows_say_why(sqlite_site):
    bad = LEDGER.replace("CLUSTER1", "无此人").encode()
    files = {"file": ("计划.csv", bad, "text/csv")}

    answer = sqlite_site.as_("cluster1").post(PLANS, files=files).text
    page = sqlite_site.as_("owner1").get(PLANS).text

    assert "没有“无此人”这个人" in answer
    assert "您不能导入这一种" in page
    assert sqlite_site.as_("owner1").get(f"{PLANS}/template.xlsx").status_code == 200


def test_the_breakdown_leaves_by_name(sqlite_site):
    number = planned(sqlite_site.office, FIRE)

    (rows,) = sheets(
        sqlite_site.as_("cluster1").get(f"/inspections/plans/export.xlsx?plan={number}")
    )
    other = sqlite_site.as_("cluster2").get(f"/inspections/plans/export.xlsx?plan={number}")

    assert "消防安全检查" in rows[1]
    assert other.status_code == 404
