"""What happened, written once: case events, imports, and the keys that make repeats harmless."""

from datetime import datetime

from sqlalchemy import Text, text
from sqlmodel import CheckConstraint, Field, Index, SQLModel

from models.base import BIG

_TURNS = "kind IN ('grade', 'transfer')"


class CaseEvent(SQLModel, table=True):
    """One event of a case, chained to the one before it. Triggers refuse UPDATE and DELETE.

    ``body`` is canonical JSON, exactly the text that the hash covers.
    """

    __tablename__ = "case_event"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="counted_from_one"),
        CheckConstraint("length(hash) = 64 AND length(previous) = 64", name="hash_form"),
        Index("ix_case_event_at", "at"),
        # What a past list asks of each case: did its level or unit change later?
        Index(
            "ix_case_event_turns", "case_id", "kind", "at", "seq",
            sqlite_where=text(_TURNS), postgresql_where=text(_TURNS),
        ),
        # Which cases somebody acted on; most events are the engine's and are left out.
        Index(
            "ix_case_event_actor", "actor_id", "case_id",
            sqlite_where=text("actor_id IS NOT NULL"),
            postgresql_where=text("actor_id IS NOT NULL"),
        ),
    )  # fmt: skip

    case_id: int = Field(foreign_key="cases.id", primary_key=True, sa_type=BIG)
    seq: int = Field(primary_key=True)
    at: datetime
    kind: str = Field(max_length=24)
    actor_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    role: str = Field(max_length=24)
    door: str = Field(max_length=24)
    body: str = Field(sa_type=Text)
    algorithm: str = Field(max_length=24)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class LedgerImport(SQLModel, table=True):
    """A ledger file that was imported, by its digest, and what came of its rows."""

    __tablename__ = "ledger_import"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    sha256: str = Field(max_length=64, index=True)
    name: str = Field(max_length=200)
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    rows: int
    cases: int
    normal: int
    duplicates: int
    rejected: int


class IdempotencyKey(SQLModel, table=True):
    """A request that was carried out: the same key answers the same, and changes nothing."""

    __tablename__ = "idempotency_key"

    key: str = Field(primary_key=True, max_length=80)
    request: str = Field(max_length=64)
    answer: str = Field(sa_type=Text)
    at: datetime = Field(index=True)


class NumberSeries(SQLModel, table=True):
    """The last number given out in a series of a year."""

    __tablename__ = "number_series"
    __table_args__ = (CheckConstraint("last >= 0", name="counts_up"),)

    series: str = Field(primary_key=True, max_length=24)
    year: int = Field(primary_key=True)
    last: int
