"""What searching needs beside the cases: their words, folded; which wait for it; saved queries.

The grams themselves lie in ``case_text_index``, made by the migration and unknown to the models:
FTS5 keeps them on SQLite, a GIN index on PostgreSQL.
"""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel, UniqueConstraint

from models.base import BIG


class CaseText(SQLModel, table=True):
    """Everything told of a case, folded, a line each: derived, and made again at any time."""

    __tablename__ = "case_text"

    case_id: int = Field(foreign_key="cases.id", primary_key=True, sa_type=BIG)
    text: str = Field(sa_type=Text)


class CaseTextPending(SQLModel, table=True):
    """An event whose words are not in ``case_text`` yet."""

    __tablename__ = "case_text_pending"

    case_id: int = Field(primary_key=True, sa_type=BIG)
    seq: int = Field(primary_key=True)


class SavedQuery(SQLModel, table=True):
    """A query kept under a name, for its owner or for everybody.

    ``page`` is where it is asked: ``audit`` takes the grammar, ``cases`` the view of a list, which
    is the query of its address.
    """

    __tablename__ = "saved_query"
    __table_args__ = (UniqueConstraint("owner_id", "page", "name"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    owner_id: int = Field(foreign_key="person.id", sa_type=BIG)
    page: str = Field(default="audit", max_length=16, sa_column_kwargs={"server_default": "audit"})
    name: str = Field(max_length=80)
    query: str = Field(sa_type=Text)
    shared: bool = Field(default=False, index=True)
    saved_at: datetime
