"""What is kept up after the fact, brought up to date: the index of words, the sums of statistics.

Searches and statistics count what still waits by themselves, but read it one by one; after an
upgrade or a crash somebody must come and add it. The seal does, every ten minutes, so much a run.
"""

from typing import NamedTuple

from casework.asking import index
from casework.auditing import tallies
from casework.office import Office

MOST_INDEXED = 10_000
MOST_ADDED = 30_000
"""What a run takes on at most: each is some ten seconds' work on a slow machine."""


class CaughtUp(NamedTuple):
    """``indexed`` cases, and ``added`` closings and reopenings."""

    indexed: int
    added: int


def catch_up(
    office: Office, *, most_indexed: int | None = None, most_added: int | None = None
) -> CaughtUp:
    """Index and add up what waits, in short transactions; None: all of it.

    Two at once share nothing: the second does nothing. Raise Unavailable as every writer does.
    """
    indexed = index.catch_up(office, most=most_indexed)
    return CaughtUp(indexed, tallies.catch_up(office, most=most_added))


def catch_up_some(office: Office) -> CaughtUp:
    """Do a run's share of what waits."""
    return catch_up(office, most_indexed=MOST_INDEXED, most_added=MOST_ADDED)
