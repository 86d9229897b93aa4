"""Hints of the same hazard while one reports it, with and without a script."""

import re

import pytest

from tests.offices import closed, rectifying, reported

TOLD = {"unit": "S1", "category": "fire", "description": "二楼东侧灭火器压力不足"}


def hints(site, code, **asked):
    page = site.as_(code).get("/report/similar", params={**TOLD, **asked})
    assert page.status_code == 200
    return set(re.findall(r'href="/case/([^"?]+)"', page.text))


def test_open_cases_of_the_unit_with_like_words_are_shown(site):
    number = reported(site.office, description="二楼灭火器压力不足")
    reported(site.office, description="校车未年检")
    closed(site.office, description="二楼西侧灭火器压力不足")

    assert hints(site, "reporter1") == {number}


@pytest.mark.parametrize("code", ["reporter2", "reporter3", "cluster2"])
def test_nobody_learns_what_another_school_has_open(sqlite_site, code):
    reported(sqlite_site.office, description="二楼灭火器压力不足")

    assert hints(sqlite_site, code) == set()


@pytest.mark.parametrize("asked", [
    {"unit": "没有"}, {"unit": ""}, {"description": ""}, {"description": "灭火器"},
    {"description": "<script>" * 900},
])  # fmt: skip
def test_nothing_is_like_nothing(sqlite_site, asked):
    reported(sqlite_site.office, description="二楼灭火器压力不足")

    assert hints(sqlite_site, "reporter1", **asked) == set()


def test_who_may_add_to_the_case_is_offered_that_instead(sqlite_site):
    number = rectifying(sqlite_site.office, description="二楼灭火器压力不足")
    adding = f'href="/case/{number}?do=progress"'

    pages = {
        code: sqlite_site.as_(code).get("/report/similar", params=TOLD).text
        for code in ("owner1", "reporter1")
    }

    assert (adding in pages["owner1"], adding in pages["reporter1"]) == (True, False)


def test_without_a_script_one_is_asked_once_before_it_is_reported(sqlite_site):
    number = reported(sqlite_site.office, description="二楼灭火器压力不足")
    browser = sqlite_site.as_("reporter1")

    asked = browser.post("/report", data=TOLD)
    seen = re.search(r'name="seen" value="([^"]+)"', asked.text)[1]
    done = browser.post("/report", data={**TOLD, "seen": seen})

    assert (asked.status_code, seen, done.status_code) == (200, number, 303)
    assert TOLD["description"] in asked.text  # nothing typed is lost


def test_a_draft_that_is_sent_by_itself_asks_nobody(sqlite_site):
    reported(sqlite_site.office, description="二楼灭火器压力不足")

    answer = sqlite_site.as_("reporter1").post("/report", data={**TOLD, "later": "1"})

    assert answer.status_code == 303


def test_what_somebody_else_typed_is_not_reported(sqlite_site):
    answer = sqlite_site.as_("reporter1").post("/report", data={**TOLD, "person": "owner1"})

    assert (answer.status_code, "填写人与当前登录人不同" in answer.text) == (401, True)


def test_a_key_that_was_used_for_other_words_says_so_and_is_not_kept(sqlite_site):
    browser = sqlite_site.as_("reporter1")
    browser.post("/report", data={**TOLD, "key": "k1"})

    answer = browser.post("/report", data={**TOLD, "description": "门口护栏松动", "key": "k1"})

    assert (answer.status_code, "data-spent" in answer.text) == (403, True)
    assert "这份上报此前已经收到" in answer.text


def test_the_form_a_phone_keeps_names_nobody_in_its_bar(sqlite_site):
    page = sqlite_site.as_("reporter1").get("/report/form").text

    assert 'href="/account"' not in page
    assert "REPORTER1" not in page
    assert 'name="unit" value="S1"' in page


def test_the_worker_may_answer_for_the_form_and_is_asked_anew(sqlite_site):
    worker = sqlite_site.browser().get("/report/worker.js")

    assert worker.headers["service-worker-allowed"] == "/report"
    assert worker.headers["cache-control"] == "no-cache"
    assert worker.headers["content-type"].startswith("text/javascript")
