"""Duties 应办事项: what must be done by a day, and how far it has been chased."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import text
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from models.base import BIG, choice


class DutyState(StrEnum):
    """Open until it is done, or let off with a reason."""

    OPEN = "open"
    FULFILLED = "fulfilled"
    WAIVED = "waived"


def _while(condition: str, name: str, *columns: str) -> Index:
    where = text(condition)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class Duty(SQLModel, table=True):
    """Something to be done by ``due_on``, that day included. ``key`` is unique within its kind.

    ``person_id`` is whom it waits for when that is one person; else it waits for the kind's role.
    ``next_on`` is the day of the next step of its kind's ladder, ``last_step`` the distance in days
    of the last one taken; ``case_id`` the case that was raised because it was not done.
    """

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="has_history"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_when"),
        CheckConstraint("state = 'open' OR next_on IS NULL", name="ended_is_not_chased"),
        UniqueConstraint("kind", "key"),
        _while("next_on IS NOT NULL", "ix_duty_next", "next_on", "id"),
        _while("state = 'open'", "ix_duty_unit", "unit_id", "due_on", "id"),
        _while("state = 'open'", "ix_duty_cluster", "cluster_id", "due_on", "id"),
        _while("state = 'open'", "ix_duty_due", "due_on", "id"),
        Index("ix_duty_ended", "unit_id", "ended_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    kind: str = Field(max_length=24)
    key: str = Field(max_length=80)
    unit_id: int = Field(foreign_key="organisation.id", sa_type=BIG)
    cluster_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=BIG)
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    due_on: date
    title_zh: str = Field(max_length=200)
    title_en: str = Field(max_length=200)
    link: str = Field(max_length=1000)
    state: DutyState = Field(sa_type=choice(DutyState, "state"))
    opened_at: datetime
    ended_at: datetime | None = None
    ended_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    next_on: date | None = None
    last_step: int | None = None
    case_id: int | None = Field(default=None, foreign_key="cases.id", sa_type=BIG)
    seq: int
    head: str = Field(max_length=64)
