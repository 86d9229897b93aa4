"""屡教不改,一概否决: who offends again and again is not to carry pupils."""

from collections.abc import Iterable
from datetime import date, timedelta

TIMES = 3
"""Offences that make a repeat offender, our choice; 专项整治方案 二.6 names no number."""
DAYS = 30
"""Days within which they count, the day asked about included, our choice."""


def first_counted(today: date, lifted_on: date | None = None) -> date:
    """Return the first day whose offences count: what was before a veto was lifted is settled."""
    first = today - timedelta(days=DAYS - 1)
    return max(first, lifted_on + timedelta(days=1)) if lifted_on else first


def offences_counted(days: Iterable[date], today: date, lifted_on: date | None = None) -> int:
    """Return how many of the offences, each given by its day, count today."""
    first = first_counted(today, lifted_on)
    return sum(first <= day <= today for day in days)


def is_repeat_offender(days: Iterable[date], today: date, lifted_on: date | None = None) -> bool:
    return offences_counted(days, today, lifted_on) >= TIMES
