"""Cases by the month they were found in, and how many of those are still open.

All are counted by ``ix_cases_found`` alone, the open ones by the index of due dates, so that what
is closed costs an index entry each and no more.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import func, select

from casework.office import Office
from casework.people import find_actor
from casework.scope import visible
from models.tables import CASES
from rules.workdays import china_day

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)  # a bound makes a planner take the index of dues


class Month(NamedTuple):
    """A month by its first and last day; ``open`` of the ``found`` are not closed yet."""

    first: date
    last: date
    found: int
    open: int

    @property
    def closed(self) -> int:
        return self.found - self.open


def count_months(office: Office, *, by: str, as_of: datetime, months: int = 12) -> list[Month]:
    """Return the latest months, that of ``as_of`` last, of the cases that ``by`` may see."""
    firsts = _firsts(china_day(as_of), months + 1)
    with office.reading() as connection:
        seen = visible(connection, find_actor(connection, by))
        by_day = select(CASES.c.found_on, func.count()).where(seen).group_by(CASES.c.found_on)
        found = connection.execute(by_day.where(CASES.c.found_on >= firsts[0])).tuples()
        # Counted here: to group, SQLite would walk every case by the day it was found.
        still = select(CASES.c.found_on).where(CASES.c.due_at > _BEGINNING, seen)
        days = Counter(connection.execute(still).scalars())
        all_of, open_of = _by_month(found), _by_month(days.items())
    return [
        Month(first, date.fromordinal(after.toordinal() - 1), all_of[first], open_of[first])
        for first, after in pairwise(firsts)
    ]


def _firsts(day: date, count: int) -> list[date]:
    """Return the first days of so many months; the last is that of the month after ``day``."""
    last = day.year * 12 + day.month  # counted from 0, this is the month after
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - count + 1, last + 1)]


def _by_month(rows: Iterable[tuple[date, int]]) -> Counter[date]:
    counted: Counter[date] = Counter()
    for day, n in rows:
        counted[day.replace(day=1)] += n
    return counted
