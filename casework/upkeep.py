"""Look after an installation: whether its database is whole, how far its calendar must reach.

Everything is read in streams, however much is stored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

import pysqlite3
from sqlalchemy import Connection, Engine, Row, bindparam, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from casework.errors import NotFound, Unavailable
from casework.home import Home, require_founded
from casework.office import answering
from models import METADATA, schema
from models.engine import open_engine, reading
from models.tables import CASES, EVENTS, POLICY_VERSIONS
from rules.proof import Sealed, first_break
from rules.wording import Wording

# Cases whose events are looked at together: bounds the memory of a check.
_WINDOW = 500
# As models.migrations makes them; comparing tables does not see triggers.
_WRITTEN_ONCE = frozenset(
    f"{table}_refuses_{event}"
    for table in (
        "case_event", "clock_step", "clock", "record_event", "leaf", "tree_node", "checkpoint",
        "inspection_record", "inspection_signature",
    )
    for event in ("update", "delete")
)  # fmt: skip
_AWAITING = {f"{table}_awaits_seal" for table in ("case_event", "record_event")}
_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}
_CASES = (
    select(CASES.c.id, CASES.c.number, CASES.c.seq, CASES.c.head)
    .where(CASES.c.id > bindparam("after"))
    .order_by(CASES.c.id)
    .limit(bindparam("most"))
)
_EVENTS = (
    select(EVENTS)
    .where(EVENTS.c.case_id.between(bindparam("first"), bindparam("last")))
    .order_by(EVENTS.c.case_id, EVENTS.c.seq)
    .execution_options(yield_per=2_000)
)


@dataclass(slots=True)
class Checkup:
    """What a check found; ``faults`` is empty when the database is whole."""

    backend: str
    version: str
    revision: str | None = None
    newest: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    cases_checked: int = 0
    faults: list[Wording] = field(default_factory=list)


def check_database(home: Home, *, window: int = _WINDOW) -> Checkup:
    """Look at revision, drift, triggers, the file itself and every case's chain.

    Raise Unavailable when there is no database to look at.
    """
    require_founded(home)
    found = Checkup(make_url(home.database_url).get_backend_name(), "")
    engine = open_engine(home.database_url)
    try:
        with answering():
            _check_all(engine, found, window)
    except pysqlite3.DatabaseError as fault:
        if isinstance(fault, pysqlite3.OperationalError):
            raise
        found.faults.append(_damaged(fault))
    except Unavailable as trouble:
        cause = trouble.__cause__
        if not isinstance(cause, DatabaseError) or isinstance(cause, _NO_DAMAGE):
            raise
        found.faults.append(_damaged(cause))
    finally:
        engine.dispose()
    return found


_NO_DAMAGE = (OperationalError, ProgrammingError)  # it does not answer, or lacks a table


def _damaged(fault: Exception) -> Wording:
    return Wording(f"数据库文件损坏：{_first_line(fault)}", f"damaged: {_first_line(fault)}")


def furthest_due(connection: Connection) -> datetime | None:
    """Return the latest due moment among open cases."""
    found: datetime | None = connection.execute(select(func.max(CASES.c.due_at))).scalar()
    return found


def policy_text(connection: Connection, version: str) -> str:
    """Return an adopted policy's text by its digest, or an unmistakable beginning of it."""
    like = POLICY_VERSIONS.c.digest.startswith(version, autoescape=True)
    texts = select(POLICY_VERSIONS.c.text).where(like).distinct()
    found: Sequence[str] = connection.execute(texts).scalars().all()
    if version and len(found) == 1:
        return found[0]
    raise NotFound(
        Wording(f"没有版本为 {version} 的规则", f"there is no policy with the version {version}"),
        remedy=Wording("可用 bihuan policy list 查看。", "`bihuan policy list` lists them."),
        where="--version",
    )


def _check_all(engine: Engine, found: Checkup, window: int) -> None:
    found.newest, found.revision = schema.newest(), schema.revision(engine)
    with reading(engine) as connection:
        found.version = _version(connection)
        if found.backend == "sqlite":
            found.faults += _file_faults(connection)
        if found.revision != found.newest:
            found.faults.append(_outdated(found))
            return
        found.faults += _missing_triggers(connection)
        found.counts = _counts(connection)
        found.faults += _chain_faults(connection, found, window)
    found.faults += [
        Wording(f"表结构不符：{each}", f"the tables differ: {each}")
        for each in schema.drift(engine)
    ]


def _version(connection: Connection) -> str:
    info: tuple[int, ...] = connection.dialect.server_version_info or ()
    return ".".join(str(part) for part in info)


def _file_faults(connection: Connection) -> Iterator[Wording]:
    for row in connection.execute(text("PRAGMA integrity_check")):
        if row[0] != "ok":
            yield Wording(f"数据库文件损坏：{row[0]}", f"the file is damaged: {row[0]}")
    for table, row_id, parent, _ in connection.execute(text("PRAGMA foreign_key_check")):
        yield Wording(
            f"{table} 第 {row_id} 行指向不存在的 {parent}",
            f"row {row_id} of {table} points to no {parent}",
        )


def _outdated(found: Checkup) -> Wording:
    return Wording(
        f"数据库版本 {found.revision or '空'}，程序需要 {found.newest}：请运行 bihuan db upgrade",
        f"it is at {found.revision or 'nothing'}, not {found.newest}: run `bihuan db upgrade`",
    )


def _missing_triggers(connection: Connection) -> Iterator[Wording]:
    known = set(connection.execute(text(_TRIGGERS[connection.dialect.name])).scalars())
    for name in sorted((_WRITTEN_ONCE | _AWAITING) - known):
        yield Wording(
            f"缺少触发器 {name}：历史不受保护", f"trigger {name} is gone: history is open"
        )


def _counts(connection: Connection) -> dict[str, int]:
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in METADATA.sorted_tables
    }


def _chain_faults(connection: Connection, found: Checkup, window: int) -> Iterator[Wording]:
    after = 0
    while cases := connection.execute(_CASES, {"after": after, "most": window}).all():
        try:
            yield from _window_faults(connection, cases)
        except (ValueError, LookupError):  # a moment or a word that is none
            span = f"{cases[0].number} – {cases[-1].number}"
            yield Wording(f"{span} 的经过无法读取", f"the history of {span} cannot be read")
        found.cases_checked += len(cases)
        after = cases[-1].id


def _window_faults(connection: Connection, cases: Sequence[Row[Any]]) -> Iterator[Wording]:
    window = {"first": cases[0].id, "last": cases[-1].id}
    left = {case.id: case for case in cases}
    events = connection.execute(_EVENTS, window)
    for case_id, own in groupby(events, key=lambda event: event.case_id):
        case = left.pop(case_id, None)
        if case:  # events of no case are a foreign key's fault, told already
            yield from _case_faults(case, own)
    for bare in left.values():
        yield Wording(f"{bare.number} 没有经过", f"{bare.number} has no history")


def _case_faults(case: Row[Any], events: Iterator[Row[Any]]) -> Iterator[Wording]:
    seq, head = 0, ""

    def sealed() -> Iterator[tuple[Sealed, str]]:
        nonlocal seq, head
        for event in events:
            seq, head = event.seq, event.hash
            yield _sealed(case.number, event), event.hash

    broken_at = first_break(sealed())
    if broken_at is not None:
        yield Wording(
            f"{case.number} 第 {broken_at} 条经过与此前不符",
            f"event {broken_at} of {case.number} does not follow from those before it",
        )
    elif (seq, head) != (case.seq, case.head):
        yield Wording(
            f"{case.number} 应有 {case.seq} 条经过，历史到第 {seq} 条为止",
            f"{case.number} should have {case.seq} events, its history ends at {seq}",
        )


def _sealed(number: str, event: Row[Any]) -> Sealed:
    return Sealed(
        number, event.seq, event.at, event.kind, event.actor_id, event.role, event.door,
        event.body, event.previous,
    )  # fmt: skip


def _first_line(fault: Exception) -> str:
    return str(getattr(fault, "orig", None) or fault).splitlines()[0]
