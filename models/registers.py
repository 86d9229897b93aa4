"""Registers 台账: records of every kind in one table, and the cases their rules have raised."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, text
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from models.base import BIG, choice


class RecordState(StrEnum):
    """A retired record stays, with its history; nothing is checked of it any more."""

    ACTIVE = "active"
    RETIRED = "retired"


def _of_days(name: str, day: str, *columns: str) -> Index:
    where = text(f"{day} IS NOT NULL")
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class RegisterRecord(SQLModel, table=True):
    """One record. ``facts`` holds what anybody who sees it may read, ``personal`` what is masked.

    ``key`` is unique within its kind, or within kind and unit: ``key_unit`` is 0 or the unit.
    ``next_check_on`` is the next day on which somebody is to be reminded or a case raised,
    ``expires_on`` the first last day among its rules; both are null once it is retired.
    ``well_from`` is the day from which nothing is missing or too young; null on what was written
    before this column.
    """

    __tablename__ = "register_record"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="has_history"),
        CheckConstraint(
            "state = 'active' OR (next_check_on IS NULL AND expires_on IS NULL)",
            name="retired_is_not_checked",
        ),
        UniqueConstraint("kind", "key_unit", "key"),
        Index("ix_register_record_unit", "unit_id", "kind", "id"),
        Index("ix_register_record_cluster", "cluster_id", "kind", "id"),
        _of_days("ix_register_record_check", "next_check_on", "next_check_on", "id"),
        _of_days("ix_register_record_expiry", "expires_on", "expires_on", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    kind: str = Field(max_length=24)
    unit_id: int = Field(foreign_key="organisation.id", sa_type=BIG)
    cluster_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=BIG)
    key: str = Field(max_length=60)
    key_unit: int = Field(sa_type=BIG)
    facts: dict[str, Any] = Field(sa_type=JSON)
    personal: dict[str, Any] = Field(sa_type=JSON)
    state: RecordState = Field(sa_type=choice(RecordState, "state"))
    expires_on: date | None = None
    next_check_on: date | None = None
    well_from: date | None = None
    changed_at: datetime
    seq: int
    head: str = Field(max_length=64)


class RegisterCase(SQLModel, table=True):
    """The case a rule of a record raised in one of its periods: one, whoever checks how often.

    ``watched`` until the record is put right: closed before that, the case is reopened.
    """

    __tablename__ = "register_case"
    __table_args__ = (
        Index("ix_register_case_case", "case_id"),
        Index(
            "ix_register_case_watched", "case_id",
            sqlite_where=text("watched"), postgresql_where=text("watched"),
        ),
    )  # fmt: skip

    record_id: int = Field(foreign_key="register_record.id", primary_key=True, sa_type=BIG)
    rule: str = Field(primary_key=True, max_length=24)
    period: str = Field(primary_key=True, max_length=40)
    case_id: int = Field(foreign_key="cases.id", sa_type=BIG)
    raised_at: datetime
    watched: bool = True


class RegisterFile(SQLModel, table=True):
    """A photo or document of a record; its bytes lie in the evidence store under their SHA-256.

    ``seq`` is the event it came with, which holds its digest.
    """

    __tablename__ = "register_file"
    __table_args__ = (
        CheckConstraint("size > 0", name="not_empty"),
        UniqueConstraint("record_id", "sha256"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    record_id: int = Field(foreign_key="register_record.id", sa_type=BIG)
    seq: int
    sha256: str = Field(max_length=64, index=True)
    view_sha256: str = Field(default="", max_length=64)
    media_type: str = Field(max_length=100)
    size: int
    name: str = Field(default="", max_length=200)
    by_id: int = Field(foreign_key="person.id", sa_type=BIG)
    at: datetime
