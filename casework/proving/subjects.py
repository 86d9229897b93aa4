"""What can be proven to somebody outside: a case, or anything else that has a history.

A case is asked for by its number, any other by what it is called in its chain
(``lookback:2026年3月回头看``, ``account:li``, ``register:equipment/A-1``).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from casework.auditing.access import OVERSEERS
from casework.auditing.access import SUBJECT as LOOKER
from casework.buses.bulletins import SUBJECT as BULLETIN
from casework.buses.sight import sees_all
from casework.cases import find_case, no_such_case
from casework.documents.papers import SUBJECT as PAPER
from casework.documents.papers import may_see_paper
from casework.errors import Invalid, NotFound
from casework.filings.proving import may_prove
from casework.filings.store import SUBJECT as FILING
from casework.filings.templates import TEMPLATES
from casework.forms import clean
from casework.guardchecks.checks import SUBJECT as GUARD_CHECK
from casework.inspections.checklists import CHECKLISTS
from casework.inspections.places import seen_by as inspection_seen_by
from casework.inspections.tasks import SUBJECT as INSPECTION
from casework.lookback.looks import SUBJECT as LOOK
from casework.people import find_actor
from casework.proving.sequencer import CASE
from casework.records import called, read_records
from casework.registers.places import seen_by
from casework.registers.store import SUBJECT as REGISTER
from models import Place
from models.tables import (
    EVENTS,
    GUARD_CHECKS,
    INSPECTION_TASKS,
    LOOKBACKS,
    ORGANISATIONS,
    PRIVATE_VALUES,
    RECORD_EVENTS,
    RECORD_PRIVATES,
    REGISTER_RECORDS,
)
from rules.access import Actor, Verb
from rules.proof import Sealed
from rules.registers.kinds import kinds
from rules.wording import Wording

_ACCOUNT, _PERSON = "account", "person"
_LONGEST = 120
_ROOT = select(ORGANISATIONS.c.path).where(ORGANISATIONS.c.kind == Place.COMMITTEE)
_SHOWN = 5


class Proven(NamedTuple):
    """A thing with a history: ``name`` is what it is called in the chain, ``path`` where it is."""

    kind: str
    id: int
    name: str
    path: str


def find_proven(connection: Connection, written: str, by: str) -> tuple[Proven, Actor]:
    """Return what is meant, for ``by`` who may see it; raise NotFound else, Invalid for several."""
    actor = find_actor(connection, by)
    written = clean(written, where="CASE", longest=_LONGEST)
    kind, colon, name = written.partition(":")
    if not colon:
        stored = find_case(connection, written)
        if not actor.may(Verb.VIEW, stored.unit_path):
            raise no_such_case(written)
        return Proven(CASE, stored.id, stored.number, stored.unit_path), actor
    root = connection.execute(_ROOT).scalar() or ""
    seen = [
        each for each in _called(connection, kind, name) if _may_see(connection, actor, kind, each)
    ]
    if len(seen) != 1:
        raise _several(kind, seen) if seen else _nothing(written)
    (found,) = seen
    return Proven(kind, found, called(kind, _name(connection, kind, found)), root), actor


def events_of(connection: Connection, proven: Proven) -> list[Sealed]:
    """Return the events of a history in order."""
    if proven.kind != CASE:
        return [sealed for sealed, _ in read_records(connection, proven.kind, proven.id)]
    statement = select(EVENTS).where(EVENTS.c.case_id == proven.id).order_by(EVENTS.c.seq)
    return [
        Sealed(
            proven.name, row.seq, row.at, row.kind, row.actor_id, row.role, row.door, row.body,
            row.previous, row.algorithm,
        )
        for row in connection.execute(statement)
    ]  # fmt: skip


def privates_of(connection: Connection, proven: Proven) -> list[dict[str, Any]]:
    """Return what is kept beside a history: seq, field, salt and value."""
    table = PRIVATE_VALUES if proven.kind == CASE else RECORD_PRIVATES
    of_it = (
        PRIVATE_VALUES.c.case_id == proven.id
        if proven.kind == CASE
        else (RECORD_PRIVATES.c.subject == proven.kind)
        & (RECORD_PRIVATES.c.subject_id == proven.id)
    )
    columns = (table.c[name] for name in ("seq", "field", "salt", "value"))
    statement = select(*columns).where(of_it).order_by(table.c.seq, table.c.field)
    return [dict(row) for row in connection.execute(statement).mappings()]


def _called(connection: Connection, kind: str, name: str) -> Sequence[int]:
    """Return the ids of what is called so; ``#7`` is the one with that id."""
    rows = RECORD_EVENTS.c
    first = select(rows.subject_id).where(rows.subject == kind, rows.seq == 1)
    if name.startswith("#") and name[1:].isascii() and name[1:].isdecimal():
        chosen = first.where(rows.subject_id == int(name[1:19]))
    else:
        chosen = first.where(rows.name == name)
    return connection.execute(chosen.order_by(rows.subject_id)).scalars().all()


def _name(connection: Connection, kind: str, subject_id: int) -> str:
    rows = RECORD_EVENTS.c
    mine = (rows.subject == kind) & (rows.subject_id == subject_id) & (rows.seq == 1)
    return str(connection.execute(select(rows.name).where(mine)).scalar_one())


def _may_see(connection: Connection, actor: Actor, kind: str, subject_id: int) -> bool:
    """Whether it is theirs to see: as on its own page; what has none, whoever oversees sees."""
    if any(grant.role in OVERSEERS for grant in actor.grants if grant.path.count("/") <= 2):
        return True
    rule = _RULES.get(kind)
    return rule is not None and rule(connection, actor, subject_id)


def _sees_look(connection: Connection, _actor: Actor, look: int) -> bool:
    """What is published, anybody with an account may take away."""
    wanted = select(LOOKBACKS.c.published_at).where(LOOKBACKS.c.id == look)
    return connection.execute(wanted).scalar() is not None


def _sees_record(connection: Connection, actor: Actor, record: int) -> bool:
    found = select(REGISTER_RECORDS.c.kind).where(REGISTER_RECORDS.c.id == record)
    kind = kinds().get(str(connection.execute(found).scalar()))
    if kind is None:
        return False
    seen = found.where(seen_by(connection, actor, kind))
    return connection.execute(seen).scalar() is not None


def _sees_inspection(connection: Connection, actor: Actor, task: int) -> bool:
    found = select(INSPECTION_TASKS.c.id).where(
        INSPECTION_TASKS.c.id == task, inspection_seen_by(connection, actor)
    )
    return connection.execute(found).scalar() is not None


def _sees_bulletin(connection: Connection, actor: Actor, _bulletin: int) -> bool:
    """Its event counts the violations of all: who reads it whole; others prove their own buses."""
    return sees_all(connection, actor)


def _sees_check(connection: Connection, _actor: Actor, check: int) -> bool:
    """What is published, anybody with an account may take away."""
    wanted = select(GUARD_CHECKS.c.published_at).where(GUARD_CHECKS.c.id == check)
    return connection.execute(wanted).scalar() is not None


def _anybody(_connection: Connection, _actor: Actor, _text: int) -> bool:
    return True


def _is_own(_connection: Connection, actor: Actor, person: int) -> bool:
    return actor.id == person


_RULES: Mapping[str, Callable[[Connection, Actor, int], bool]] = {
    LOOK: _sees_look,
    REGISTER: _sees_record,
    PAPER: may_see_paper,
    INSPECTION: _sees_inspection,
    BULLETIN: _sees_bulletin,
    FILING: may_prove,
    GUARD_CHECK: _sees_check,
    CHECKLISTS.subject: _anybody,
    TEMPLATES.subject: _anybody,
    _ACCOUNT: _is_own,
    _PERSON: _is_own,
    LOOKER: _is_own,
}


def _nothing(written: str) -> NotFound:
    return NotFound(
        Wording(f"没有“{written}”", f"there is no {written!r}"),
        remedy=Wording(
            "案件请填编号；其他请填“种类：名称”，如 lookback：编号、account：代码、document：文号、"
            "register：台账/编号、filing：编号、inspection：编号、bus_bulletin：日期、audit：代码。",
            "Give a case's number, or kind:name as lookback:NUMBER, account:CODE, "
            "document:NUMBER, register:KIND/KEY, filing:NUMBER, inspection:NUMBER, "
            "bus_bulletin:DAY, audit:CODE.",
        ),
        where="CASE",
    )


def _several(kind: str, ids: Sequence[int]) -> Invalid:
    shown = ", ".join(f"{kind}:#{each}" for each in ids[:_SHOWN])
    return Invalid(
        Wording(f"有 {len(ids)} 个同名的", f"{len(ids)} are called so"),
        remedy=Wording(f"请选其一：{shown}。", f"Choose one: {shown}."),
        where="CASE",
    )
