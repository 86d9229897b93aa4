"""Histories of all that is not a case, chained like a case's: look-backs, registers, reports.

``subject`` says which kind of thing, ``subject_id`` which one, ``name`` what it is called; the name
stands in the hash where a case's number does. Triggers refuse UPDATE and DELETE of events.
"""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import CheckConstraint, Field, ForeignKeyConstraint, Index, SQLModel

from models.base import BIG


class RecordEvent(SQLModel, table=True):
    """One event of a subject, chained to the one before it. ``body`` is canonical JSON."""

    __tablename__ = "record_event"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="counted_from_one"),
        CheckConstraint("length(hash) = 64 AND length(previous) = 64", name="hash_form"),
        Index("ix_record_event_at", "at"),
    )

    subject: str = Field(primary_key=True, max_length=24)
    subject_id: int = Field(primary_key=True, sa_type=BIG)
    seq: int = Field(primary_key=True)
    name: str = Field(max_length=80)
    at: datetime
    kind: str = Field(max_length=24)
    actor_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    role: str = Field(max_length=24)
    door: str = Field(max_length=24)
    body: str = Field(sa_type=Text)
    algorithm: str = Field(max_length=24)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class RecordPrivate(SQLModel, table=True):
    """Personal data a record's event speaks of: the chain holds a salted digest only."""

    __tablename__ = "record_private"
    __table_args__ = (
        ForeignKeyConstraint(
            ["subject", "subject_id", "seq"],
            ["record_event.subject", "record_event.subject_id", "record_event.seq"],
        ),
    )

    subject: str = Field(primary_key=True, max_length=24)
    subject_id: int = Field(primary_key=True, sa_type=BIG)
    seq: int = Field(primary_key=True)
    field: str = Field(primary_key=True, max_length=40)
    salt: str = Field(max_length=32)
    value: str = Field(sa_type=Text)
