"""Sweeps: the cost follows what is due, not what is stored; and against set-based SQL by hand."""

from collections.abc import Iterator

from benchmarks.measures import Figure, seconds
from benchmarks.offices import START, an_office, fill
from casework.office import Office
from casework.sweep import sweep

SHARE_DUE = 100  # one case in a hundred of the larger office
GROWTH = 10


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield how much longer a sweep takes when ten times the cases are stored, the same due."""
    due = size // SHARE_DUE
    small = _sweep(kind, size // GROWTH, due)
    large = _sweep(kind, size, due)
    note = f"{due:,} due: {large:.2f} s among {size:,}, {small:.2f} s among {size // GROWTH:,}"
    yield Figure(f"sweep, {GROWTH}× the cases, {kind}", large / small, "×", 1.3, note)
    yield Figure(f"sweep rate, {kind}", due / large, "/s")


def _sweep(kind: str, size: int, due: int) -> float:
    with an_office(kind) as office:
        fill(office, size, due=due)
        _warm(office)
        return seconds(lambda: _all_due(office, due))


def _warm(office: Office) -> None:
    sweep(office, as_of=START, ran_at=START, dry_run=True)


def _all_due(office: Office, due: int) -> None:
    swept = sweep(office, as_of=START, ran_at=START)
    if swept.cases != due or swept.failed:
        message = f"{swept.cases} of {due} cases swept, {len(swept.failed)} failed"
        raise AssertionError(message)
