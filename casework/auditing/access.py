"""Who looked at the audit: written into a chain of each person's own, before they see anything.

A chain for each person: looking then waits for nobody else, and a record can no more be taken out
of it than an event out of a case's. What was typed may name people, so the chain holds its digest.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select

from casework.errors import Refused
from casework.events import Door, Happening
from casework.forms import clean
from casework.office import Office
from casework.people import find_actor
from casework.records import START, Entry, Subject, write_record
from models.tables import PEOPLE, RECORD_EVENTS, RECORD_PRIVATES
from rules.access import Role
from rules.looking import Look
from rules.wording import Wording

SUBJECT = "audit"
_WHO = select(PEOPLE.c.id, PEOPLE.c.code).where(PEOPLE.c.code == bindparam("code"))
_LAST = (
    select(RECORD_EVENTS.c.seq, RECORD_EVENTS.c.hash)
    .where(RECORD_EVENTS.c.subject == SUBJECT, RECORD_EVENTS.c.subject_id == bindparam("person"))
    .order_by(RECORD_EVENTS.c.seq.desc())
    .limit(1)
)
_SHOWN = (
    select(
        RECORD_EVENTS.c.subject_id, RECORD_EVENTS.c.seq, RECORD_EVENTS.c.at, RECORD_EVENTS.c.kind,
        RECORD_EVENTS.c.role, RECORD_EVENTS.c.door, RECORD_EVENTS.c.body, RECORD_EVENTS.c.hash,
        PEOPLE.c.code, PEOPLE.c.name,
    )
    .join(PEOPLE, PEOPLE.c.id == RECORD_EVENTS.c.subject_id)
    .where(RECORD_EVENTS.c.subject == SUBJECT)
    .order_by(RECORD_EVENTS.c.at.desc(), RECORD_EVENTS.c.subject_id, RECORD_EVENTS.c.seq.desc())
)  # fmt: skip


def record_access(
    office: Office,
    look: Look,
    *,
    by: str,
    at: datetime,
    door: Door,
    what: Mapping[str, Any] | None = None,
    typed: str = "",
    why: str = "",
) -> str:
    """Record that ``by`` looks; return the receipt ``audit:code/seq/short hash``.

    Call it before anything is handed out. ``what`` (case number, place, rows, file name) stands in
    the chain as it is; ``typed`` (a search, a filter) and ``why`` may name people and stand there
    as salted digests. Raise NotFound or Invalid for the person, Invalid for a text.
    """
    typed, why = clean(typed, where="typed"), clean(why, where="why")
    private = {name: text for name, text in (("typed", typed), ("why", why)) if text}
    with office.writing() as connection:
        actor = find_actor(connection, by)
        who = connection.execute(
            _WHO.with_for_update(), {"code": by}
        ).one()  # one look after another
        roles = {grant.role for grant in actor.grants}
        role = Role.AUDITOR if Role.AUDITOR in roles else min(roles, default=Role.REPORTER)
        happening = Happening(look.value, who.id, role.value, door, at, dict(what or {}), private)
        last = connection.execute(_LAST, {"person": who.id}).first()
        subject = Subject(SUBJECT, who.id, who.code)
        entry = write_record(connection, subject, happening, Entry(*last) if last else START)
    return f"{subject.called}/{entry.seq}/{entry.hash[:8]}"


def list_access(
    office: Office,
    *,
    by: str,
    person: str = "",
    look: Look | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    size: int = 50,
) -> Sequence[Mapping[str, Any]]:
    """Return who looked, newest first: auditors and administrators see all, others themselves.

    Raise Refused when somebody asks for another.
    """
    with office.auditing() as connection:
        actor = find_actor(connection, by)
        found = _SHOWN.limit(size)
        if not any(grant.role in OVERSEERS for grant in actor.grants):
            if person not in ("", by):
                raise _not_theirs()
            found = found.where(RECORD_EVENTS.c.subject_id == actor.id)
        if person:
            found = found.where(PEOPLE.c.code == clean(person, where="--person"))
        if look:
            found = found.where(RECORD_EVENTS.c.kind == look.value)
        if since:
            found = found.where(RECORD_EVENTS.c.at >= since)
        if until:
            found = found.where(RECORD_EVENTS.c.at <= until)
        rows = [dict(row) for row in connection.execute(found).mappings()]
        return _with_private(connection, rows)


OVERSEERS = frozenset({Role.AUDITOR, Role.ADMIN, Role.COMMITTEE})
"""Who sees what everybody looked at."""


def _with_private(connection: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add what was typed, as far as it has not been erased."""
    kept = RECORD_PRIVATES.c
    wanted = [and_(kept.subject_id == row["subject_id"], kept.seq == row["seq"]) for row in rows]
    found = select(kept.subject_id, kept.seq, kept.field, kept.value)
    typed: dict[tuple[int, int], dict[str, str]] = {}
    if wanted:
        for each in connection.execute(found.where(kept.subject == SUBJECT, or_(*wanted))):
            typed.setdefault((each.subject_id, each.seq), {})[each.field] = each.value
    return [_shown(row, typed.get((row["subject_id"], row["seq"]), {})) for row in rows]


def _shown(row: dict[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    body = json.loads(row["body"])
    what = {name: value for name, value in body.items() if name not in ("typed", "why")}
    return {
        "at": row["at"], "code": row["code"], "name": row["name"], "role": row["role"],
        "look": row["kind"], "said": Look(row["kind"]).label, "door": row["door"], "what": what,
        "typed": typed.get("typed", ""), "why": typed.get("why", ""),
        "receipt": f"{SUBJECT}:{row['code']}/{row['seq']}/{row['hash'][:8]}",
    }  # fmt: skip


def _not_theirs() -> Refused:
    return Refused(
        Wording("您只能查看自己的访问记录", "you may only see what you looked at yourself"),
        remedy=Wording(
            "须由审计员、管理员或专委会查看他人的。",
            "It takes an auditor, an administrator or the committee.",
        ),
        where="--person",
    )
