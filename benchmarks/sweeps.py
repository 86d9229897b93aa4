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
    with office.reading() as connection:
        return {
            name: [dict(row) for row in connection.execute(text(chosen)).mappings()]
            for name, chosen in {**_INSERTED, **_MOVED}.items()
        }


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


def _by_hand(office: Office, rows: dict[str, Sequence[Mapping[str, Any]]]) -> None:
    """Write the same rows as fast as the driver lets: prepared by us, in one transaction."""
    connection = office.engine.raw_connection()
    cursor = connection.cursor()
    if office.engine.dialect.name == "sqlite":
        cursor.execute("BEGIN IMMEDIATE")
        _write_to_sqlite(cursor, rows)
    else:
        _write_to_postgresql(cursor, rows)
    connection.commit()
    connection.close()


def _write_to_sqlite(cursor: Any, rows: dict[str, Sequence[Mapping[str, Any]]]) -> None:  # noqa: ANN401 — a driver's cursor
    for table in _INSERTED:
        names = list(rows[table][0])
        marks = ", ".join(f":{name}" for name in names)
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows[table]
        )
    for table in _MOVED:
        sets = ", ".join(f"{name} = :{name}" for name in list(rows[table][0])[1:])
        cursor.executemany(f"UPDATE {table} SET {sets} WHERE {_KEYS[table]} = :key", rows[table])


def _write_to_postgresql(cursor: Any, rows: dict[str, Sequence[Mapping[str, Any]]]) -> None:  # noqa: ANN401 — as above
    for table in _INSERTED:
        names = list(rows[table][0])
        with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows[table]:
                copy.write_row(tuple(row.values()))
    kinds = {"key": "bigint", "seq": "integer", "head": "text", "next_step": "text",
             "next_step_at": "timestamptz"}  # fmt: skip
    for table in _MOVED:
        names = list(rows[table][0])
        arrays = ", ".join(f"%({name})s::{kinds[name]}[]" for name in names)
        sets = ", ".join(f"{name} = each.{name}" for name in names[1:])
        cursor.execute(
            f"UPDATE {table} SET {sets} FROM unnest({arrays}) AS each({', '.join(names)}) "
            f"WHERE {table}.{_KEYS[table]} = each.key",
            {name: [row[name] for row in rows[table]] for name in names},
        )
