"""Each role's work, page by page, on both databases."""

import re
from io import BytesIO

import pytest
from PIL import Image

from tests.offices import a_photo, a_plan, claimed, planned, rectifying, reported, verified

PAGES = ["/", "/cases", "/notices", "/account", "/style"]
ROLES = ["reporter1", "owner1", "head1", "cluster1", "verifier1a", "inspector1", "committee1",
         "admin", "auditor"]  # fmt: skip


@pytest.mark.parametrize("code", ROLES)
def test_every_role_opens_its_pages_in_both_languages(sqlite_site, code):
    number = claimed(sqlite_site.office)
    browser = sqlite_site.as_(code)

    for page in [*PAGES, f"/case/{number}"]:
        for lang, word in (("zh", "闭环"), ("en", "Bihuan")):
            answer = browser.get(page, params={"lang": lang})
            assert (answer.status_code, word in answer.text) == (200, True), page


def test_a_case_goes_from_report_to_close_out_through_the_pages(site):
    answer = site.as_("reporter1").post(
        "/report",
        data={"unit": "S1", "category": "fire", "description": "灭火器压力不足", "location": "二楼",
              "key": "k1"},
        files={"photo": ("before.jpg", a_photo("red"), "image/jpeg")},
    )  # fmt: skip
    number = re.fullmatch(r"/case/(.+)\?done=report", answer.headers["location"])[1]
    owner, verifier, cluster = (site.as_(code) for code in ("owner1", "verifier1a", "cluster1"))
    photo = {"evidence": ("after.jpg", a_photo("green"), "image/jpeg")}

    moves = [
        (owner, "submit_plan", a_plan("2026-03-20"), None),
        (cluster, "approve_plan", {"phrase-reason": "同意"}, None),
        (owner, "claim", {"text": "已更换"}, photo),
        (verifier, "pass", {"finding": "压力正常"}, None),
        (cluster, "close", {}, None),
    ]
    for browser, action, data, files in moves:
        told = browser.post(f"/case/{number}/{action}", data=data, files=files)
        assert told.headers.get("location") == f"/case/{number}?done={action}", told.text

    page = cluster.get(f"/case/{number}").text
    assert "已销号" in page
    assert page.count("/evidence/") == 4  # a link and a picture, before and after


def test_a_refusal_says_the_rules_words_at_its_field(sqlite_site):
    number = reported(sqlite_site.office)

    answer = sqlite_site.as_("owner1").post(
        f"/case/{number}/submit_plan", data={**a_plan("2020-01-01"), "measures": "换新"}
    )

    assert answer.status_code == 403
    assert re.search(r'id="field-deadline-wrong">“时限”2020-01-01 早于今天', answer.text)
    assert ">换新</textarea>" in answer.text  # nothing typed is lost


def test_the_menu_offers_what_the_rules_offer_and_nothing_else(sqlite_site):
    number = rectifying(sqlite_site.office)

    page = sqlite_site.as_("owner1").get(f"/case/{number}").text

    assert f'action="/case/{number}/claim"' in page
    assert set(re.findall(r"\?do=(\w+)", page)) == {"progress", "ask_extension"}


def test_whoever_may_do_nothing_sees_no_form(sqlite_site):
    number = planned(sqlite_site.office)

    assert 'id="act"' not in sqlite_site.as_("auditor").get(f"/case/{number}").text


def test_a_case_of_another_cluster_is_not_found(sqlite_site):
    number = reported(sqlite_site.office, unit="S3")

    browser = sqlite_site.as_("cluster1")

    assert browser.get(f"/case/{number}").status_code == 404
    assert browser.post(f"/case/{number}/void", data={"reason": "x"}).status_code == 404
    assert number not in browser.get("/cases").text


def test_sending_the_same_form_twice_does_it_once(site):
    number = rectifying(site.office)
    browser = site.as_("owner1")
    sent = {"text": "已订货", "key": "one-time", "seen": "3"}

    answers = [browser.post(f"/case/{number}/progress", data=sent) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert browser.get(f"/case/{number}").text.count("报进展：已订货") == 1


def test_whoever_looked_at_an_older_case_is_told_what_happened(sqlite_site):
    number = rectifying(sqlite_site.office)

    sent = {"text": "x", "seen": "1"}
    answer = sqlite_site.as_("owner1").post(f"/case/{number}/progress", data=sent)

    assert answer.status_code == 409
    assert "您查看之后案件已变动" in answer.text


def test_the_same_hazard_is_reported_again_only_when_one_says_so(sqlite_site):
    browser = sqlite_site.as_("reporter1")
    told = {"unit": "S1", "category": "fire", "description": "灭火器压力不足"}
    browser.post("/report", data=told)

    second = browser.post("/report", data=told)
    third = browser.post("/report", data={**told, "again": "1"})

    assert (second.status_code, third.status_code) == (403, 303)
    assert 'name="again"' in second.text


def test_evidence_leaves_as_a_redrawn_picture_that_cannot_act(sqlite_site):
    reporter = sqlite_site.as_("reporter1")
    told = {"unit": "S1", "category": "fire", "description": "灭火器压力不足"}
    photo = {"photo": ("宽.jpg", a_photo("red", (1200, 800)), "image/jpeg")}
    page = reporter.get(reporter.post("/report", data=told, files=photo).headers["location"]).text
    (link,) = re.findall(r'src="(/case/[^"]+/evidence/\d+)\?small=1" width="320"', page)

    answers = [reporter.get(link), reporter.get(f"{link}?small=1")]

    assert [each.headers["content-type"] for each in answers] == ["image/jpeg"] * 2
    assert {each.headers["content-security-policy"] for each in answers} == {
        "default-src 'none'; sandbox"
    }
    assert [Image.open(BytesIO(each.content)).size for each in answers] == [(1200, 800), (320, 213)]
    assert sqlite_site.as_("owner2").get(link).status_code == 404


def test_the_list_keeps_its_filter_from_page_to_page(sqlite_site):
    for _ in range(26):
        reported(sqlite_site.office)
    verified(sqlite_site.office)
    browser = sqlite_site.as_("cluster1")

    first = browser.get("/cases?state=reported").text
    (onward,) = re.findall(r'href="(/cases\?[^"]*after=[^"]+)"', first)
    second = browser.get(onward.replace("&amp;", "&")).text

    assert (first.count('class="what"'), second.count('class="what"')) == (25, 1)
    assert "共 26 件" in second


@pytest.mark.parametrize(
    "query", ["state=nonsense", "after=nonsense", "found_from=2026-02-30", "place=nowhere"]
)
def test_a_query_that_cannot_be_read_is_said_so(sqlite_site, query):
    answer = sqlite_site.as_("cluster1").get(f"/cases?{query}")

    assert answer.status_code in (404, 422)
    assert 'role="alert"' in answer.text


def test_home_counts_what_waits_and_leads_to_the_same_list(site):
    reported(site.office)
    reported(site.office, unit="S2")
    browser = site.as_("owner1")

    page = browser.get("/").text
    (link,) = re.findall(r'href="([^"]+)"><b class="number">1</b><span>待我办理', page)

    assert "共 1 件" in browser.get(link.replace("&amp;", "&")).text
