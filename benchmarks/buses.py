"""School buses: a district's day taken in against the same file read and its rows put in by hand,
and its bulletin against the statements that a bulletin cannot do without.
"""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any

from sqlalchemy import Connection, text

from benchmarks.measures import Figure, alternate, seconds
from benchmarks.offices import CLUSTERS, SCHOOLS, START, an_office, settle
from casework.buses.bulletins import make_bulletins
from casework.buses.feeding import feed_buses
from casework.buses.reading import COLUMNS, read_lines
from casework.buses.summing import sum_day
from casework.buses.violations import list_violations
from casework.events import Door
from casework.office import Office
from casework.registers.acts import add_record
from rules.workdays import CHINA

BUSES = CLUSTERS * SCHOOLS
DAY = date(2026, 3, 2)  # a Monday
AT = START + timedelta(days=1)
_BEGINS = datetime.combine(DAY, time(6, 0), CHINA)
_LASTS = 9_000  # seconds of the morning run
_OFFENDERS, _REPEATERS = 24, 3  # buses; of each repeater three violations
_ROUNDS = 3
_BUS = {
    "model": "dedicated", "vehicle_owner": "校车公司", "seats": "36",
    "first_registered_on": "2020-03-01", "inspected_on": "2026-01-10",
    "insured_until": "2026-12-31", "permit_until": "2026-12-31", "contact_phone": "13812345678",
}  # fmt: skip
_MOVES = """
SELECT plate, record_id, fault, count(*) FROM bus_sighting
WHERE on_day = :day AND kind = 'position' GROUP BY plate, record_id, fault
"""
_OWED = """
SELECT * FROM bus_sighting WHERE offence AND bulletin_id IS NULL AND on_day <= :day ORDER BY at, id
"""


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield what ``size`` positions of a day cost to take in and to tell of."""
    with an_office(kind) as office:
        _register(office)
        told = _file(size)
        note = f"{size:,} rows of {BUSES} buses"
        ours = seconds(lambda: _feed(office, told))
        rows = _taken_out(office)
        by_hand = seconds(lambda: _put_in(office, told, rows))
        yield Figure(f"a day fed / rows by hand, {kind}", ours / by_hand, "×", 3.0, note)
        yield Figure(f"a day fed, {kind}", ours, "s", None, f"by hand {by_hand:.2f} s")
        settle(office)
        again = seconds(lambda: _feed(office, told))
        yield Figure(f"… fed once more, all known, {kind}", again / by_hand, "×", None)
        summed, asked = alternate(_ROUNDS, lambda: _sum(office), lambda: _ask(office))
        yield Figure(f"a day summed / by hand, {kind}", summed / asked, "×", 3.0)
        made = seconds(lambda: make_bulletins(office, as_of=AT, ran_at=AT, door=Door.CLI))
        note = f"{_REPEATERS} vetoed, {BUSES // 100 + 1} units told; by hand {asked * 1e3:.0f} ms"
        yield Figure(f"the bulletin made / by hand, {kind}", made / asked, "×", None, note)
        page = seconds(lambda: list_violations(office, by="committee"))
        yield Figure(f"violations listed, {kind}", page, "s", 0.1)


def _register(office: Office) -> None:
    for number in range(BUSES):
        typed = {**_BUS, "plate": _plate(number)}
        unit = f"O{1000 + number}"
        add_record(office, "bus", unit, typed, by="committee", at=START, door=Door.CLI)


def _file(size: int) -> str:
    """Return a CSV: each bus at its place in turn, some of them at fault."""
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS.values())
    for n in range(size):
        at = _BEGINS + timedelta(seconds=n * _LASTS // size)
        writer.writerow(
            (f"P{n}", _plate(n % BUSES), at.isoformat(), "定位", n % 58, "", "", "", "")
        )
    for n in range(_OFFENDERS):
        for time_ in range(3 if n < _REPEATERS else 1):
            at = (_BEGINS + timedelta(minutes=n + time_)).isoformat()
            writer.writerow((f"V{n}/{time_}", _plate(n), at, "违法", "", "", "超员", "校门口", ""))
    return written.getvalue()


def _plate(number: int) -> str:
    return f"苏E{10_000 + number}"


def _feed(office: Office, told: str) -> None:
    lines = read_lines(StringIO(told), now=AT)
    feed_buses(office, lines, source="bench", by="committee", at=AT, door=Door.CLI)


def _taken_out(office: Office) -> Sequence[tuple[Any, ...]]:
    """Return the rows as the driver gives them, and leave the table empty."""
    with office.engine.begin() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("SELECT * FROM bus_sighting")
        rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
        cursor.execute("DELETE FROM bus_sighting")
    return rows


def _put_in(office: Office, told: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Read the file and put the rows in by executemany, as ``benchmarks.imports`` does."""
    deque(csv.reader(StringIO(told)), maxlen=0)
    with office.engine.begin() as connection:
        mark = "%s" if connection.dialect.name == "postgresql" else "?"
        marks = ", ".join([mark] * len(rows[0]))
        cursor = connection.connection.cursor()
        cursor.executemany(f"INSERT INTO bus_sighting VALUES ({marks})", rows)


def _sum(office: Office) -> None:
    with office.reading() as connection:
        sum_day(connection, DAY)


def _ask(office: Office) -> None:
    with office.reading() as connection:
        for statement in (_MOVES, _OWED):
            connection.execute(text(statement), {"day": _bound(connection)}).all()


def _bound(connection: Connection) -> object:
    return DAY if connection.dialect.name == "postgresql" else DAY.isoformat()
