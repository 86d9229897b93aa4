"""A case's history names the look-backs that drew it, to whoever may know of them."""

from datetime import timedelta

import pytest

from rules.lookback.findings import Finding
from tests.lookbacks import (
    MONTHLY,
    TUESDAY,
    assigned_look,
    closed_cases,
    found,
    visits_of,
    with_inspectors,
)

HEADING = "抽中本案的回头看"


@pytest.fixture
def visited(sqlite_site):
    """A look-back that drew every case, and its visit at the first school, still to come."""
    with_inspectors(sqlite_site.office)
    closed_cases(sqlite_site.office, 6)
    look = assigned_look(sqlite_site.office, MONTHLY.replace('"30"', '"100"'))
    sqlite_site.clock.at = TUESDAY + timedelta(days=1)
    visits = visits_of(sqlite_site.office, look)
    return sqlite_site, look, next(each for each in visits if each["unit"] == "第一小学")


def history(site, code, visit):
    return site.as_(code).get(f"/audit/case/{visit['number']}").text


def test_a_visit_to_come_is_shown_to_who_sees_look_backs_and_hidden_from_the_school(visited):
    site, look, visit = visited

    shown, hidden = (history(site, code, visit) for code in ("committee1", "owner1"))

    assert 'href="/lookback/' in shown
    assert look in shown
    assert "尚无结果" in shown
    assert HEADING not in hidden
    assert look not in hidden


def test_a_finding_is_shown_to_the_school_without_a_link_it_may_not_follow(visited):
    site, look, visit = visited
    found(site.office, look, visit, Finding.RELAPSED, at=TUESDAY + timedelta(hours=2))

    shown = history(site, "owner1", visit)

    assert HEADING in shown
    assert "案件重开" in shown
    assert f"{look}</div>" in shown
    assert 'href="/lookback/' not in shown
