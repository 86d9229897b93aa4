"""Yearly reviews 年审 of what a register holds: who asked, what was decided, and by whom."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Text, text
from sqlmodel import CheckConstraint, Field, Index, SQLModel

from models.base import BIG, choice
from rules.registers.outcomes import ReviewOutcome

_OPEN = text("outcome IS NULL")


class RegisterReview(SQLModel, table=True):
    """A review of a record; ``outcome`` is null while it waits. Nothing decided is changed: what
    was wrong is corrected by another one of the same ``year``, with ``why``.

    ``before`` is the day of the last review as it stood before this year's first.
    """

    __tablename__ = "register_review"
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (at IS NULL)", name="decided"),
        CheckConstraint("outcome IS NOT NULL OR asked_at IS NOT NULL", name="asked"),
        Index("ix_register_review_record", "record_id", "year", "id"),
        Index(
            "uq_register_review_open", "record_id", unique=True,
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    record_id: int = Field(foreign_key="register_record.id", sa_type=BIG)
    year: int
    asked_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    asked_at: datetime | None = None
    outcome: ReviewOutcome | None = Field(default=None, sa_type=choice(ReviewOutcome, "outcome"))
    reasons: list[Any] = Field(default_factory=list, sa_type=JSON)
    until: date | None = None
    note: str = Field(default="", sa_type=Text)
    why: str = Field(default="", sa_type=Text)
    by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    at: datetime | None = None
    before: date | None = None
    case_id: int | None = Field(default=None, foreign_key="cases.id", sa_type=BIG)
