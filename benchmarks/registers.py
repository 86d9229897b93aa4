"""Registers: the nightly check against the query by hand and the rows it causes; a ledger in.

All in processor time, of PostgreSQL's processes too. The floor is what no hand can go below: the
rows that we wrote, ready, into the same tables with the same keys, checks and triggers, as fast as
the driver takes them. It reads no file, checks no value and hashes nothing, all of which a careful
hand would have to do as well; so it flatters nobody. The ledger's parser runs in a process of its
own beside the import, as for every file from outside: what it takes is named, not in the ratio.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

from sqlalchemy import text

from benchmarks.by_hand import Rows, read_rows, write_rows
from benchmarks.measures import Figure, processor_seconds
from benchmarks.offices import CLUSTERS, SCHOOLS, START, an_office, settle
from casework.events import Door
from casework.office import Office
from casework.registers.checking import check_registers
from casework.registers.importing import import_register
from models import METADATA

SHARE_DUE = 100  # one record in a hundred runs out today
GROWTH = 10
IMPORTED = 5
"""A ledger holds one in so many of the records."""
TODAY = START.date()
_NO_HASH = "0" * 64
# What a careful hand would ask each night: by the index of days, what was not raised before.
_QUERY = text("""
SELECT r.id, r.kind, r.key, r.facts, o.code, o.name, o.path FROM register_record r
JOIN organisation o ON o.id = r.unit_id
WHERE r.next_check_on <= :today AND r.state = 'active' AND NOT EXISTS (
  SELECT 1 FROM register_case c WHERE c.record_id = r.id AND c.rule = 'insurance'
  AND c.period = CAST(:today AS varchar(10)))
""")
_CHANGED = (
    "SELECT id AS key, next_check_on, seq, head FROM register_record WHERE seq > 1 ORDER BY id"
)
_KEPT = frozenset(
    {"organisation", "person", "role_grant", "register_record", "number_series", "unsealed"}
)
"""Tables that hold rows before anything is checked, or that triggers fill."""


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield what a night's check takes among ``size`` records, and a ledger of a fifth of them."""
    due = size // SHARE_DUE
    small = _checked_among(kind, size // GROWTH, due)
    with an_office(kind) as office:
        _fill(office, size, due)
        large = processor_seconds(office.engine, lambda: _check(office, due))
        rows = _written(office)
        changed = read_rows(office, {"register_record": _CHANGED})["register_record"]
        again = processor_seconds(office.engine, lambda: _check(office, 0))
    with an_office(kind) as office:
        _fill(office, size, due)
        hand = processor_seconds(office.engine, lambda: _by_hand(office, rows, changed))
    note = f"{due:,} due among {size:,}: {large:.2f} s against {hand:.2f} s"
    yield Figure(f"nightly check / query and rows by hand, {kind}", large / hand, "×", 3.0, note)
    note = f"{large:.2f} s among {size:,}, {small:.2f} s among {size // GROWTH:,}"
    yield Figure(f"nightly check, {GROWTH}× the records, {kind}", large / small, "×", 1.3, note)
    yield Figure(f"the same again, nothing due, {kind}", again, "s")
    yield from _imports(kind, size // IMPORTED)


def _imports(kind: str, count: int) -> Iterator[Figure]:
    with an_office(kind) as office, TemporaryDirectory() as folder:
        ledger = _ledger(Path(folder), count)
        before = _of_parsers()
        ours = processor_seconds(office.engine, lambda: _import(office, ledger, count))
        parsed = _of_parsers() - before
        rows = _written(office, but=_KEPT - {"register_record"})
    with an_office(kind) as office:
        hand = processor_seconds(office.engine, lambda: write_rows(office, rows, {}))
    note = f"{count:,} rows: {ours:.1f} s against {hand:.1f} s, the parser {parsed:.1f} s"
    yield Figure(f"import of guards / rows by hand, {kind}", ours / hand, "×", 3.0, note)


def _of_parsers() -> float:
    """Return the processor time of processes of ours that have ended."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _checked_among(kind: str, size: int, due: int) -> float:
    with an_office(kind) as office:
        _fill(office, size, due)
        return processor_seconds(office.engine, lambda: _check(office, due))


def _check(office: Office, due: int) -> None:
    done = check_registers(office, as_of=START, ran_at=START, door=Door.FLOW)
    if done.raised != due:
        message = f"{done.raised} of {due} cases raised"
        raise AssertionError(message)


def _written(office: Office, but: frozenset[str] = _KEPT) -> dict[str, Rows]:
    """Return the rows of all tables that were empty before, in an order they can be written in."""
    names = [each.name for each in METADATA.sorted_tables if each.name not in but]
    found = read_rows(office, {name: f"SELECT * FROM {name}" for name in names})
    return {name: _as_text(rows) for name, rows in found.items() if rows}


def _as_text(rows: Rows) -> Sequence[Mapping[str, object]]:
    """PostgreSQL hands JSON out as what it holds, and takes it as text."""
    return [
        {name: json.dumps(v) if isinstance(v, list | dict) else v for name, v in row.items()}
        for row in rows
    ]


def _by_hand(office: Office, rows: Mapping[str, Rows], changed: Rows) -> None:
    with office.reading() as connection:
        connection.execute(_QUERY, {"today": TODAY.isoformat()}).all()
    write_rows(office, rows, {"register_record": ("id", changed)})


def _fill(office: Office, count: int, due: int) -> None:
    """Add buses in order, of which ``due`` lose their insurance today and the rest later."""
    sqlite = office.engine.dialect.name == "sqlite"
    series = (
        f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count})"
        if sqlite
        else f"WITH s(n) AS (SELECT generate_series(1, {count}::bigint))"
    )
    later = TODAY + timedelta(days=60)

    def day(of: str) -> str:
        return (
            f"date('{of}', '+' || (n % 300) || ' days')"
            if sqlite
            else f"(date '{of}' + (n % 300)::int)"
        )

    def spread(late: str) -> str:
        return f"CASE WHEN n <= {due} THEN date('{TODAY}') ELSE {late} END"

    until = spread(day(f"{later}"))
    facts = (
        """'{"plate":"' || n || '","model":"other","vehicle_owner":"客运公司","seats":"36","""
        """"first_registered_on":"2020-03-01","inspected_on":"2026-02-27","equipment":"complete","""
        f""""permit_until":"2027-12-31","insured_until":"' || {until} || '"}}'"""
    )
    units = CLUSTERS * SCHOOLS
    with office.writing() as connection:
        statement = f"""
            {series} INSERT INTO register_record (id, kind, unit_id, cluster_id, key, key_unit,
              facts, personal, state, expires_on, next_check_on, well_from, changed_at, seq, head)
            SELECT n, 'bus', 1000 + n % {units}, 2 + (n % {units}) / {SCHOOLS}, 'B' || n, 0,
              {facts if sqlite else f"({facts})::json"}, '{{}}', 'active', {until},
              {spread(day(f"{later - timedelta(days=30)}"))}, '0001-01-01',
              '2026-01-01 00:00:00+00', 1, '{_NO_HASH}' FROM s"""
        connection.execute(text(statement.replace(":", "\\:")))  # no parameters, only JSON
    settle(office)


def _ledger(folder: Path, count: int) -> Path:
    path = folder / "guards.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("单位", "工号", "姓名", "出生日期", "联系电话", "国家保安员证号",
                         "系统资质证号", "年审日期"))  # fmt: skip
        for n in range(count):
            writer.writerow((
                f"单位{1000 + n % (CLUSTERS * SCHOOLS)}", f"B{n}", f"李{n}",
                TODAY - timedelta(9_000 + n * 7_919 % 11_000), f"137{n:08d}", f"苏保{n}",
                f"园教{n}", TODAY - timedelta(n % 300),
            ))  # fmt: skip
    return path


def _import(office: Office, ledger: Path, count: int) -> None:
    done = import_register(office, ledger, "guard", by="committee", at=START)
    if done.added != count:
        message = f"{done.added} of {count} rows landed: {done.problems[:3]}"
        raise AssertionError(message)
