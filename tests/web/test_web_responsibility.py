"""Coverage of responsibility at every door: the page, the API, the command."""

import pytest

from tests.casework.registers.buses import added


@pytest.fixture
def signed(sqlite_site):
    added(sqlite_site.office, "responsibility")
    return sqlite_site


def test_the_page_shows_the_share_and_who_is_missing(signed):
    page = signed.as_("committee1").get("/responsibility?missing=1").text

    assert "2026 年责任书签订覆盖率 33%" in page
    assert "第一小学" not in page.partition('id="units"')[2]
    assert "第三幼儿园" in page
    assert "周四维" not in page


def test_a_school_sees_itself_only(signed):
    page = signed.as_("head1").get("/responsibility").text

    assert "覆盖率 100%" in page
    assert "第二中学" not in page


@pytest.mark.parametrize(
    ("query", "status"),
    [("?year=2025", 200), ("?year=1999", 422), ("?year=x", 422), ("?place=nowhere", 404)],
)
def test_what_may_be_asked(signed, query, status):
    assert signed.as_("cluster1").get(f"/responsibility{query}").status_code == status
