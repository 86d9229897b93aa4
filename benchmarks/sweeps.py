"""Sweeps: the cost follows what is due, not what is stored; against the same rows by hand."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.measures import Figure, seconds
from benchmarks.offices import START, an_office, fill
from casework.office import Office
from casework.sweep import sweep

SHARE_DUE = 100  # one case in a hundred of the larger office
GROWTH = 10
WRITTEN = ("case_event", "clock_step", "notice")


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield a sweep's rate, its ratio to the same rows by hand, and to a tenth of the cases."""
    due = size // SHARE_DUE
    small = _swept(kind, size // GROWTH, due)
    with an_office(kind) as office:
        fill(office, size, due=due)
        large = _seconds_of_a_sweep(office, due)
        rows = _rows(office)
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


def _rows(office: Office) -> dict[str, Sequence[Mapping[str, Any]]]:
    """Return what the sweep wrote, as the driver takes it."""
    chosen = {"case_event": " WHERE seq = 2", "clock_step": "", "notice": ""}
    with office.reading() as connection:
        rows = {
            table: [dict(row) for row in connection.execute(
                text(f"SELECT * FROM {table}{chosen[table]}")).mappings()]
            for table in WRITTEN
        }  # fmt: skip
        moved = text("SELECT id, seq, head, next_step, next_step_at FROM cases WHERE seq = 2")
        return rows | {"cases": [dict(row) for row in connection.execute(moved).mappings()]}


def _by_hand(office: Office, rows: dict[str, Sequence[Mapping[str, Any]]]) -> None:
    connection = office.engine.raw_connection()
    sqlite = office.engine.dialect.name == "sqlite"
    cursor = connection.cursor()
    if sqlite:
        cursor.execute("BEGIN IMMEDIATE")
    for table in WRITTEN:
        names = list(rows[table][0])
        marks = ", ".join(f":{name}" if sqlite else f"%({name})s" for name in names)
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows[table]
        )
    changed = ("seq", "head", "next_step", "next_step_at")
    sets = ", ".join(f"{name} = :{name}" if sqlite else f"{name} = %({name})s" for name in changed)
    where = "id = :id" if sqlite else "id = %(id)s"
    cursor.executemany(f"UPDATE cases SET {sets} WHERE {where}", rows["cases"])
    connection.commit()
    connection.close()
