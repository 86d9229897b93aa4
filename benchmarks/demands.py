"""Demands: how long the daily run takes when very many orders owe a report."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import text

from benchmarks.measures import Figure, seconds
from benchmarks.offices import START, an_office, fill
from casework.demands import demand_progress
from casework.office import Office

_ISSUED = START - timedelta(days=14)
_DUE = START + timedelta(days=60)


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield the seconds that 10,000 orders take; ``size`` of them owe a report at once."""
    with an_office(kind) as office:
        fill(office, size * 2)
        _list(office, size)
        taken = seconds(lambda: _demand(office, size))
    note = f"{size:,} orders: {taken:.2f} s, each an event, an order's times and two notices"
    yield Figure(
        f"seconds for 10,000 reports demanded, {kind}", taken / size * 10_000, "s", 5, note
    )


def _demand(office: Office, size: int) -> None:
    done = demand_progress(office, as_of=START, ran_at=START)
    if done.demanded != size or done.failed:
        message = f"{done.demanded} of {size} demanded, {len(done.failed)} failed"
        raise AssertionError(message)


def _list(office: Office, size: int) -> None:
    """Give the first ``size`` cases an order whose first report is due, published long ago."""
    orders = """
        INSERT INTO supervision_order (case_id, number, year, n, kind, level, cause, reason,
          demands, policy, issued_at, due_at, served_note, next_demand_at, missed_reports,
          extension_reason, extensions, published_at, release_reason)
        SELECT id, number, 2026, id, 'supervision', 'cluster', 'serious', '', '', policy,
          :issued, :due, '', :now, 0, '', 0, :issued, ''
        FROM cases JOIN clock ON clock.case_id = cases.id AND clock.no = 1 WHERE id <= :size"""
    values = {"issued": _ISSUED, "due": _DUE, "now": START - timedelta(days=1), "size": size}
    with office.writing() as connection:
        if connection.dialect.name == "sqlite":  # the text that SQLite keeps moments as
            moments = {name: value for name, value in values.items() if name != "size"}
            values |= {name: f"{value:%Y-%m-%d %H:%M:%S.%f}" for name, value in moments.items()}
        connection.execute(text(orders), values)
        connection.execute(
            text("UPDATE cases SET listed = 'supervision' WHERE id <= :size"), {"size": size}
        )
