"""The board of school buses and their bulletins, each as far as one may see."""

import pytest

from tests.casework.buses.roads import PLATE, a_bus, bulletins, fed, position, violation
from tests.offices import MONDAY_9AM

OTHER = "苏E54321"


@pytest.fixture
def roads(sqlite_site):
    sqlite_office = sqlite_site.office
    a_bus(sqlite_office)
    a_bus(sqlite_office, OTHER, unit="S3", by="head3")
    fed(
        sqlite_office,
        violation("2026-03-01 07:00:00", what="<b>超员</b>"),
        violation("2026-03-01 07:00:00", plate=OTHER),
        position("2026-03-02 08:30:00", 30),
        position("2026-03-02 08:30:00", 90, "苏E99999"),
    )
    bulletins(sqlite_office, MONDAY_9AM)
    return sqlite_site


def test_a_head_sees_their_own_bus_alone(roads):
    page = roads.as_("head1").get("/buses").text
    day = roads.as_("head1").get("/buses/bulletin/2026-03-01").text

    assert (PLATE in page, OTHER in page, "苏E99999" in page) == (True, False, False)
    assert (PLATE in day, OTHER in day, "&lt;b&gt;超员" in day) == (True, False, True)
    assert "在准许时段外移动" in page


def test_the_committee_sees_all_and_plates_of_no_register(roads):
    page = roads.as_("committee1").get("/buses").text
    day = roads.as_("committee1").get("/buses/bulletin/2026-03-01").text

    assert ("苏E99999" in page, PLATE in day, OTHER in day) == (True, True, True)


@pytest.mark.parametrize(("day", "status"), [("2026-03-05", 404), ("gestern", 422)])
def test_a_day_without_a_bulletin_is_said_so(roads, day, status):
    told = roads.as_("head1").get(f"/buses/bulletin/{day}")

    assert told.status_code in {status, 400}


def test_a_veto_is_put_and_lifted_on_a_page_with_a_reason(roads):
    committee = roads.as_("committee1")
    which = {"kind": "bus", "key": PLATE, "unit": "S1"}

    bare = committee.post("/buses/vetoes/veto", data={**which, "reason": ""})
    vetoed = committee.post("/buses/vetoes/veto", data={**which, "reason": "<i>屡次"})
    shown = committee.get(vetoed.headers["location"]).text
    lifted = committee.post("/buses/vetoes/lift", data={**which, "reason": "整改到位"})
    after = roads.as_("head1").get(lifted.headers["location"]).text

    assert (bare.status_code, "没有写原因" in bare.text) == (422, True)
    assert ("&lt;i&gt;屡次" in shown, "解除否决" in shown) == (True, True)
    assert ("整改到位" in after, "解除原因" in after) == (True, False)


def test_a_head_neither_vetoes_nor_sees_the_form(roads):
    head = roads.as_("head1")
    refused = head.post("/buses/vetoes/veto", data={"kind": "bus", "key": PLATE, "reason": "x"})

    assert refused.status_code == 403
    assert 'action="/buses/vetoes/veto"' not in head.get("/buses/vetoes").text
    assert "/buses/vetoes?" not in head.get(f"/registers/bus/record?key={PLATE}&unit=S1").text


def test_violations_are_narrowed_and_taken_away(roads):
    committee, head = roads.as_("committee1"), roads.as_("head1")

    found = committee.get(f"/buses/violations?text={OTHER}&since=2026-03-01&until=2026-03-01").text
    sheet = head.get("/buses/violations.csv").text
    bulletin = head.get("/buses/bulletin/2026-03-01/sheet.csv").text

    assert (OTHER in found, PLATE in found, "校车通报〔2026〕1号" in found) == (True, False, True)
    assert (sheet.count(PLATE), OTHER in sheet) == (1, False)
    assert (bulletin.count(PLATE), OTHER in bulletin, "<b>超员</b>" in bulletin) == (1, False, True)
    assert committee.get("/buses/violations?since=gestern").status_code == 422
    assert committee.get("/buses/violations.exe").status_code == 422
