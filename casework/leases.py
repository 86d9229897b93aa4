"""Notices under a lease: whoever delivers holds them until it runs out, and marks only its own."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, bindparam, literal_column, or_, select, update

from casework.notice_facts import Held
from casework.parcels import Laid
from models import NoticeState
from models.tables import NOTICES


class Lease(NamedTuple):
    """Who holds, and until when."""

    owner: str
    until: datetime


ALONG = 20
"""How many notices each claimed one may bring along, so that a person's go in one message."""


def claim(
    connection: Connection, lease: Lease, most: int, *, as_of: datetime, moment: datetime
) -> list[Held]:
    """Lease what is due by ``as_of``, and all else that is due to the same people.

    What another one holds at ``moment`` is left alone; several may claim at once.
    """
    due = {"as_of": as_of, "moment": moment, "most": most, **lease._asdict()}
    held = [Held(*row) for row in connection.execute(_CLAIM, due)]
    if held:
        people = list({each.person_id for each in held})
        along = {**due, "people": people, "most": most * ALONG}
        held += [Held(*row) for row in connection.execute(_CLAIM_ALONG, along)]
    return sorted(held, key=lambda each: each.id)


def settle(connection: Connection, laid: Laid) -> None:
    """Let go of what is not sent now: later, dropped, or dead."""
    for next_at, ids in _by_value(laid.later):
        connection.execute(_POSTPONE, {"ids": ids, "next": next_at})
    for state, reasons in ((NoticeState.DROPPED, laid.dropped), (NoticeState.DEAD, laid.dead)):
        for why, ids in _by_value(reasons):
            connection.execute(_END, {"ids": ids, "ended": state, "why": why})


def renew(connection: Connection, lease: Lease, notices: Sequence[int]) -> set[int]:
    """Hold on for longer; return those that are still ours."""
    values = {"ids": list(notices), **lease._asdict()}
    return set(connection.execute(_RENEW, values).scalars())


def mark_sent(connection: Connection, owner: str, notices: Sequence[int], at: datetime) -> None:
    connection.execute(_SENT, {"ids": list(notices), "owner": owner, "at": at})


def mark_failed(
    connection: Connection, owner: str, held: Held, *, why: str, next_at: datetime | None
) -> None:
    """Count a try that failed; without a next one the notice is dead."""
    state = NoticeState.WAITING if next_at else NoticeState.DEAD
    row = {"one": held.id, "owner": owner, "tries_now": held.tries + 1, "why": why, "ended": state}
    connection.execute(_FAILED if next_at else _DEAD, {**row, "next": next_at})


_Value = TypeVar("_Value", str, datetime)


def _by_value(found: Mapping[int, _Value]) -> Iterable[tuple[_Value, list[int]]]:
    for value in sorted(set(found.values())):
        yield value, [notice for notice, each in found.items() if each == value]


# Written out: with a parameter in its place SQLite reads the whole table instead of the index.
_WAITING = NOTICES.c.state == literal_column("'waiting'", NOTICES.c.state.type)
_FREE = (
    _WAITING
    & (NOTICES.c.next_at <= bindparam("as_of"))
    & or_(NOTICES.c.lease_until.is_(None), NOTICES.c.lease_until <= bindparam("moment"))
)
_HELD = tuple(NOTICES.c[name] for name in Held._fields)


def _claiming(*which: Any) -> Any:  # noqa: ANN401 — conditions of SQLAlchemy's many types
    """One UPDATE: SQLite's write lock makes claimers wait, PostgreSQL's skip what others hold."""
    due = (
        select(NOTICES.c.id)
        .where(_FREE, *which)
        .order_by(NOTICES.c.next_at, NOTICES.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )
    return (
        update(NOTICES)
        .where(NOTICES.c.id.in_(due))
        .values(lease_owner=bindparam("owner"), lease_until=bindparam("until"))
        .returning(*_HELD)
    )


_IDS = NOTICES.c.id.in_(bindparam("ids", expanding=True))
_OURS = (NOTICES.c.lease_owner == bindparam("owner")) & _WAITING
_LET_GO = {"lease_owner": "", "lease_until": None}
_CLAIM = _claiming()
_CLAIM_ALONG = _claiming(NOTICES.c.person_id.in_(bindparam("people", expanding=True)))
_RENEW = (
    update(NOTICES)
    .where(_IDS, _OURS)
    .values(lease_until=bindparam("until"))
    .returning(NOTICES.c.id)
)
_ENDED = bindparam("ended", type_=NOTICES.c.state.type)
_POSTPONE = update(NOTICES).where(_IDS).values(next_at=bindparam("next"), **_LET_GO)
_END = update(NOTICES).where(_IDS).values(state=_ENDED, reason=bindparam("why"), **_LET_GO)
_SENT = (
    update(NOTICES)
    .where(_IDS, _OURS)
    .values(
        state=NoticeState.SENT, sent_at=bindparam("at"), tries=NOTICES.c.tries + 1, reason="",
        **_LET_GO,
    )
)  # fmt: skip
_DEAD = (
    update(NOTICES)
    .where(NOTICES.c.id == bindparam("one"), _OURS)
    .values(state=_ENDED, tries=bindparam("tries_now"), reason=bindparam("why"), **_LET_GO)
)
_FAILED = _DEAD.values(next_at=bindparam("next"))
