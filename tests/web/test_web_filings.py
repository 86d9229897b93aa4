"""Filings on pages: from the draft to the file, by phone for the day, and only where one may."""

import re
from html import unescape

import pytest

from casework.asking.search import count_found
from casework.filings.showing import show_filing
from rules.filings.templates import shipped
from tests.casework.filings.filed import APRIL, checked, compiled, filled, signed, which
from tests.inspections import given, planned, recorded, task_of
from tests.offices import reported
from tests.rules.test_filing_campaigns import TEXT

HERE = "/filings/monthly/2026-03/S1"


@pytest.fixture
def april(sqlite_site):
    """A hazard of March, everybody's draft of the month, and it is April."""
    reported(sqlite_site.office)
    compiled(sqlite_site.office)
    sqlite_site.clock.at = APRIL
    return sqlite_site


def said(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_month_is_filled_in_checked_and_signed_on_its_page(april):
    head = april.as_("head1")

    sent = {"work": "检查", "plan": "换灯", "then": "check"}
    found = head.post(f"{HERE}/fill", data=sent)
    page = said(head, found.headers["location"])
    signed_ = head.post(f"{HERE}/sign")

    assert found.headers["location"] == f"{HERE}?done=passed"
    assert "可以签发" in page
    assert signed_.headers["location"] == f"{HERE}?done=signed"
    assert "月报2026-03-S1" in said(head, HERE)


def test_every_number_on_the_page_leads_to_as_many_cases(april):
    head = april.as_("head1")

    page = said(head, HERE)

    links = re.findall(r'<td class="right number keep"><a href="(/audit\?q=[^"]*)">(\d+)</a>', page)
    assert len(links) == 11
    for link, number in links:
        assert f"共 {number} 件" in said(head, unescape(link)) or number == "0"


def test_a_frozen_number_leads_to_its_cases_as_they_stood(april):
    signed(april.office)

    page = said(april.as_("head1"), HERE)

    links = re.findall(r'<a href="(/audit/as-of[^"]*)">(\d+)</a>', page)
    assert len(links) == 11
    assert "共 1 件" in said(april.as_("head1"), unescape(links[0][0]))


def test_a_checked_filing_is_given_back_with_a_reason_which_its_page_shows(april):
    filled(april.office)
    checked(april.office)
    head = april.as_("head1")

    sent = head.post(f"{HERE}/return", data={"reason": "第2行与台账不符"})

    assert sent.headers["location"] == f"{HERE}?done=returned"
    assert "退回：第2行与台账不符" in said(april.as_("reporter1"), HERE)


def test_a_draft_is_given_back_by_nobody(april):
    sent = april.as_("head1").post(f"{HERE}/return", data={"reason": "改"})

    assert sent.status_code == 403
    assert "尚未核对通过" in sent.text


def test_the_committee_starts_a_campaign_by_picking(april):
    committee = april.as_("committee1")
    picked = {"template": "bullying", "first": "2026-04-01", "last": "2026-04-30", "at-S1": "1",
              "name": "春季防欺凌"}  # fmt: skip

    refused = committee.post("/filings/campaigns/start", data=picked)
    sent = committee.post("/filings/campaigns/start", data={**picked, "reason": "教办3号"})

    assert refused.status_code == 422
    assert 'value="春季防欺凌"' in refused.text
    assert sent.headers["location"] == "/filings/campaigns?done=start"
    assert "春季防欺凌" in said(april.as_("head1"), "/filings/campaigns")
    assert "春季防欺凌" not in said(april.as_("head3"), "/filings/campaigns")


def test_page_and_casework_give_the_same_numbers(april):
    shown = show_filing(april.office, which(), by="head1", at=APRIL)
    page = said(april.as_("head1"), HERE)

    numbers = re.findall(r'<td class="right number keep">(?:<a[^>]*>)?([^<]*)', page)

    assert [each.strip() for each in numbers] == [row["said"].zh or "—" for row in shown["rows"]]
    assert (
        count_found(april.office, shown["rows"][1]["query"], by="head1", as_of=APRIL).number
        == shown["rows"][1]["value"]
    )


def test_what_is_at_fault_stands_beside_its_row_with_its_remedy(april):
    head = april.as_("head1")
    sent = {"participants": "61", "provincial": "3", "then": "check"}

    head.post(f"{HERE}/fill", data=sent)
    page = said(head, HERE)

    assert "“其中省级挂牌”3 大于 “挂牌督办”0" in page
    assert "请改回，或写明原因" in page
    assert 'action="/filings/monthly/2026-03/S1/sign"' not in page


def test_what_cannot_be_read_is_refused_and_kept_in_the_form(april):
    answer = april.as_("head1").post(f"{HERE}/fill", data={"participants": "很多", "work": "在写"})

    assert answer.status_code == 422
    assert "很多" in answer.text
    assert "在写" in answer.text


def test_a_frozen_one_is_corrected_by_a_new_version_and_the_old_one_stays(april):
    signed(april.office)
    head = april.as_("head1")

    begun = head.post(f"{HERE}/correct", data={"reason": "漏计"})

    assert begun.headers["location"] == f"{HERE}?done=corrected"
    assert "漏计" in said(head, HERE)
    assert "月报2026-03-S1" in said(head, f"{HERE}?version=1")
    assert head.post(f"{HERE}/fill", data={"work": "x"}).status_code == 303


@pytest.mark.parametrize(
    ("code", "status"),
    [("head1", 200), ("cluster1", 200), ("committee1", 200), ("auditor", 200),
     ("head2", 404), ("cluster2", 404), ("reporter3", 404)],
)  # fmt: skip
def test_a_filing_is_seen_where_it_lies(april, code, status):
    browser = april.as_(code)

    asked = [HERE, f"{HERE}/figures/found", f"{HERE}/file.xlsx"]

    assert {browser.get(each).status_code for each in asked} == {status}


@pytest.mark.parametrize("code", ["cluster1", "committee1", "reporter1"])
def test_only_the_head_may_sign(april, code):
    filled(april.office)
    checked(april.office)

    assert april.as_(code).post(f"{HERE}/sign").status_code == 403


@pytest.mark.parametrize(("form", "begins"), [("xlsx", b"PK"), ("docx", b"PK"), ("pdf", b"%PDF")])
def test_a_filing_is_downloaded(april, form, begins):
    signed(april.office)

    answer = april.as_("head1").get(f"{HERE}/file.{form}")

    assert answer.content.startswith(begins)
    assert "%E6%9C%88%E6%8A%A52026-03-S1" in answer.headers["content-disposition"]


def test_a_cluster_sees_what_its_sum_is_made_of(april):
    signed(april.office)
    filled(april.office, "P1")
    checked(april.office, "P1")
    cluster = april.as_("cluster1")

    page = said(cluster, "/filings/monthly/2026-03/P1/figures/found")

    assert "第一小学" in page
    assert "第二中学" in said(cluster, "/filings/monthly/2026-03/P1")
    assert said(cluster, "/filings/board?template=monthly&period=2026-03").count("已报") >= 1


def test_the_day_is_sent_by_one_button(sqlite_site):
    reporter = sqlite_site.as_("reporter1")
    page = said(reporter, "/filings/today")
    form = dict(re.findall(r'name="(\w+)" (?:type="\w+" )?value="([^"]*)"', page))

    sent = reporter.post("/filings/today", data={**form, "checked": "是"})

    assert "零报告报送" in page
    assert sent.headers["location"] == "/filings/today?done=1"
    assert "日报2026-03-02-S1" in said(reporter, "/filings/today")
    assert reporter.post("/filings/today", data={**form, "checked": "是"}).status_code == 403


def test_a_day_with_a_hazard_counts_it_and_is_no_nil_return(sqlite_site):
    reported(sqlite_site.office)
    owner = sqlite_site.as_("owner1")

    page = said(owner, "/filings/today")
    owner.post("/filings/today", data={"unit": "S1", "participants": "4", "checked": "是",
                                       "nil": "否"})  # fmt: skip

    assert "今天已上报隐患 1 处" in page
    assert "日报2026-03-02-S1" in said(owner, "/filings/today")


def test_the_days_checklist_is_shown_and_names_how_many_took_part(sqlite_site):
    office = sqlite_site.office
    planned(office)
    given(office)
    owner = sqlite_site.as_("owner1")

    before = said(owner, "/filings/today")
    recorded(office, task_of(office))
    after = said(owner, "/filings/today")

    assert ("今日清单未完成" in before, "今日清单已完成" in after) == (True, True)
    assert 'value="2"' in after


def test_the_committee_opens_a_campaign(sqlite_site):
    committee = sqlite_site.as_("committee1")

    done = committee.post("/filings/compile", data={"which": "bullying/2026-03-01..2026-04-30"})
    refused = committee.post("/filings/compile", data={"which": "monthly/2026-13"})

    assert "第一小学" in said(committee, done.headers["location"])
    assert (refused.status_code, "例如 2026-11" in refused.text) == (422, True)
    assert sqlite_site.as_("head1").post("/filings/compile", data={}).status_code == 403


def test_a_school_begins_its_own_and_nobody_elses(sqlite_site):
    head = sqlite_site.as_("head1")

    begun = head.post("/filings/open", data={"which": "monthly/2026-03", "unit": "S1"})
    other = head.post("/filings/open", data={"which": "monthly/2026-03", "unit": "S2"})

    assert begun.headers["location"] == HERE
    assert other.status_code == 404


def test_lists_can_be_narrowed(april):
    committee = april.as_("committee1")

    page = said(committee, "/filings?template=monthly&place=P2&state=draft")

    assert ("第三幼儿园" in page, HERE in page) == (True, False)
    assert committee.get("/filings?template=nonsense").status_code == 404


def test_an_administrator_adopts_a_template_and_a_campaign_on_their_pages(sqlite_site):
    admin, head = sqlite_site.as_("admin"), sqlite_site.as_("head1")
    sent = {"text": TEXT, "reason": "试行"}
    monthly = shipped()["monthly"]
    wrong = {"text": monthly.replace('mark = "月报"', 'mark = "月"'), "then": "try"}

    tried = admin.post("/filings/campaigns", data={**sent, "then": "try"})
    bad = admin.post("/filings/templates/monthly", data=wrong)
    refused = head.post("/filings/campaigns", data={**sent, "then": "adopt"})
    done = admin.post("/filings/campaigns", data={**sent, "then": "adopt"})
    stopped = admin.post("/filings/campaigns/stop", data={"key": "around", "why": "提前完成"})

    codes = [each.status_code for each in (tried, bad, refused, done, stopped)]
    assert codes == [200, 422, 403, 303, 303]
    assert "校园周边专项整治" in said(head, "/filings/campaigns")
    assert "提前停止" not in said(head, "/filings/campaigns")
    assert "采用新版本" not in said(head, "/filings/templates/monthly")


def test_who_is_missing_is_shown_by_cluster_and_reminded_on_the_board(april):
    cluster = april.as_("cluster1")

    page = said(april.as_("committee1"), "/filings/board?which=monthly/2026-03&place=P2")
    sent = cluster.post("/filings/board/remind", data={"which": "monthly/2026-03"})

    assert "/monthly/2026-03/S3" in page
    assert "/monthly/2026-03/S1" not in page
    assert "已催报" in said(cluster, sent.headers["location"])
    assert "催报未报的" not in said(april.as_("head1"), "/filings/board")


def test_the_committee_fills_in_no_schools_report(april):
    page = said(april.as_("committee1"), "/filings")

    assert "汇编一期" in page
    assert "先行填报" not in page
