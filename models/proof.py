"""The tree over all events: which event is which leaf, what is stored of the tree, its heads.

All but ``unsealed`` is written once; triggers refuse UPDATE and DELETE. A subject is ``case`` or
what ``record_event`` calls one.
"""

from datetime import datetime

from sqlalchemy import LargeBinary, Text
from sqlmodel import CheckConstraint, Field, SQLModel, UniqueConstraint

from models.base import BIG

_COUNTED = {"autoincrement": False}
_HASH = "length(hash) = 32"


class Unsealed(SQLModel, table=True):
    """An event that is no leaf yet. Triggers add it with the event, in the same transaction.

    So one that is committed late is found late, and never passed over.
    """

    __tablename__ = "unsealed"
    __table_args__ = ({"sqlite_with_rowid": False},)

    subject: str = Field(primary_key=True, max_length=24)
    subject_id: int = Field(primary_key=True, sa_type=BIG)
    seq: int = Field(primary_key=True)


class Leaf(SQLModel, table=True):
    """An event's place in the tree, counted from 0 without gaps, and its hash."""

    __tablename__ = "leaf"
    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "seq"),
        CheckConstraint("number >= 0", name="counted_from_zero"),
        CheckConstraint(_HASH, name="hash_form"),
    )

    number: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs=_COUNTED)
    subject: str = Field(max_length=24)
    subject_id: int = Field(sa_type=BIG)
    seq: int
    hash: bytes = Field(sa_type=LargeBinary)


class TreeNode(SQLModel, table=True):
    """The root of a complete subtree of 2^level leaves, of which ``place`` such lie before.

    Only every fourth level is kept: what lies between is reckoned from at most sixteen others.
    """

    __tablename__ = "tree_node"
    __table_args__ = (
        CheckConstraint("level > 0 AND place >= 0", name="place_form"),
        CheckConstraint(_HASH, name="hash_form"),
        {"sqlite_with_rowid": False},
    )

    level: int = Field(primary_key=True, sa_column_kwargs=_COUNTED)
    place: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs=_COUNTED)
    hash: bytes = Field(sa_type=LargeBinary)


class Head(SQLModel, table=True):
    """A signed head of the tree: ``note`` is what leaves us, the rest is read from it."""

    __tablename__ = "checkpoint"
    __table_args__ = (CheckConstraint("size > 0", name="holds_something"),)

    size: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs=_COUNTED)
    root: bytes = Field(sa_type=LargeBinary)
    at: datetime
    key: str = Field(max_length=300)
    note: str = Field(sa_type=Text)
