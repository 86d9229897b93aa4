"""A hazard's case, and what belongs to it: plans, evidence, clocks, steps taken, inspections."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Text, text
from sqlmodel import (
    CheckConstraint,
    Field,
    ForeignKeyConstraint,
    Index,
    SQLModel,
    UniqueConstraint,
)

from models.base import BIG, choice
from rules.access import Role
from rules.case import Level, Listing, State
from rules.deadlines import Stage
from rules.inspections.kinds import InspectionKind
from rules.risk import Colour


class Shows(StrEnum):
    """What a piece of evidence shows: the hazard, or what became of it."""

    BEFORE = "before"
    AFTER = "after"


def _of_timed_rows(name: str, *columns: str) -> Index:
    """Return an index of the rows whose moment, the column called ``…_at``, is not null."""
    moment = next(column for column in columns if column.endswith("_at"))
    where = text(f"{moment} IS NOT NULL")
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


def _of_few_open(name: str, mark: str) -> Index:
    """Return an index by due moment of the open rows whose ``mark`` is not null."""
    where = text(f"{mark} IS NOT NULL AND due_at IS NOT NULL")
    return Index(name, "due_at", "id", "cluster_id", sqlite_where=where, postgresql_where=where)


class Inspection(SQLModel, table=True):
    """A check of a unit on a day. An item found normal makes no case, only a count here."""

    __table_args__ = (
        CheckConstraint("participants >= 0", name="participants_counted"),
        CheckConstraint("normal_items >= 0", name="normal_items_counted"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    unit_id: int = Field(foreign_key="organisation.id", sa_type=BIG, index=True)
    held_on: date
    kind: InspectionKind = Field(sa_type=choice(InspectionKind, "kind"))
    inspectors: str = Field(default="", max_length=200)
    participants: int | None = None
    normal_items: int = 0
    source: str = Field(default="", max_length=500)


class Case(SQLModel, table=True):
    """One hazard's life. ``seq`` counts its events and is the version a mover must have seen.

    State, clock and history move together, in ``casework.writer`` and nowhere else.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="has_history"),
        CheckConstraint("NOT claimed OR state = 'rectifying'", name="claimed_while_rectifying"),
        CheckConstraint("(state = 'closed') = (stage IS NULL)", name="open_has_a_stage"),
        CheckConstraint("(state = 'closed') = (due_at IS NULL)", name="open_has_a_due"),
        CheckConstraint("NOT voided OR state = 'closed'", name="voided_is_closed"),
        # What lists by due date: open cases only.
        _of_timed_rows("ix_cases_due", "due_at", "id"),
        _of_timed_rows("ix_cases_cluster_due", "cluster_id", "due_at", "id"),
        _of_timed_rows("ix_cases_unit_due", "unit_id", "due_at", "id"),
        _of_timed_rows("ix_cases_holder_due", "holder", "due_at", "id"),
        _of_timed_rows("ix_cases_category_due", "category", "due_at", "id"),
        _of_timed_rows("ix_cases_state_due", "state", "due_at", "id"),
        _of_timed_rows("ix_cases_level_due", "level", "due_at", "id"),
        # Few of the open ones, counted on every home page.
        _of_few_open("ix_cases_listed", "listed"),
        _of_few_open("ix_cases_asking", "extension_asked_by_id"),
        # What a look-back counts of the closed cases, read without the cases themselves.
        _of_timed_rows(
            "ix_cases_closed", "closed_at", "cluster_id", "category", "level", "unit_id", "cycle",
            "voided", "id",
        ),
        # Lists by age.
        Index("ix_cases_cluster", "cluster_id", "id"),
        Index("ix_cases_unit", "unit_id", "id"),
        Index("ix_cases_state", "state", "id"),
        Index("ix_cases_category", "category", "id"),
        Index("ix_cases_level", "level", "id"),
        # Lists as of a moment: what was reported by then and not yet closed.
        Index("ix_cases_lived", "closed_at", "reported_at", "cluster_id", "unit_id", "level"),
        Index("ix_cases_found", "found_on", "id"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    number: str = Field(max_length=40, unique=True)

    unit_id: int = Field(foreign_key="organisation.id", sa_type=BIG)
    cluster_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=BIG)
    department: str = Field(default="", max_length=200)
    owner: str = Field(default="", max_length=200)
    category: str = Field(max_length=24)
    level: Level = Field(sa_type=choice(Level, "level"))
    risk: Colour | None = Field(default=None, sa_type=choice(Colour, "risk"))
    description: str = Field(sa_type=Text)
    location: str = Field(default="", max_length=200)
    measure: str = Field(default="", sa_type=Text)
    source: str = Field(default="", max_length=500)
    found_on: date
    deadline_asked: date | None = None
    inspection_id: int | None = Field(default=None, foreign_key="inspection.id", sa_type=BIG)
    reported_at: datetime
    fingerprint: str = Field(max_length=64, index=True)

    state: State = Field(sa_type=choice(State, "state"))
    claimed: bool = False
    voided: bool = False
    listed: Listing | None = Field(default=None, sa_type=choice(Listing, "listed"))
    cycle: int = 1
    hands: list[int] = Field(default_factory=list, sa_type=JSON)
    plan_author_id: int | None = Field(default=None, sa_type=BIG)
    plan_by_head: bool = False
    plan_deadline: date | None = None
    verified_by_id: int | None = Field(default=None, sa_type=BIG)
    extension_asked_by_id: int | None = Field(default=None, sa_type=BIG)
    extensions: int = 0
    after_evidence: int = 0

    holder: Role | None = Field(default=None, sa_type=choice(Role, "holder"))
    stage: Stage | None = Field(default=None, sa_type=choice(Stage, "stage"))
    clock_no: int = 1
    due_at: datetime | None = None
    closed_at: datetime | None = None

    seq: int = 1
    head: str = Field(max_length=64)


class Plan(SQLModel, table=True):
    """方案, versioned: the five assurances and what was decided on them."""

    case_id: int = Field(foreign_key="cases.id", primary_key=True, sa_type=BIG)
    no: int = Field(primary_key=True)
    duty: str = Field(sa_type=Text)
    measures: str = Field(sa_type=Text)
    funds: str = Field(sa_type=Text)
    deadline: date
    contingency: str = Field(sa_type=Text)
    author_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    submitted_at: datetime
    decided_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    decided_at: datetime | None = None
    approved: bool | None = None
    reason: str = Field(default="", sa_type=Text)


class Evidence(SQLModel, table=True):
    """A file that shows something; its bytes lie in the evidence store under their SHA-256."""

    __table_args__ = (
        CheckConstraint("size > 0", name="not_empty"),
        ForeignKeyConstraint(["case_id"], ["cases.id"]),
        UniqueConstraint("case_id", "cycle", "shows", "sha256"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    case_id: int = Field(sa_type=BIG)
    cycle: int = 1
    shows: Shows = Field(sa_type=choice(Shows, "shows"))
    sha256: str = Field(max_length=64, index=True)
    view_sha256: str = Field(default="", max_length=64)
    media_type: str = Field(max_length=100)
    size: int
    name: str = Field(default="", max_length=200)
    by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    at: datetime


_STOPPED_LATE = "stopped_at >= due_at"
_CONTINUED = "cause IN ('grant_extension', 'grade', 'transfer', 'no_access')"


class Clock(SQLModel, table=True):
    """Every due date ever set for a case. No date is ever changed: an extension is a new row.

    ``limit`` says what set the due date ("3wd", or "plan" for the plan's own deadline);
    ``calendar`` and ``policy`` are the versions it was reckoned by; ``estimated`` marks a date
    reckoned beyond the published holidays. ``next_step`` is what the running clock owes next; it
    lies here, not with the case, so that a sweep that moves it touches few indexes.
    """

    __table_args__ = (
        CheckConstraint("due_at > started_at OR cause = 'import'", name="runs"),
        CheckConstraint("(next_step IS NULL) = (next_step_at IS NULL)", name="next_step_has_time"),
        CheckConstraint("stopped_at IS NULL OR next_step_at IS NULL", name="stopped_owes_nothing"),
        _of_timed_rows("ix_clock_next_step", "next_step_at", "case_id"),  # what a sweep reads
        # Whose stay in a stage has more than one clock: what statistics put together.
        Index(
            "ix_clock_continued", "case_id",
            sqlite_where=text(_CONTINUED), postgresql_where=text(_CONTINUED),
        ),
        # Who was ever late: a clock that runs over is told by its case.
        Index(
            "ix_clock_stopped_late", "case_id",
            sqlite_where=text(_STOPPED_LATE), postgresql_where=text(_STOPPED_LATE),
        ),
    )  # fmt: skip

    case_id: int = Field(foreign_key="cases.id", primary_key=True, sa_type=BIG)
    no: int = Field(primary_key=True)
    cycle: int
    stage: Stage = Field(sa_type=choice(Stage, "stage"))
    started_at: datetime
    due_at: datetime
    limit: str = Field(max_length=24)
    cause: str = Field(max_length=24)
    calendar: str = Field(max_length=60)
    policy: str = Field(max_length=60)
    estimated: bool = False
    asked_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    granted_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    reason: str = Field(default="", sa_type=Text)
    stopped_at: datetime | None = None
    next_step: str | None = Field(default=None, max_length=24)
    next_step_at: datetime | None = None


class ClockStep(SQLModel, table=True):
    """A step of a clock that was taken: once each, by the database."""

    __tablename__ = "clock_step"
    __table_args__ = (ForeignKeyConstraint(["case_id", "clock_no"], ["clock.case_id", "clock.no"]),)

    case_id: int = Field(primary_key=True, sa_type=BIG)
    clock_no: int = Field(primary_key=True)
    step: str = Field(primary_key=True, max_length=24)
    planned_at: datetime
    taken_at: datetime
