"""Every page and operation that auditors ask with leaves a record before it shows anything."""

from dataclasses import replace

import pytest

from casework.auditing.access import list_access
from rules.looking import Look
from tests.offices import closed
from tests.sealing import outside_of, sealed
from web.app import NOUNS

NUMBER = "YH2026-000001"
LOOKS = {
    "/audit": ("?q=灭火器", Look.SEARCH),
    "/audit/export.{ending}": ("?q=灭火器", Look.EXPORT),
    "/audit/as-of": ("?at=2026-03-02T09:00", Look.LIST),
    "/audit/as-of/{number}": ("?at=2026-03-02T09:00", Look.AS_OF),
    "/audit/case/{number}": ("", Look.SHOW),
    "/audit/case/{number}/archive": ("", Look.EXPORT),
    "/audit/statistics": ("?by=unit", Look.STATISTICS),
    "/audit/statistics.xlsx": ("?by=unit", Look.EXPORT),
    "/audit/access": ("", Look.ACCESS),
    "/audit/proof": (f"?number={NUMBER}", Look.PROVE),
    "/audit/proof/{number}": ("", Look.PROVE),
    "/audit/proof/{number}/bundle": ("", Look.PROVE),
    "/audit/conformance": ("?run=1", Look.CONFORMANCE),
    "/audit/conformance/events.xes": ("", Look.EVENT_LOG),
}
EVERY = {
    route.path.replace(":path", "") for noun in NOUNS for route in noun.pages.router.routes
    if route.path.startswith("/audit") and "GET" in route.methods
}  # fmt: skip


@pytest.fixture
def proven(sqlite_site, tmp_path):
    """A site with keys, and a case that is sealed."""
    settings = sqlite_site.app.state.settings
    sqlite_site.app.state.settings = replace(settings, outside=outside_of(tmp_path))
    closed(sqlite_site.office)
    sealed(sqlite_site.office, tmp_path)
    return sqlite_site


def test_every_page_of_the_audit_is_one_that_is_recorded():
    assert set(LOOKS) == EVERY


@pytest.mark.parametrize("path", LOOKS)
def test_what_was_asked_is_recorded_once(proven, path):
    query, look = LOOKS[path]
    address = path.replace("{number}", NUMBER).replace("{ending}", "csv")

    answer = proven.as_("auditor").get(address + query)

    assert answer.status_code == 200
    (seen,) = list_access(proven.office, by="admin", person="auditor")
    assert (seen["look"], seen["door"]) == (look, "page")


def test_a_search_says_what_was_typed_and_how_many_rows_it_gave(proven):
    proven.as_("auditor").get("/audit?q=灭火器")

    (seen,) = list_access(proven.office, by="admin", person="auditor")
    assert (seen["typed"], seen["what"]) == ("灭火器", {"rows": 1})
