"""What happens to buses on the road, written into the histories of their records."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from casework.events import Door, Happening
from casework.records import Entry, write_record
from casework.registers import store
from casework.registers.places import find_kind
from casework.registers.store import Hand, Held
from models.tables import REGISTER_RECORDS
from rules.access import Role
from rules.registers.acts import RegisterAct

_RECORDS = REGISTER_RECORDS.c
Said = tuple[Held, RegisterAct, Mapping[str, Any]]


def tell_buses(connection: Connection, said: Sequence[Said], at: datetime, door: Door) -> None:
    """Write what the engine did to each bus."""
    hand = Hand(None, Role.LADDER, at, door)
    for held, act, body in said:
        tell_record(connection, "bus", held, act, hand, body)


def tell_record(
    connection: Connection, kind: str, held: Held, act: RegisterAct, hand: Hand,
    body: Mapping[str, Any], *, why: str = "",
) -> str:  # fmt: skip
    """Append an act to a record's history, which is locked first; return the receipt."""
    last = _last(connection, held)
    happening = Happening(
        act.value, hand.by, hand.role.value, hand.door, hand.at,
        {"register": kind, "unit": held.unit.code, **body}, {"reason": why} if why else {},
    )  # fmt: skip
    subject = store.subject(find_kind(kind), held.id, held.key)
    entry = write_record(connection, subject, happening, last)
    connection.execute(
        update(REGISTER_RECORDS)
        .where(_RECORDS.id == held.id)
        .values(seq=entry.seq, head=entry.hash, changed_at=hand.at)
    )
    return f"{store.SUBJECT}:{kind}/{held.key}/{entry.seq}/{entry.hash[:8]}"


def _last(connection: Connection, held: Held) -> Entry:
    wanted = select(_RECORDS.seq, _RECORDS.head).where(_RECORDS.id == held.id).with_for_update()
    return Entry(*connection.execute(wanted).one())
