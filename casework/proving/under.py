"""Under which head a case's history is sealed, as its file says; no key is needed to tell."""

from base64 import b64encode
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from models.tables import CHECKPOINTS, LEAVES

_NEWEST = (
    select(CHECKPOINTS.c.size, CHECKPOINTS.c.root).order_by(CHECKPOINTS.c.size.desc()).limit(1)
)
_SEALED = select(func.max(LEAVES.c.seq), func.max(LEAVES.c.number)).where(
    LEAVES.c.subject == "case", LEAVES.c.subject_id == bindparam("case")
)
_COVERING = (
    select(CHECKPOINTS.c.size, CHECKPOINTS.c.at)
    .where(CHECKPOINTS.c.size > bindparam("leaf"))
    .order_by(CHECKPOINTS.c.size)
    .limit(1)
)


class Under(NamedTuple):
    """How many events of a case are sealed, and the head over them: its size and its moment."""

    events: int
    size: int | None
    at: datetime | None


def newest_head(connection: Connection) -> str:
    """Return the size and root of the newest head, as its note has them, '' before the first."""
    row = connection.execute(_NEWEST).first()
    return f"{row.size} {b64encode(row.root).decode()}" if row else ""


def sealed_under(connection: Connection, case_id: int) -> Under:
    """Return how many of a case's events are sealed, and the head that first covered them all."""
    seq, leaf = connection.execute(_SEALED, {"case": case_id}).one()
    row = None if leaf is None else connection.execute(_COVERING, {"leaf": leaf}).first()
    return Under(seq or 0, row.size, row.at) if row else Under(0, None, None)
