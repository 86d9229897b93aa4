"""The look-backs that drew a case, for whoever may know of them.

A draw that a school hears of before anybody came finds what was tidied up for it: until a finding
stands, only who sees look-backs learns that the case was drawn.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from casework.auditing.sight import Seen
from models import Place
from models.tables import LOOKBACK_VISITS, LOOKBACKS, ORGANISATIONS, RECORD_EVENTS
from rules.access import Actor, Verb
from rules.lookback.acts import LookbackAct

_SUBJECT = "lookback"
_ROOT = select(ORGANISATIONS.c.path).where(ORGANISATIONS.c.kind == Place.COMMITTEE)
_VISITS = (
    select(
        LOOKBACKS.c.id, LOOKBACKS.c.number, LOOKBACKS.c.title, LOOKBACKS.c.drawn_at,
        LOOKBACKS.c.withdrawn_at, LOOKBACK_VISITS.c.wave, LOOKBACK_VISITS.c.finding,
        LOOKBACK_VISITS.c.found_at, LOOKBACK_VISITS.c.reopened,
    )
    .join(LOOKBACKS, LOOKBACKS.c.id == LOOKBACK_VISITS.c.lookback_id)
    .where(LOOKBACK_VISITS.c.case_id == bindparam("case"))
    .order_by(LOOKBACKS.c.drawn_at, LOOKBACKS.c.id)
)  # fmt: skip
_ENLARGED = (
    select(RECORD_EVENTS.c.at)
    .where(
        RECORD_EVENTS.c.subject == _SUBJECT,
        RECORD_EVENTS.c.subject_id == bindparam("look"),
        RECORD_EVENTS.c.kind == LookbackAct.ENLARGE.value,
    )
    .order_by(RECORD_EVENTS.c.seq)
)


def looked_back(connection: Connection, seen: Seen, as_of: datetime) -> Sequence[Mapping[str, Any]]:
    """Return each look-back that drew the case by ``as_of``: number, title, when it drew the case,
    what was found and when, whether that reopened it; ``finding`` is None until it stands.
    """
    rows = connection.execute(_VISITS, {"case": seen.stored.id}).all()
    if not rows:
        return []
    told = [_as_of(connection, row, as_of) for row in rows]
    sees_all = _sees_look_backs(connection, seen.actor)
    return [
        each for each in told
        if each["drawn_at"] <= as_of and (sees_all or each["finding"] is not None)
    ]  # fmt: skip


def _as_of(connection: Connection, row: Row[Any], as_of: datetime) -> dict[str, Any]:
    stands = row.found_at is not None and row.found_at <= as_of
    return {
        "lookback": row.number, "title": row.title, "drawn_at": _drawn_at(connection, row),
        "withdrawn_at": row.withdrawn_at, "finding": row.finding if stands else None,
        "found_at": row.found_at if stands else None, "reopened": row.reopened and stands,
    }  # fmt: skip


def _drawn_at(connection: Connection, row: Row[Any]) -> datetime:
    """Return when the case was drawn: at first, or by the enlargement that its wave counts."""
    if not row.wave:
        first: datetime = row.drawn_at
        return first
    enlarged = connection.execute(_ENLARGED, {"look": row.id}).scalars().all()
    at: datetime = enlarged[row.wave - 1]
    return at


def _sees_look_backs(connection: Connection, actor: Actor) -> bool:
    root = connection.execute(_ROOT).scalar()
    return root is not None and actor.may(Verb.SEE_LOOKBACKS, root)
