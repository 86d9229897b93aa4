"""The dashboard: numbers that agree with their lists, kept a while, and a wall that asks again."""

import re
from datetime import timedelta
from threading import Event

import pytest

from casework.sweep import sweep
from rules.actions import Action
from tests.offices import MONDAY_9AM, act, closed, rectifying, reported
from web.remembering import Remembered

MINUTE = timedelta(minutes=1)


def numbers(page):
    """Return every link to a list of cases with the number it stands for."""
    found = re.findall(r'href="(/cases\?[^"]+)"[^>]*>(?:<b class="number">)?(\d+)<', page)
    return {link.replace("&amp;", "&"): n for link, n in found}


def test_every_number_agrees_with_the_list_it_leads_to(site):
    reported(site.office)
    closed(site.office)
    number = rectifying(site.office, unit="S3")
    act(site.office, number, Action.LIST, "committee1", kind="挂牌督办", reason="久拖")
    site.clock.at = MONDAY_9AM + timedelta(days=20)
    sweep(site.office, as_of=site.clock.at, ran_at=site.clock.at)
    browser = site.as_("committee1")

    found = numbers(browser.get("/dashboard").text)

    assert len(found) > 30
    assert found["/cases?place=P2&is_open=1&order=due&listed=1"] == "1"
    wrong = {
        link: n for link, n in found.items()
        if n != "0" and f"共 {n} 件" not in browser.get(link).text
    }  # fmt: skip
    assert wrong == {}


def test_rates_are_those_of_the_statistics(sqlite_site):
    closed(sqlite_site.office)
    page = sqlite_site.as_("committee1").get("/dashboard").text

    assert re.findall(r'<div class="figure"><b class="number">([^<]+)<', page) == ["100.0%", "0.0%"]


def test_a_rate_leads_to_the_lists_it_is_made_of(site):
    number = closed(site.office)
    closed(site.office, unit="S3")
    act(site.office, number, Action.REOPEN, "inspector1", finding="又坏了")
    reported(site.office)
    browser = site.as_("committee1")

    page = browser.get("/dashboard").text
    links = re.findall(r'href="(/audit\?q=[^"]+)">(\d+)</a>', page)

    assert [n for _, n in links[:2]] == ["1", "2"]
    assert len(links) == 4
    wrong = [(link, n) for link, n in links if f"共 {n} 件" not in browser.get(link).text]
    assert wrong == []


@pytest.mark.parametrize("code", ["cluster1", "owner1", "auditor", "verifier2"])
def test_everybody_sees_their_own_places_only(sqlite_site, code):
    reported(sqlite_site.office, unit="S1")
    page = sqlite_site.as_(code).get("/dashboard").text

    elsewhere = {"cluster1": "第三幼儿园", "owner1": "第二中学", "auditor": "不存在",
                 "verifier2": "第一小学"}[code]  # fmt: skip
    assert elsewhere not in page


def test_two_with_another_reach_do_not_share_what_is_kept(sqlite_site):
    reported(sqlite_site.office, unit="S1")
    pages = [sqlite_site.as_(code).get("/dashboard").text for code in ("cluster1", "cluster2")]

    assert ["place=S1" in page for page in pages] == [True, False]


def test_an_empty_office_has_an_empty_dashboard(sqlite_site):
    answer = sqlite_site.as_("committee1").get("/dashboard")

    assert answer.status_code == 200
    assert "暂无比率" in answer.text


def test_a_wall_asks_again_by_itself_with_a_script_and_without(sqlite_site):
    page = sqlite_site.as_("committee1").get("/dashboard?wall=1").text

    assert 'hx-trigger="every 60s"' in page
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in page
    assert "<header" not in page


def test_figures_are_reckoned_anew_after_a_minute(sqlite_site):
    browser = sqlite_site.as_("committee1")
    opened = "/cases?is_open=1&order=due"
    before = numbers(browser.get("/dashboard").text)[opened]
    reported(sqlite_site.office)

    sqlite_site.clock.at = MONDAY_9AM + MINUTE
    within = numbers(browser.get("/dashboard").text)[opened]
    sqlite_site.clock.at = MONDAY_9AM + MINUTE + timedelta(seconds=1)
    after = numbers(browser.get("/dashboard").text)[opened]

    assert (before, within, after) == ("0", "0", "1")


def test_what_takes_long_is_reckoned_once_and_is_there_the_next_time():
    remembered, go_on, made = Remembered(), Event(), []

    def slowly():
        made.append(1)
        go_on.wait(10)
        return "figures"

    def ask(wait):
        return remembered.ask("key", slowly, at=MONDAY_9AM, life=MINUTE, wait=wait)

    first, second = ask(0), ask(0)
    go_on.set()
    third = ask(10)

    assert (first, second, third.value, len(made)) == (None, None, "figures", 1)


def test_what_fails_is_tried_again_and_what_was_kept_stays():
    remembered = Remembered()

    def ask(make, minutes):
        at = MONDAY_9AM + minutes * MINUTE
        return remembered.ask("key", make, at=at, life=MINUTE, wait=10)

    assert ask(lambda: 1 / 0, 0) is None
    assert ask(lambda: "one", 0).value == "one"
    assert ask(lambda: 1 / 0, 5).value == "one"
    assert ask(lambda: "two", 5).value == "two"
