"""Webhooks as administrators see them: never an address or a secret."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from casework.office import Office
from casework.webhooks.store import administrator, find_webhook
from models import WebhookState
from models.tables import LEAVES, ORGANISATIONS, WEBHOOK_RECEIPTS, WEBHOOKS

_SHOWN = (
    select(
        *(WEBHOOKS.c[name] for name in (
            "id", "name", "kinds", "shown", "state", "cursor", "next_at", "tries", "reason",
            "added_at", "sent_at",
        )),
        ORGANISATIONS.c.code.label("place"), ORGANISATIONS.c.name.label("place_name"),
    )
    .join(ORGANISATIONS, ORGANISATIONS.c.id == WEBHOOKS.c.place_id)
    .where(WEBHOOKS.c.state != WebhookState.REMOVED)
    .order_by(WEBHOOKS.c.name)
)  # fmt: skip
_RECEIPTS = WEBHOOK_RECEIPTS.c
MOST = 50


def list_webhooks(office: Office, *, by: str) -> Sequence[Mapping[str, Any]]:
    """Return every webhook; ``behind`` counts the events it has not looked at. Raise Refused."""
    with office.reading() as connection:
        administrator(connection, by)
        size = _size(connection)
        rows = connection.execute(_SHOWN).mappings().all()
    return [{**row, "behind": max(0, size - row["cursor"])} for row in rows]


def list_receipts(
    office: Office, name: str, *, by: str, most: int = MOST
) -> Sequence[Mapping[str, Any]]:
    """Return what became of a webhook's latest messages; raise NotFound, Refused."""
    with office.reading() as connection:
        administrator(connection, by)
        row = find_webhook(connection, name)
        found = (
            select(_RECEIPTS.message, _RECEIPTS.kind, _RECEIPTS.at, _RECEIPTS.sent,
                   _RECEIPTS.detail)
            .where(_RECEIPTS.webhook_id == row.id)
            .order_by(_RECEIPTS.id.desc())
            .limit(max(1, min(most, MOST)))
        )  # fmt: skip
        return [dict(each) for each in connection.execute(found).mappings()]


def _size(connection: Connection) -> int:
    counted = select(func.coalesce(func.max(LEAVES.c.number) + 1, 0))
    return int(connection.execute(counted).scalar_one())
