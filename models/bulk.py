"""Many cases moved by one word: what was asked, and what came of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel, UniqueConstraint

from models.base import BIG


class BulkRun(SQLModel, table=True):
    """One asking. ``token`` is its person's own and makes asking again harmless.

    ``picks`` are the numbers and events seen when it began, ``outcomes`` a row for each, none until
    ``ended_at``: what was done is in the histories all the same.
    """

    __tablename__ = "bulk_run"
    __table_args__ = (UniqueConstraint("by_id", "token"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    by_id: int = Field(foreign_key="person.id", sa_type=BIG)
    token: str = Field(max_length=80)
    request: str = Field(max_length=64)
    action: str = Field(max_length=24)
    picks: list[Any] = Field(sa_type=JSON)
    outcomes: list[Any] = Field(sa_type=JSON)
    at: datetime
    ended_at: datetime | None = None
