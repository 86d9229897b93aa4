"""Change what is in force: adopt a policy, enter a day or a term. Everything said stays said."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from casework.errors import Invalid, Refused
from casework.forms import clean
from casework.office import Office
from casework.people import find_actor, require
from models import Place
from models.tables import CALENDAR_OVERRIDES, ORGANISATIONS, POLICY_VERSIONS, SCHOOL_TERMS
from rules.access import Verb
from rules.overrides import Term, TermKind
from rules.policy import Policy, digest, read_policy
from rules.wording import Wording
from rules.workdays import china_day

_NOWHERE = ""


def adopt_policy(
    office: Office, text: str, *, by: str | None, at: datetime, where: str = "policy"
) -> Policy:
    """Put a policy in force from its own effective date on; ``by`` None is the set-up.

    Raise PolicyTrouble for a bad file, Refused for one already in force or without the role.
    """
    policy = read_policy(text, where=where)
    with office.writing() as connection:
        person = _administrator(connection, by)
        last = select(POLICY_VERSIONS.c.digest).order_by(POLICY_VERSIONS.c.id.desc()).limit(1)
        if connection.execute(last).scalar() == digest(text):
            raise Refused(
                Wording("这份规则已在使用", "this policy is in force already"),
                remedy=Wording("无须再次采用。", "There is nothing to do."),
                where=where,
            )
        row = {
            "digest": digest(text), "name": policy.name, "text": text,
            "effective_from": policy.effective_from, "adopted_at": at, "adopted_by_id": person,
        }  # fmt: skip
        connection.execute(insert(POLICY_VERSIONS), row)
    return policy


def enter_day(
    office: Office, day: date, *, off: bool | None, name: str, by: str, at: datetime
) -> None:
    """Enter that a day is off, worked, or (None) as the notices say after all."""
    with office.writing() as connection:
        row = {
            "day": day, "off": off, "name": clean(name, where="name", longest=80),
            "announced_on": china_day(at), "by_id": _administrator(connection, by),
        }  # fmt: skip
        connection.execute(insert(CALENDAR_OVERRIDES), row)


def enter_term(
    office: Office,
    kind: TermKind,
    name: str,
    *,
    starts: date,
    ends: date,
    by: str,
    at: datetime,
    withdrawn: bool = False,
) -> None:
    """Enter a term or break, replacing what was said of the same kind and name before."""
    Term(kind, starts, ends)
    if not name.strip():
        raise Invalid(
            Wording("缺少学期名称", "the term has no name"),
            remedy=Wording("例如：2026-2027 学年第一学期。", "For example: 2026-27 autumn."),
            where="name",
        )
    with office.writing() as connection:
        row = {
            "kind": kind, "name": clean(name, where="name", longest=80), "starts": starts,
            "ends": ends, "withdrawn": withdrawn, "announced_on": china_day(at),
            "by_id": _administrator(connection, by),
        }  # fmt: skip
        connection.execute(insert(SCHOOL_TERMS), row)


def list_policies(connection: Connection) -> Sequence[Any]:
    """Return the adopted policies, oldest first: digest, name, effective_from, adopted_at."""
    kept = POLICY_VERSIONS.c
    rows = select(kept.digest, kept.name, kept.effective_from, kept.adopted_at).order_by(kept.id)
    return connection.execute(rows).mappings().all()


def _administrator(connection: Connection, by: str | None) -> int | None:
    if by is None:
        return None
    actor = find_actor(connection, by)
    committee = select(ORGANISATIONS.c.path).where(ORGANISATIONS.c.kind == Place.COMMITTEE)
    require(actor, Verb.ADMINISTER, connection.execute(committee).scalar() or _NOWHERE)
    return actor.id
