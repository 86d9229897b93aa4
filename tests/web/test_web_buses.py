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
