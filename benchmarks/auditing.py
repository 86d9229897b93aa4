"""Asking the past among very many whole lives: a case, a district's list, counts, statistics."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

from benchmarks.lives import counts, fill_with_lives
from benchmarks.measures import Figure, alternate, percentile, seconds
from benchmarks.offices import START, an_office
from casework.auditing.as_of import case_as_of
from casework.auditing.past_list import count_as_of, list_as_of
from casework.auditing.statistics import count_statistics
from casework.auditing.tallies import catch_up
from casework.auditing.timeline import open_timeline
from casework.case_list import Filter
from rules.statistics import Grouping

READS = 60
A_YEAR_AGO = START - timedelta(days=365)
LISTS = {
    "the whole district, late": Filter(overdue=True),
    "one cluster": Filter(place="O5"),
    "the whole district": Filter(),
}


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield what it takes to ask of a moment a year ago, and of everything until now."""
    with an_office(kind) as office:
        fill_with_lives(office, size, until=START)
        with office.reading() as connection:
            cases, events, clocks, open_ = counts(connection)
        note = f"{cases:,} cases, {events:,} events, {clocks:,} clocks, {open_:,} open"
        one = _p95(size, lambda number: case_as_of(office, number, A_YEAR_AGO, by="auditor"))
        yield Figure(f"a case as of a moment, p95, {kind}", one, "ms", 5.0, note)
        one = _p95(size, lambda number: open_timeline(office, number, by="auditor", as_of=START))
        yield Figure(f"a case's timeline, p95, {kind}", one, "ms")
        for name, wanted in LISTS.items():
            page, counted = alternate(
                3,
                lambda wanted=wanted: list_as_of(office, wanted, A_YEAR_AGO, by="auditor"),
                lambda wanted=wanted: count_as_of(office, wanted, A_YEAR_AGO, by="auditor"),
            )
            yield Figure(f"list as of a year ago: {name}, {kind}", page, "s", 1.0)
            yield Figure(f"count as of a year ago: {name}, {kind}", counted, "s", 1.0)
        added = seconds(lambda: catch_up(office))
        yield Figure(f"adding up every closed case, once, {kind}", added, "s")
        for grouping in (Grouping.NONE, Grouping.UNIT, Grouping.MONTH):
            taken = seconds(
                lambda grouping=grouping: count_statistics(
                    office, grouping, Filter(), by="auditor", until=START
                )
            )
            yield Figure(f"statistics by {grouping}, {kind}", taken, "s", 3.0)


def _p95(size: int, ask: Callable[[str], object]) -> float:
    """Return the 95th percentile in milliseconds over cases taken anywhere."""
    random = Random(1)  # noqa: S311 — which case is read is no secret
    numbers = [f"L{random.randint(1, size):09d}" for _ in range(READS)]
    ask(numbers[0])
    return percentile([seconds(lambda n=n: ask(n)) * 1_000 for n in numbers], 0.95)
