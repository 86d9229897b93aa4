"""A case event as it leaves: what happened where, in the rules' words and nobody's own."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlalchemy import Connection, bindparam, select

from casework.answers import receipt
from casework.proving.sequencer import CASE
from models.tables import CASES, EVENTS, LEAVES, ORGANISATIONS
from rules.webhooks import TEST, open_facts, type_of

WINDOW = 500
_CLUSTERS = ORGANISATIONS.alias("cluster")
_NEXT = (
    select(
        LEAVES.c.number.label("leaf"), EVENTS.c.seq, EVENTS.c.at, EVENTS.c.kind, EVENTS.c.role,
        EVENTS.c.door, EVENTS.c.body, EVENTS.c.hash, CASES.c.number, CASES.c.category,
        ORGANISATIONS.c.code.label("unit"), ORGANISATIONS.c.path,
        _CLUSTERS.c.code.label("cluster"),
    )
    .join(EVENTS, (EVENTS.c.case_id == LEAVES.c.subject_id) & (EVENTS.c.seq == LEAVES.c.seq))
    .join(CASES, CASES.c.id == EVENTS.c.case_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .outerjoin(_CLUSTERS, _CLUSTERS.c.id == CASES.c.cluster_id)
    .where(
        LEAVES.c.number >= bindparam("first"), LEAVES.c.number < bindparam("end"),
        LEAVES.c.subject == CASE,
    )
    .order_by(LEAVES.c.number)
)  # fmt: skip


class Message(NamedTuple):
    """What is posted: its id, the same however often it is tried, its kind and its bytes."""

    name: str
    kind: str
    content: bytes
    leaf: int | None = None


def next_messages(
    connection: Connection,
    first: int,
    end: int,
    *,
    kinds: Sequence[str],
    path: str,
    base_url: str,
) -> list[Message]:
    """Return the events of the leaves from ``first`` up to ``end`` that a webhook hears of.

    No ``kinds`` are all; ``path`` is of the place that it lies under, as the case lies now.
    """
    rows = connection.execute(_NEXT, {"first": first, "end": end}).all()
    return [
        _message(row, base_url)
        for row in rows
        if row.path.startswith(path) and (not kinds or row.kind in kinds)
    ]


def trial_message(name: str, at: datetime) -> Message:
    """Return a message that tells of nothing, for trying a webhook out."""
    return Message(name, TEST, _bytes(TEST, at, {"message": "测试 test"}))


def _message(row: Any, base_url: str) -> Message:  # noqa: ANN401 — a row of _NEXT
    kind = type_of(row.kind)
    data = {
        "case": row.number, "seq": row.seq, "kind": row.kind, "role": row.role, "door": row.door,
        "unit": row.unit, "cluster": row.cluster, "category": row.category,
        **open_facts(json.loads(row.body)),
        "receipt": receipt(row.number, row.seq, row.hash),
        **({"link": f"{base_url}/case/{quote(row.number, safe='')}"} if base_url else {}),
    }  # fmt: skip
    # The event's own hash: whatever becomes of the database, the same event is the same message.
    return Message(f"evt_{row.hash[:40]}", kind, _bytes(kind, row.at, data), row.leaf)


def _bytes(kind: str, at: datetime, data: dict[str, Any]) -> bytes:
    told = {"type": kind, "timestamp": at.astimezone(UTC).isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
