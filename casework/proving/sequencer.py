"""The sequencer: gives each event that has none a leaf, counted without gaps.

What is new stands in ``unsealed``, put there in the event's own transaction; a number drawn at
writing would miss events that are committed late. The cost follows what is new.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Connection,
    and_,
    bindparam,
    case,
    delete,
    insert,
    or_,
    select,
    text,
    tuple_,
)

from casework.proving.tree import StoredTree
from models.prepared import Prepared
from models.tables import EVENTS, LEAVES, RECORD_EVENTS, UNSEALED

BATCH = 5_000
CASE = "case"
"""The subject of a case's events; those of ``record_event`` bring their own."""
_ALONE = 0x6269_6875_616F  # next to models.schema's lock
_KEY = (UNSEALED.c.subject, UNSEALED.c.subject_id, UNSEALED.c.seq)

# Subqueries a row, and no join: a planner that knows nothing of this table's size would read the
# whole history.
_OF_CASE = (
    select(EVENTS.c.hash)
    .where(EVENTS.c.case_id == UNSEALED.c.subject_id, EVENTS.c.seq == UNSEALED.c.seq)
    .scalar_subquery()
)
_OF_RECORD = (
    select(RECORD_EVENTS.c.hash)
    .where(
        RECORD_EVENTS.c.subject == UNSEALED.c.subject,
        RECORD_EVENTS.c.subject_id == UNSEALED.c.subject_id,
        RECORD_EVENTS.c.seq == UNSEALED.c.seq,
    )
    .scalar_subquery()
)
_SEALED_AS = (
    select(LEAVES.c.number)
    .where(
        LEAVES.c.subject == UNSEALED.c.subject,
        LEAVES.c.subject_id == UNSEALED.c.subject_id,
        LEAVES.c.seq == UNSEALED.c.seq,
    )
    .scalar_subquery()
)
_SUBJECT: BindParameter[str] = bindparam("subject")
_ID: BindParameter[int] = bindparam("subject_id")
_SEQ: BindParameter[int] = bindparam("seq")
_NEW = Prepared(
    select(
        *_KEY,
        case((UNSEALED.c.subject == CASE, _OF_CASE), else_=_OF_RECORD).label("hash"),
        _SEALED_AS.label("number"),
    )
    .where(
        or_(
            UNSEALED.c.subject > _SUBJECT,
            and_(UNSEALED.c.subject == _SUBJECT, UNSEALED.c.subject_id > _ID),
            and_(
                UNSEALED.c.subject == _SUBJECT, UNSEALED.c.subject_id == _ID, UNSEALED.c.seq > _SEQ
            ),
        )
    )
    .order_by(*_KEY)
    .limit(bindparam("most"))
)
_ADD = Prepared(insert(LEAVES))
_DONE = delete(UNSEALED).where(
    tuple_(*_KEY).in_(
        select(LEAVES.c.subject, LEAVES.c.subject_id, LEAVES.c.seq).where(
            LEAVES.c.number >= bindparam("first")
        )
    )
)


class Place(NamedTuple):
    """Where the sequencer is in what waits, in the order of subject, id and seq."""

    subject: str = ""
    subject_id: int = 0
    seq: int = 0


class Batch(NamedTuple):
    """What one batch became: ``unfit`` waits without an event, or is a leaf already."""

    sealed: int
    unfit: int
    last: Place | None


def stand_alone(connection: Connection) -> None:
    """Let no other sealer work until this transaction ends; SQLite's writers are alone anyhow."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ALONE})


def sequence(connection: Connection, after: Place, *, most: int = BATCH) -> Batch:
    """Give the next events a leaf and append them to the tree; ``last`` is None at the end.

    The caller stands alone. What waits without being there is left, for ``verify`` to tell.
    """
    waiting = _NEW.rows(connection, {**after._asdict(), "most": most})
    fit = [row for row in waiting if row[4] is None and _is_hash(row[3])]
    if fit:
        tree = StoredTree(connection)
        size = tree.size
        _ADD.run_all(connection, [_leaf(size + n, row) for n, row in enumerate(fit)])
        tree.append(size, [bytes.fromhex(row[3]) for row in fit])
        connection.execute(_DONE, {"first": size})
    last = Place(*waiting[-1][:3]) if len(waiting) == most else None
    return Batch(len(fit), len(waiting) - len(fit), last)


def unfit(connection: Connection) -> Iterator[tuple[str, int, int, int | None]]:
    """Yield what waits to be sealed and cannot be: subject, id and seq, and its leaf if it has one.

    Without a leaf, no such event is there, or what is stored as its hash is none.
    """
    after: Place | None = Place()
    while after is not None:
        waiting = _NEW.rows(connection, {**after._asdict(), "most": BATCH})
        for subject, subject_id, seq, digest, leaf in waiting:
            if leaf is not None or not _is_hash(digest):
                yield subject, subject_id, seq, leaf
        after = Place(*waiting[-1][:3]) if len(waiting) == BATCH else None


def _leaf(number: int, row: tuple[Any, ...]) -> dict[str, Any]:
    subject, subject_id, seq, digest, _ = row
    return {
        "number": number, "subject": subject, "subject_id": subject_id, "seq": seq,
        "hash": bytes.fromhex(digest),
    }  # fmt: skip


def _is_hash(digest: str | None) -> bool:
    try:
        return digest is not None and len(bytes.fromhex(digest)) == 32
    except ValueError:
        return False
