"""What searches and statistics count one by one is added to their indexes in bounded runs."""

import pytest

from casework.asking import index
from casework.auditing import tallies
from casework.catching_up import CaughtUp, catch_up, catch_up_some
from tests.offices import closed, reported


@pytest.fixture
def waiting(office):
    """Two closed cases and one open, as after a crash: nothing was caught up."""
    closed(office)
    closed(office, description="漏水")
    reported(office, description="门坏")
    return office


def test_what_waits_is_indexed_and_added_up_once(waiting):
    assert catch_up_some(waiting) == CaughtUp(indexed=3, added=2)
    assert catch_up_some(waiting) == CaughtUp(indexed=0, added=0)


def test_a_run_takes_on_no_more_than_its_share_and_the_next_goes_on(waiting):
    assert catch_up(waiting, most_indexed=2, most_added=0) == CaughtUp(indexed=2, added=0)
    assert left(waiting) == (1, 2)  # neither a case too many nor one twice
    assert catch_up(waiting) == CaughtUp(indexed=1, added=2)
    assert left(waiting) == (0, 0)


def left(office):
    with office.reading() as connection:
        return index.how_many_pending(connection), tallies.how_many_pending(connection)
