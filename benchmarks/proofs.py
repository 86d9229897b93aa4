"""The proof: verifying a history against hashing the same bytes, and sealing 10,000 new events."""

import os
import resource
from collections.abc import Callable, Iterator
from datetime import UTC
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert, text

from benchmarks.measures import Figure, alternate, seconds
from benchmarks.offices import START, an_office, fill, settle
from casework.office import Office
from casework.proving.sealing import Outside, outside_of, seal
from casework.proving.verifying import verify
from models.prepared import Prepared
from models.tables import EVENTS
from rules.proof import ALGORITHM, GENESIS, Sealed, canonical, event_hash, record

ROUNDS = 10  # events of each case
NEW = 10_000
CHUNK = 10_000
SAMPLE = 10_000  # events that stand for all in hashing
TURNS = 3  # each kind of work is done so often, in turn
CORES = os.cpu_count() or 1
BODY = (
    '{"changed":{"hands":[[],[2002]],"state":["reported","plan"]},"clock":{"due":"2026-03-05T00:'
    '00:00+08:00","limit":"3wd","no":2,"stage":"plan"},"given":{"measures":"更换灭火器,专人看守"}}'
)
_ADD = Prepared(insert(EVENTS))
_OPEN = {
    "sqlite": (
        "DROP TRIGGER case_event_refuses_delete",
        "DELETE FROM case_event",
        "DELETE FROM unsealed",
    ),
    "postgresql": (
        "SET LOCAL session_replication_role = replica",
        "DELETE FROM case_event",
        "DELETE FROM unsealed",
    ),
}


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield the seconds of a seal, and a verification's ratio to its floors."""
    with an_office(kind) as office, TemporaryDirectory() as folder:
        outside = outside_of(Path(folder), {})
        heads = _live(office, size // ROUNDS)
        first = seconds(lambda: seal(office, outside, at=START))
        settle(office)
        _round(office, heads, ROUNDS + 1, NEW)
        new = seconds(lambda: _sealed(office, outside))
        note = f"{size:,} before; those took {first / size * NEW:.2f} s for each {NEW:,}"
        yield Figure(f"seconds to seal {NEW:,} new events, {kind}", new, "s", 1.0, note)
        hashing, reading, alone, together = alternate(
            TURNS, _hashing(size + NEW), lambda: _read_all(office),
            lambda: _verified(office, outside, 1), lambda: _verified(office, outside, CORES),
        )  # fmt: skip
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        events = size + NEW
        for whole, by in ((alone, "1 process"), (together, f"{CORES} processes")):
            note = f"{events:,} events in {whole:.1f} s, {whole / events * 1e6:.1f} µs each"
            name = f"verify by {by} / hashing the same, {kind}"
            yield Figure(name, whole / hashing, "×", 2.0, note)
            name = f"verify by {by} / reading and hashing it, {kind}"
            yield Figure(name, whole / (reading + hashing), "×", 2.0)
        yield Figure(f"peak memory of all this, {kind}", memory, "MB", 600)
        since = seconds(lambda: verify(office, outside, since=size))
        yield Figure(f"verify what is new since a head, {kind}", since, "s", None, f"{NEW:,} new")


def _live(office: Office, cases: int) -> dict[int, str]:
    """Give each case a chain of events, all of them real; return its head by case."""
    fill(office, cases)
    with office.writing() as connection:
        for statement in _OPEN[connection.dialect.name]:
            connection.exec_driver_sql(statement)
    heads = dict.fromkeys(range(1, cases + 1), GENESIS)
    for seq in range(1, ROUNDS + 1):
        _round(office, heads, seq, cases)
    return heads


def _round(office: Office, heads: dict[int, str], seq: int, cases: int) -> None:
    """Append one event to the first so many cases, and say so in the cases."""
    ids = list(heads)[:cases]
    for begin in range(0, len(ids), CHUNK):
        rows = [_event(case, seq, heads[case]) for case in ids[begin : begin + CHUNK]]
        heads |= {row["case_id"]: row["hash"] for row in rows}
        ends = [{"id": row["case_id"], "seq": seq, "head": row["hash"]} for row in rows]
        with office.writing() as connection:
            _ADD.run_all(connection, rows)
            connection.execute(_END, ends)


_END = text("UPDATE cases SET seq = :seq, head = :head WHERE id = :id")


def _sealed_event(case: int, seq: int, previous: str) -> Sealed:
    return Sealed(f"B{case:09d}", seq, START, "submit_plan", 1, "owner", "cli", BODY, previous)


def _event(case: int, seq: int, previous: str) -> dict[str, Any]:
    event = _sealed_event(case, seq, previous)
    return {
        "case_id": case, "seq": seq, "at": START.astimezone(UTC), "kind": event.kind,
        "actor_id": 1, "role": event.role, "door": event.door, "body": BODY,
        "algorithm": ALGORITHM, "previous": previous, "hash": event_hash(event),
    }  # fmt: skip


def _sealed(office: Office, outside: Outside) -> None:
    if seal(office, outside, at=START).new != NEW:
        message = "not all new events were sealed"
        raise AssertionError(message)


def _verified(office: Office, outside: Outside, processes: int) -> None:
    found = verify(office, outside, processes=processes)
    if not found.ok:
        raise AssertionError(found.faults[:3])


def _hashing(events: int) -> Callable[[], None]:
    """Return what hashes so many events, and as many nodes, in memory."""
    sample = [canonical(record(_sealed_event(n, 1, GENESIS))).encode() for n in range(SAMPLE)]

    def hash_all() -> None:
        for _ in range(events // SAMPLE):
            for each in sample:
                sha256(b"\x00" + each).hexdigest()
                sha256(b"\x01" + each[:64]).digest()

    return hash_all


def _read_all(office: Office) -> None:
    with office.reading() as connection:
        statement = "SELECT * FROM case_event ORDER BY case_id, seq"
        rows = connection.execution_options(yield_per=5_000).exec_driver_sql(statement)
        for _ in rows.partitions():
            pass
