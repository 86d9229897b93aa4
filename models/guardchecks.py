"""保安抽查: checks of guards, who was drawn, and what was found."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Text
from sqlmodel import CheckConstraint, Field, Index, SQLModel

from models.base import BIG, choice
from rules.guardchecks.acts import CheckState
from rules.guardchecks.findings import Identity


class GuardCheck(SQLModel, table=True):
    """A check: one a period. The frozen frame lies in the evidence store under its digest."""

    __tablename__ = "guard_check"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="has_history"),
        CheckConstraint("share >= 1 AND share <= 100", name="share"),
        CheckConstraint("(seed = '') = (frame_digest = '')", name="drawn"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    number: str = Field(max_length=40, unique=True)
    period: str = Field(max_length=7, unique=True)
    state: CheckState = Field(sa_type=choice(CheckState, "state"))
    share: int
    commitment: str = Field(max_length=64)
    sealed_secret: str = Field(default="", sa_type=Text)
    secret: str = Field(default="", max_length=64)
    seed: str = Field(default="", max_length=64)
    frame_digest: str = Field(default="", max_length=64)
    frame_size: int = 0
    drawn: int = 0
    committed_at: datetime
    drawn_at: datetime | None = None
    published_at: datetime | None = None
    seq: int
    head: str = Field(max_length=64)


class GuardInspector(SQLModel, table=True):
    """Who was drawn to check a unit's guards, on which day; ``position`` is their order."""

    __tablename__ = "guard_inspector"

    check_id: int = Field(foreign_key="guard_check.id", primary_key=True, sa_type=BIG)
    unit_id: int = Field(foreign_key="organisation.id", primary_key=True, sa_type=BIG)
    person_id: int = Field(foreign_key="person.id", primary_key=True, sa_type=BIG, index=True)
    position: int
    planned_on: date


class GuardVisit(SQLModel, table=True):
    """A guard who was drawn; ``no`` is the rank by ticket. Of the card shown nothing stays here."""

    __tablename__ = "guard_visit"
    __table_args__ = (
        CheckConstraint("(identity IS NULL) = (at IS NULL)", name="found"),
        Index("ix_guard_visit_record", "record_id", "check_id"),
    )

    check_id: int = Field(foreign_key="guard_check.id", primary_key=True, sa_type=BIG)
    record_id: int = Field(foreign_key="register_record.id", primary_key=True, sa_type=BIG)
    stratum: str = Field(max_length=400)
    no: int
    ticket: str = Field(max_length=90)
    identity: Identity | None = Field(default=None, sa_type=choice(Identity, "identity"))
    national_seen: bool | None = None
    school_seen: bool | None = None
    violations: list[Any] = Field(default_factory=list, sa_type=JSON)
    note: str = Field(default="", sa_type=Text)
    by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    at: datetime | None = None
    case_id: int | None = Field(default=None, foreign_key="cases.id", sa_type=BIG)
