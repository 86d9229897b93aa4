"""Sweeps: the cost follows what is due, not what is stored; against the same rows by hand."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.by_hand import Rows, read_rows, write_rows
from benchmarks.measures import Figure, seconds
from benchmarks.offices import START, an_office, fill
from casework.office import Office
from casework.sweep import sweep

SHARE_DUE = 100  # one case in a hundred of the larger office
GROWTH = 10


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield a sweep's rate, its ratio to the same rows by hand, and to a tenth of the cases."""
    due = size // SHARE_DUE
    small = _swept(kind, size // GROWTH, due)
    with an_office(kind) as office:
        fill(office, size, due=due)
        large = _seconds_of_a_sweep(office, due)
        rows = read_rows(office, {**_INSERTED, **_MOVED})
    with an_office(kind) as office:
        fill(office, size, due=due)
        base = seconds(lambda: _by_hand(office, rows))
    note = f"{due:,} due: {large:.2f} s among {size:,}, {small:.2f} s among {size // GROWTH:,}"
    yield Figure(f"sweep, {GROWTH}× the cases, {kind}", large / small, "×", 1.3, note)
    note = f"{large:.2f} s against {base:.2f} s"
    yield Figure(f"sweep / the same rows by hand, {kind}", large / base, "×", 3.0, note)
    yield Figure(f"seconds for 10,000 rungs, {kind}", large / due * 10_000, "s", 1.0)
    run = _seconds_of_a_prefect_run()
    note = f"{large:.2f} s against {run * due:,.0f} s ({run * 1e3:.0f} ms a run, scaled)"
    yield Figure(
        f"sweep / a Prefect run for each case, {kind}", large / (run * due), "×", 1.0, note
    )


def _seconds_of_a_prefect_run() -> float:
    script = str(Path(__file__).parent / "peer_prefect_runs.py")
    done = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def _swept(kind: str, size: int, due: int) -> float:
    with an_office(kind) as office:
        fill(office, size, due=due)
        return _seconds_of_a_sweep(office, due)


def _seconds_of_a_sweep(office: Office, due: int) -> float:
    sweep(office, as_of=START, ran_at=START, dry_run=True)
    return seconds(lambda: _all_due(office, due))


def _all_due(office: Office, due: int) -> None:
    swept = sweep(office, as_of=START, ran_at=START)
    if swept.cases != due or swept.failed:
        message = f"{swept.cases} of {due} cases swept, {len(swept.failed)} failed"
        raise AssertionError(message)


_INSERTED = {
    "case_event": "SELECT * FROM case_event WHERE seq = 2",
    "clock_step": "SELECT * FROM clock_step",
    "notice": "SELECT * FROM notice",
}
_MOVED = {
    "cases": "SELECT id AS key, seq, head FROM cases WHERE seq = 2",
    "clock": "SELECT case_id AS key, next_step, next_step_at FROM clock "
    "WHERE case_id IN (SELECT id FROM cases WHERE seq = 2)",
}
_KEYS = {"cases": "id", "clock": "case_id"}


def _by_hand(office: Office, rows: Mapping[str, Rows]) -> None:
    moved = {table: (key, rows[table]) for table, key in _KEYS.items()}
    write_rows(office, {table: rows[table] for table in _INSERTED}, moved)
