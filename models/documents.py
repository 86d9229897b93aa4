"""Documents that were issued: the text of each, fixed when it was."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import CheckConstraint, Field, SQLModel

from models.base import BIG, choice
from rules.documents import DocumentKind


class Document(SQLModel, table=True):
    """An issued document. ``content`` is canonical JSON, whose SHA-256 stands in the document's
    history (subject ``document``), as does that of every file made of it; rows never change.
    """

    __table_args__ = (
        CheckConstraint("(case_id IS NULL) <> (lookback_id IS NULL)", name="about_one_thing"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    number: str = Field(max_length=80, unique=True)
    kind: DocumentKind = Field(sa_type=choice(DocumentKind, "kind"))
    case_id: int | None = Field(default=None, foreign_key="cases.id", sa_type=BIG, index=True)
    lookback_id: int | None = Field(
        default=None, foreign_key="lookback.id", sa_type=BIG, index=True
    )
    token: str = Field(max_length=32, unique=True)
    receipt: str = Field(max_length=120)
    content: str = Field(sa_type=Text)
    issued_at: datetime
    issued_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
