"""Assessments 标准化评分: one row for each version of a unit's sheet of a year."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Text, text
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from models.base import BIG, choice
from rules.scoring.acts import ScoringResult, ScoringStage

_OPEN = text("stage <> 'frozen'")


class Assessment(SQLModel, table=True):
    """One version of one assessment. A trigger refuses to change a frozen one, or to delete any.

    ``marks`` are the values of each item, veto and the honour; ``points``, ``automatic`` (the
    points reckoned from the data) and ``result`` follow from them and are kept for lists.
    ``content`` is the canonical JSON of it all, fixed when it is frozen; its SHA-256 stands in the
    history.
    """

    __table_args__ = (
        CheckConstraint("seq >= 1", name="has_history"),
        CheckConstraint("version >= 1", name="counted_from_one"),
        CheckConstraint("points >= 0 AND automatic >= 0", name="not_below_zero"),
        CheckConstraint(
            "(stage = 'frozen') = (number IS NOT NULL) AND (stage = 'frozen') = (frozen_at IS NOT "
            "NULL) AND (stage = 'frozen') = (content <> '')",
            name="frozen_is_whole",
        ),
        CheckConstraint("version = 1 OR reason <> ''", name="correction_has_a_reason"),
        # Whoever opens second, finds it there.
        UniqueConstraint("sheet", "year", "unit_id", "version"),
        Index(
            "ix_assessment_open", "sheet", "year", "unit_id", unique=True,
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
        Index("ix_assessment_unit", "unit_id", "sheet", "year"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    sheet: str = Field(max_length=24)
    sheet_version: int
    year: int
    unit_id: int = Field(foreign_key="organisation.id", sa_type=BIG)
    version: int
    stage: ScoringStage = Field(sa_type=choice(ScoringStage, "stage"))
    as_of: datetime
    marks: dict[str, Any] = Field(sa_type=JSON)
    points: int
    automatic: int
    result: ScoringResult = Field(sa_type=choice(ScoringResult, "result"))
    number: str | None = Field(default=None, max_length=80, unique=True)
    reason: str = Field(default="", max_length=500)
    signatures: dict[str, Any] = Field(sa_type=JSON)
    frozen_at: datetime | None = None
    content: str = Field(default="", sa_type=Text)
    seq: int
    head: str = Field(max_length=64)
