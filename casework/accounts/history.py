"""What happened to an account, chained like everything that is remembered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from casework.events import Door, Happening
from casework.records import START, Entry, Subject, write_record
from models.tables import ACCOUNTS, RECORD_EVENTS
from rules.accounts import AccountAct

KIND = "account"


class Hand(NamedTuple):
    """Who acts on an account: nobody (None) is whoever runs this machine."""

    person_id: int | None
    role: str
    door: Door
    at: datetime


def remember(
    connection: Connection,
    person_id: int,
    code: str,
    act: AccountAct,
    hand: Hand,
    body: Mapping[str, Any] | None = None,
    *,
    private: Mapping[str, str] | None = None,
) -> None:
    """Write an act into an account's history; whoever acts on it at once waits."""
    lock = select(ACCOUNTS.c.person_id).where(ACCOUNTS.c.person_id == person_id)
    connection.execute(lock.with_for_update())
    happening = Happening(
        act.value, hand.person_id, hand.role, hand.door, hand.at, body or {}, private or {}
    )
    write_record(
        connection, Subject(KIND, person_id, code), happening, _last(connection, person_id)
    )


def _last(connection: Connection, person_id: int) -> Entry:
    kept = RECORD_EVENTS.c
    newest = (
        select(kept.seq, kept.hash)
        .where(kept.subject == KIND, kept.subject_id == person_id)
        .order_by(kept.seq.desc())
        .limit(1)
    )
    row = connection.execute(newest).first()
    return Entry(*row) if row else START
