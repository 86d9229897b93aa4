"""The list of cases: columns, order, facets and saved views, all of them in the address."""

import csv
import re
from datetime import date
from io import StringIO
from urllib.parse import unquote

import pytest

from tests.offices import reported, verified

CHOSEN = "/cases?order=found&columns=unit,owner,found_on"


def links(page):
    return [unquote(each.replace("&amp;", "&")) for each in re.findall(r'href="([^"]+)"', page)]


def test_chosen_columns_are_shown_and_told_to_be_as_headings(sqlite_site):
    reported(sqlite_site.office, owner="王小明")

    page = sqlite_site.as_("committee1").get(CHOSEN).text

    assert re.findall(r'data-word="([^"]+)"', page) == ["单位", "责任人", "发现日期"]
    assert "王小明" in page
    assert 'datetime="2026-03-02">2026-03-02</time>' in page
    assert 'aria-sort="descending"' in page


def test_ticked_boxes_are_the_same_view_as_one_list_of_columns(sqlite_site):
    reported(sqlite_site.office)
    browser = sqlite_site.as_("committee1")

    ticked = browser.get("/cases?column=found_on&column=unit&column=owner&order=found").text

    assert CHOSEN.replace("/cases", "/cases.csv") in links(ticked)


def test_the_usual_columns_are_not_told_in_the_address(sqlite_site):
    reported(sqlite_site.office)
    usual = "&".join(f"column={each}" for each in ("unit", "category", "state", "holder", "due_at"))

    page = sqlite_site.as_("committee1").get(f"/cases?{usual}").text

    assert 'href="/cases.csv"' in page


@pytest.mark.parametrize("asked", ["columns=nonsense", "column=number", "columns=unit,x"])
def test_a_column_that_is_none_is_refused(sqlite_site, asked):
    answer = sqlite_site.as_("committee1").get(f"/cases?{asked}")

    assert answer.status_code == 422
    assert "选项无效" in answer.text


def test_a_file_has_the_columns_and_the_order_of_the_list(site):
    for day in ("2026-02-20", "2026-03-01"):
        reported(site.office, found_on=date.fromisoformat(day))
    browser = site.as_("committee1")

    text = browser.get(CHOSEN.replace("/cases", "/cases.csv")).content.decode("utf-8-sig")
    heading, first, second = csv.reader(StringIO(text))

    assert heading == ["编号", "单位", "隐患描述", "责任人", "发现日期"]
    assert [first[-1], second[-1]] == ["2026-03-01", "2026-02-20"]


@pytest.mark.parametrize(("by", "said"), [("committee1", "王小明"), ("auditor", "王**")])
def test_names_are_masked_on_the_page_as_in_files(sqlite_site, by, said):
    reported(sqlite_site.office, owner="王小明")

    page = sqlite_site.as_(by).get(CHOSEN).text

    assert (said in page, "王小明" in page) == (True, said == "王小明")


def test_facets_count_what_the_filter_finds_and_lead_to_it(site):
    reported(site.office)
    reported(site.office, unit="S3")
    verified(site.office, unit="S3", category="用电")
    browser = site.as_("committee1")

    page = browser.get("/cases?state=reported&facets=1").text
    links_there = [each for each in links(page) if each.startswith("/cases?") and "facets" in each]
    counted = re.findall(r"<span>([^<]+)</span><span class=\"number\">(\d+)</span>", page)

    assert ("第三幼儿园", "1") in counted
    assert ("消防", "2") in counted
    assert ("用电", "1") not in counted
    assert "/cases?state=reported&place=S3&facets=1" in links_there
    assert "共 1 件" in browser.get("/cases?place=S3&state=reported&facets=1").text


@pytest.mark.parametrize("code", ["owner2", "cluster1", "verifier1a"])
def test_facets_of_elsewhere_are_not_counted(sqlite_site, code):
    reported(sqlite_site.office, unit="S3")

    page = sqlite_site.as_(code).get("/cases?facets=1").text

    assert "第三幼儿园" not in page


def test_a_view_is_kept_opened_and_removed(site):
    reported(site.office)
    browser = site.as_("head1")

    kept = browser.post("/cases/views", data={"name": "逾期", "view": "overdue=1&order=due&x=1"})
    page = browser.get("/cases?overdue=1&order=due").text
    browser.post("/cases/views/remove", data={"name": "逾期", "view": ""})

    assert (kept.status_code, kept.headers["location"]) == (303, "/cases?overdue=1&order=due")
    assert re.search(r'href="/cases\?overdue=1&amp;order=due" aria-current="true"', page)
    assert 'bookmark"/></svg>逾期' not in browser.get("/cases").text


def test_one_sees_ones_own_views_and_the_shared_ones(site):
    site.as_("head1").post("/cases/views", data={"name": "我的", "view": "overdue=1"})
    shared = {"name": "全校", "view": "level=major", "shared": "1"}
    site.as_("admin").post("/cases/views", data=shared)

    page = site.as_("owner1").get("/cases").text

    assert "全校" in page
    assert "我的</a>" not in page


def test_only_an_administrator_shares_a_view(sqlite_site):
    shared = {"name": "全校", "view": "level=major", "shared": "1"}

    answer = sqlite_site.as_("committee1").post("/cases/views", data=shared)

    assert answer.status_code == 403
    assert "只有管理员可以把视图给所有人用" in answer.text


@pytest.mark.parametrize("view", ["state=nonsense", "columns=x", "found_from=yesterday"])
def test_a_view_that_cannot_be_read_is_not_kept(sqlite_site, view):
    answer = sqlite_site.as_("head1").post("/cases/views", data={"name": "x", "view": view})

    assert answer.status_code == 422


def test_a_view_does_not_stand_among_the_queries_of_the_audit(sqlite_site):
    browser = sqlite_site.as_("committee1")
    browser.post("/cases/views", data={"name": "视图甲", "view": "overdue=1"})
    browser.post("/audit/saved", data={"name": "视图甲", "q": "逾期:是"})

    assert 'href="/cases?overdue=1"' not in browser.get("/audit").text
    assert "视图甲" in browser.get("/audit").text
    assert "视图甲" in browser.get("/cases").text


def test_a_count_agrees_with_its_noun_in_english(sqlite_site):
    reported(sqlite_site.office)
    browser = sqlite_site.as_("committee1")
    browser.cookies.set("lang", "en")

    one = browser.get("/cases").text
    reported(sqlite_site.office)
    two = browser.get("/cases").text

    assert ("<span>1 case</span>" in one, "<span>2 cases</span>" in two) == (True, True)
