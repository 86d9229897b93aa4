"""Locations on pages, and the way from a code on a wall to the filled form."""

import re
from html import unescape
from urllib.parse import quote

import pytest

from casework.events import Door
from casework.locations import add_locations
from casework.staffing import Hand
from tests.lookbacks import assigned_look, closed_cases, with_inspectors
from tests.offices import MONDAY_9AM
from tests.web.conftest import PASSWORD

OWNER = Hand("owner1", MONDAY_9AM, Door.PAGE)


def test_a_school_lists_its_locations_and_prints_their_codes(site):
    owner = site.as_("owner1")
    added = owner.post("/locations/add", data={"unit": "S1", "names": "实验室\n大门"})
    retired = owner.post("/locations/retire", data={"unit": "S1", "name": "大门"})

    sheet = owner.get("/locations/sheet", params={"unit": "S1"}).text

    assert (added.status_code, retired.status_code) == (303, 303)
    assert sheet.count('class="qrline"') == 2  # the school and the laboratory
    assert "大门" not in sheet
    assert 'action="/locations/retire"' in owner.get("/locations").text


def test_a_code_leads_over_the_sign_in_to_the_filled_form(sqlite_site):
    add_locations(sqlite_site.office, "S1", "2号楼 实验室", OWNER)
    sheet = sqlite_site.as_("owner1").get("/locations/sheet?unit=S1").text
    address = unescape(re.findall(r'<a href="(http://localhost/report[^"]+)"', sheet)[1])
    phone = sqlite_site.browser()

    asked = phone.get(address)
    onward = address.removeprefix("http://localhost")
    signed_in = phone.post(
        "/login", data={"code": "reporter1", "password": PASSWORD, "next": onward}
    )
    form = phone.get(signed_in.headers["location"]).text

    assert asked.headers["location"] == "/login?next=" + quote(onward, safe="")
    assert 'name="unit" value="S1"' in form
    assert re.search(r'name="location"[^>]* value="2号楼 实验室"', form)
    assert '<option value="2号楼 实验室">' in form


@pytest.mark.parametrize(("code", "status"), [
    ("owner1", 200), ("head1", 200), ("cluster1", 200), ("admin", 200), ("committee1", 200),
    ("owner2", 403), ("cluster2", 403), ("reporter1", 403), ("auditor", 403), ("verifier1a", 403),
])  # fmt: skip
def test_who_sees_the_sheet_of_a_school(sqlite_site, code, status):
    browser = sqlite_site.as_(code)

    assert browser.get("/locations/sheet?unit=S1").status_code == status
    assert browser.get("/locations?unit=S1").status_code == status


@pytest.mark.parametrize("unit", ["", "没有", "P1"])
def test_a_sheet_of_nowhere_is_refused_in_words(sqlite_site, unit):
    answer = sqlite_site.as_("committee1").get("/locations/sheet", params={"unit": unit})

    assert answer.status_code in (404, 422)


def test_hostile_names_stay_text(sqlite_site):
    add_locations(sqlite_site.office, "S1", '"><script>alert(1)</script>', OWNER)
    owner = sqlite_site.as_("owner1")

    for page in ("/locations", "/locations/sheet?unit=S1", "/report"):
        assert "<script>alert" not in owner.get(page).text, page


def test_an_inspector_sees_how_many_visits_wait_and_where(sqlite_site):
    before = sqlite_site.as_("inspector1").get("/").text
    with_inspectors(sqlite_site.office)
    closed_cases(sqlite_site.office)
    assigned_look(sqlite_site.office)

    page = sqlite_site.as_("inspector1").get("/").text

    assert 'href="/visits"><b class="number">0</b>' in before
    waiting = int(re.search(r'href="/visits"><b class="number">(\d+)</b>', page)[1])
    listed = sqlite_site.as_("inspector1").get("/visits").text
    assert waiting == listed.count('href="/visits/')
    assert 'href="/visits"' not in sqlite_site.as_("owner1").get("/").text
