"""Who has not reported is reminded at a word, once a day, by those above."""

from datetime import timedelta

import pytest

from casework.errors import Refused
from casework.filings.reminding import remind_missing
from tests.casework.filings.filed import APRIL, compiled, signed


@pytest.fixture
def april(sqlite_office):
    """Everybody's draft of March; a school of the first cluster has signed its own."""
    compiled(sqlite_office)
    signed(sqlite_office, nil="是")
    return sqlite_office


def remind(office, by, at=APRIL, place=""):
    return remind_missing(office, "monthly", "2026-03", by=by, at=at, place=place)


@pytest.mark.parametrize(("by", "place", "missing"), [
    ("cluster1", "", 1),  # S2; S1 has reported, and P1 is its own
    ("committee1", "", 4),
    ("committee1", "P2", 2),
    ("cluster1", "P2", 0),
])  # fmt: skip
def test_those_above_remind_whoever_is_missing_below_them(april, by, place, missing):
    assert remind(april, by, place=place).missing == missing


def test_nobody_is_told_twice_a_day(april):
    first, again = remind(april, "cluster1"), remind(april, "committee1", place="S2")
    tomorrow = remind(april, "cluster1", APRIL + timedelta(days=1))

    assert first.people == tomorrow.people > 0
    assert (again.missing, again.people) == (1, 0)


@pytest.mark.parametrize("by", ["head1", "reporter1", "inspector1"])
def test_a_school_reminds_nobody(april, by):
    with pytest.raises(Refused):
        remind(april, by)
