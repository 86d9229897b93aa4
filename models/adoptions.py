"""Texts that were adopted here over those that ship: checklists, templates, campaigns, sheets."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import CheckConstraint, Field, Index, SQLModel

from models.base import BIG


class AdoptedText(SQLModel, table=True):
    """A version of a text; the newest of a subject and key wins over the shipped one.

    ``id`` is the number of its history under ``subject``. An empty ``text`` takes the key out of
    use.
    """

    __tablename__ = "adopted_text"
    __table_args__ = (
        CheckConstraint("key <> '' AND digest <> ''", name="named"),
        Index("ix_adopted_text_key", "subject", "key"),
    )

    subject: str = Field(primary_key=True, max_length=24)
    id: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs={"autoincrement": False})
    key: str = Field(max_length=24)
    digest: str = Field(max_length=24)
    text: str = Field(sa_type=Text)
    reason: str = Field(default="", max_length=500)
    adopted_at: datetime
    adopted_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
