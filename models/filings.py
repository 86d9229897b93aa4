"""Filings 定期报告: one row for each version of a unit's report of a period, and its numbers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Text, text
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from models.base import BIG, choice
from rules.filings.acts import FilingState
from rules.filings.tiers import Tier

_OPEN = text("state <> 'frozen'")


class Filing(SQLModel, table=True):
    """One version of one report. A trigger refuses to change a frozen one, or to delete any.

    ``template_digest`` is the text it was compiled by, '' from before templates had versions.

    ``cells`` of the sheet lie in ``filing_figure``, the rest of it in ``sheet``; ``content`` is the
    canonical JSON of all of it, fixed when it is frozen, whose SHA-256 stands in the history.
    """

    __table_args__ = (
        CheckConstraint("seq >= 1", name="has_history"),
        CheckConstraint("version >= 1", name="counted_from_one"),
        CheckConstraint("first_day <= last_day", name="begins_first"),
        CheckConstraint(
            "(state = 'frozen') = (number IS NOT NULL) AND (state = 'frozen') = (frozen_at IS NOT "
            "NULL) AND (state = 'frozen') = (content <> '')",
            name="frozen_is_whole",
        ),
        CheckConstraint("version = 1 OR reason <> ''", name="correction_has_a_reason"),
        # Whoever compiles second, finds it there.
        UniqueConstraint("template", "period", "unit_id", "version"),
        Index(
            "ix_filing_open", "template", "period", "unit_id", unique=True,
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
        Index("ix_filing_unit", "unit_id", "template", "last_day"),
        Index("ix_filing_summed", "template", "period", "level", "cluster_id", "state"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    template: str = Field(max_length=24)
    template_digest: str = Field(max_length=24)
    period: str = Field(max_length=24)
    first_day: date
    last_day: date
    level: Tier = Field(sa_type=choice(Tier, "level"))
    unit_id: int = Field(foreign_key="organisation.id", sa_type=BIG)
    cluster_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=BIG)
    version: int
    state: FilingState = Field(sa_type=choice(FilingState, "state"))
    due_on: date
    as_of: datetime
    sheet: dict[str, Any] = Field(sa_type=JSON)
    number: str | None = Field(default=None, max_length=80, unique=True)
    reason: str = Field(default="", max_length=500)
    signed_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    frozen_at: datetime | None = None
    content: str = Field(default="", sa_type=Text)
    seq: int
    head: str = Field(max_length=64)


class FilingFigure(SQLModel, table=True):
    """A number of a filing: computed, typed over, and the one that counts."""

    __tablename__ = "filing_figure"

    filing_id: int = Field(foreign_key="filing.id", primary_key=True, sa_type=BIG)
    key: str = Field(primary_key=True, max_length=24)
    computed: int | None = Field(default=None, sa_type=BIG)
    typed: int | None = Field(default=None, sa_type=BIG)
    value: int | None = Field(default=None, sa_type=BIG)
