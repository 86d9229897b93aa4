"""What may change without a release: policy versions, calendar overrides, school terms, the sweep.

Overrides and terms are append-only: a later row about the same day or term wins.
"""

from datetime import date, datetime

from sqlalchemy import Text
from sqlmodel import CheckConstraint, Field, SQLModel

from models.base import BIG, choice
from rules.overrides import TermKind


class PolicyVersion(SQLModel, table=True):
    """An adopted policy text; in force from ``effective_from`` until a later one is."""

    __tablename__ = "policy_version"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    digest: str = Field(max_length=24, index=True)
    name: str = Field(max_length=40)
    text: str = Field(sa_type=Text)
    effective_from: date
    adopted_at: datetime
    adopted_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)


class CalendarOverride(SQLModel, table=True):
    """A day announced late, or different here: ``off`` true for a holiday, false for a workday,
    null to withdraw what an earlier row said.
    """

    __tablename__ = "calendar_override"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    day: date = Field(index=True)
    off: bool | None = None
    name: str = Field(max_length=80)
    announced_on: date
    by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)


class SchoolTerm(SQLModel, table=True):
    """A school term or break, first and last day included; ``withdrawn`` takes it back."""

    __tablename__ = "school_term"
    __table_args__ = (CheckConstraint("ends >= starts", name="runs_forward"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    kind: TermKind = Field(sa_type=choice(TermKind, "kind"))
    name: str = Field(max_length=80, index=True)
    starts: date
    ends: date
    withdrawn: bool = False
    announced_on: date
    by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)


class Sweep(SQLModel, table=True):
    """A sweep that ran: business time never runs backwards from its ``as_of``.

    A row with ``set_back_by_id`` is none, but a person's word that business time was wrong: it goes
    on from that row's ``as_of``, whatever came before.
    """

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    as_of: datetime = Field(index=True)
    ran_at: datetime
    due: int
    done: int
    failed: int
    set_back_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    reason: str = Field(default="", sa_type=Text)
