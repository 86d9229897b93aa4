"""Sessions: kept in the database, so that they can be seen and ended there."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from casework.accounts.secrets import digest, new_secret
from casework.errors import NotFound
from casework.office import Office
from models.tables import ACCOUNTS, PEOPLE, SIGNED_IN
from rules.wording import Wording

# Our choice, within ASVS 7.3: a working day without a touch, a week in all.
IDLE = timedelta(hours=8)
LONGEST = timedelta(days=7)
PENDING = timedelta(minutes=10)
"""How long a password waits for its second factor."""
_NOTED_EVERY = timedelta(minutes=5)  # a write at every page would be one too many

_KEPT = SIGNED_IN.c
_FIND = (
    select(
        _KEPT.id, _KEPT.person_id, PEOPLE.c.code, PEOPLE.c.name, _KEPT.pending, _KEPT.opened_at,
        _KEPT.seen_at,
    )
    .join(PEOPLE, PEOPLE.c.id == _KEPT.person_id)
    .join(ACCOUNTS, ACCOUNTS.c.person_id == _KEPT.person_id)
    .where(_KEPT.hash == bindparam("hash"), ACCOUNTS.c.disabled_at.is_(None))
)  # fmt: skip


class Session(NamedTuple):
    """Somebody who signed in; ``pending`` while the second factor is missing."""

    id: int
    person_id: int
    code: str
    name: str
    pending: bool
    opened_at: datetime
    seen_at: datetime

    def is_over(self, at: datetime) -> bool:
        longest = PENDING if self.pending else LONGEST
        return at - self.seen_at >= IDLE or at - self.opened_at >= longest


class Caller(NamedTuple):
    """Where a sign-in comes from: an address and what the browser calls itself."""

    address: str
    agent: str


def open_session(
    connection: Connection, person_id: int, caller: Caller, *, at: datetime, pending: bool
) -> str:
    """Return the token of a new session; sessions of everybody that are over are forgotten."""
    connection.execute(delete(SIGNED_IN).where(_KEPT.opened_at <= at - LONGEST))
    token = new_secret()
    row = {
        "hash": digest(token), "person_id": person_id, "opened_at": at, "seen_at": at,
        "pending": pending, "address": caller.address[:64], "agent": caller.agent[:200],
    }  # fmt: skip
    connection.execute(insert(SIGNED_IN), row)
    return token


def find_session(office: Office, token: str, *, at: datetime) -> Session | None:
    """Return whose token it is; None for one that is not ours, ended, or is over."""
    with office.reading() as connection:
        row = connection.execute(_FIND, {"hash": digest(token)}).first()
    session = Session(*row) if row else None
    if session is None or session.is_over(at):
        return None
    if at - session.seen_at >= _NOTED_EVERY:
        with office.writing() as connection:
            seen = update(SIGNED_IN).where(_KEPT.id == session.id)
            connection.execute(seen.values(seen_at=at))
    return session


def confirm_session(connection: Connection, session_id: int, *, at: datetime) -> str:
    """Return the token of a session that now has its second factor; the old one is no more."""
    token = new_secret()
    mine = update(SIGNED_IN).where(_KEPT.id == session_id)
    values = {"hash": digest(token), "pending": False, "opened_at": at, "seen_at": at}
    connection.execute(mine.values(values))
    return token


def end_session(office: Office, token: str) -> None:
    with office.writing() as connection:
        connection.execute(delete(SIGNED_IN).where(_KEPT.hash == digest(token)))


def list_sessions(office: Office, code: str, *, at: datetime) -> Sequence[Mapping[str, Any]]:
    """Return one's sessions, the latest first: id, opened_at, seen_at, address, agent."""
    mine = (
        select(_KEPT.id, _KEPT.opened_at, _KEPT.seen_at, _KEPT.address, _KEPT.agent)
        .join(PEOPLE, PEOPLE.c.id == _KEPT.person_id)
        .where(
            PEOPLE.c.code == code, _KEPT.seen_at > at - IDLE, _KEPT.opened_at > at - LONGEST,
            _KEPT.pending.is_(False),
        )
        .order_by(_KEPT.seen_at.desc())
    )  # fmt: skip
    with office.reading() as connection:
        return [dict(row) for row in connection.execute(mine).mappings()]


def revoke_session(office: Office, code: str, session_id: int) -> None:
    """End one of one's own sessions; raise NotFound for any other."""
    theirs = select(PEOPLE.c.id).where(PEOPLE.c.code == code).scalar_subquery()
    with office.writing() as connection:
        ended = delete(SIGNED_IN).where(_KEPT.id == session_id, _KEPT.person_id == theirs)
        if connection.execute(ended).rowcount:
            return
    raise NotFound(
        Wording("没有这个会话", "there is no such session"),
        remedy=Wording("它可能已经结束。", "It may have ended already."),
        where="session",
    )
