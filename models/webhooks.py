"""Webhooks: where case events are posted to, how far each has come, and what became of each try."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Text, text
from sqlmodel import CheckConstraint, Field, Index, SQLModel

from models.base import BIG, choice


class WebhookState(StrEnum):
    """Active; paused by a person; dead after every try; or removed, with address and secret."""

    ACTIVE = "active"
    PAUSED = "paused"
    DEAD = "dead"
    REMOVED = "removed"


_KEPT = text("state <> 'removed'")
_ACTIVE = text("state = 'active'")


class Webhook(SQLModel, table=True):
    """``cursor`` is the leaf of the next event to look at: it moves on only once one was taken.

    Address and secret are sealed with a key that is not in the database; ``shown`` is masked.
    ``old_secrets`` are those that were changed, each sealed, with the moment until which it signs.
    """

    __table_args__ = (
        CheckConstraint("cursor >= 0", name="counted_from_zero"),
        CheckConstraint("state <> 'removed' OR sealed_secret = ''", name="removed_has_no_secret"),
        Index("uq_webhook_name", "name", unique=True, sqlite_where=_KEPT, postgresql_where=_KEPT),
        Index("ix_webhook_next", "next_at", "id", sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    name: str = Field(max_length=40)
    place_id: int = Field(foreign_key="organisation.id", sa_type=BIG)
    kinds: list[Any] = Field(sa_type=JSON)
    sealed_url: str = Field(sa_type=Text)
    sealed_secret: str = Field(sa_type=Text)
    old_secrets: list[Any] = Field(default_factory=list, sa_type=JSON)
    shown: str = Field(max_length=120)
    state: WebhookState = Field(sa_type=choice(WebhookState, "state"))
    cursor: int = Field(sa_type=BIG)
    next_at: datetime
    tries: int = 0
    reason: str = Field(default="", max_length=500)
    lease_owner: str = Field(default="", max_length=80)
    lease_until: datetime | None = None
    added_at: datetime
    sent_at: datetime | None = None


class WebhookReceipt(SQLModel, table=True):
    """One message that was tried: which event (no leaf: a test), and what the other side said."""

    __tablename__ = "webhook_receipt"
    __table_args__ = (Index("ix_webhook_receipt_hook", "webhook_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    webhook_id: int = Field(foreign_key="webhook.id", sa_type=BIG)
    message: str = Field(max_length=80)
    kind: str = Field(max_length=40)
    leaf: int | None = Field(default=None, sa_type=BIG)
    at: datetime
    sent: bool
    detail: str = Field(default="", max_length=500)
