"""回头看: look-backs, what was drawn, who looks, and what they found; nothing is ever redrawn."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Text, text
from sqlmodel import CheckConstraint, Field, ForeignKeyConstraint, Index, SQLModel

from models.base import BIG, choice
from rules.lookback.acceptance import Severity
from rules.lookback.acts import LookbackState
from rules.lookback.findings import Finding, InspectionMode
from rules.lookback.seeds import SeedKind
from rules.lookback.verdict import Decision


class Lookback(SQLModel, table=True):
    """One look-back. ``plan`` is its canonical JSON; the frozen frame lies in the evidence store
    under ``frame_digest``, its hash, to which the seed is bound.

    ``occurrence`` is the schedule and day that caused it: drawn once, whoever asks.
    """

    __table_args__ = (
        CheckConstraint("seq >= 1", name="has_history"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
        CheckConstraint(
            "(seed = '') = (drawn_at IS NULL) AND (seed = '') = (frame_digest = '')", name="drawn"
        ),
        Index("ix_lookback_template", "template", "id"),
        Index("ix_lookback_state", "state", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    number: str = Field(max_length=60, unique=True)
    title: str = Field(max_length=200)
    template: str = Field(default="", max_length=40)
    plan: str = Field(sa_type=Text)
    policy: str = Field(max_length=60)
    state: LookbackState = Field(sa_type=choice(LookbackState, "state"))
    occurrence: str | None = Field(default=None, max_length=120, unique=True)

    seed_kind: SeedKind = Field(sa_type=choice(SeedKind, "seed_kind"))
    commitment: str = Field(default="", max_length=64)
    sealed_secret: str = Field(default="", sa_type=Text)
    secret: str = Field(default="", max_length=64)
    outside_source: str = Field(default="", max_length=500)
    outside_on: date | None = None
    outside_value: str = Field(default="", max_length=500)
    seed: str = Field(default="", max_length=64)
    frame_digest: str = Field(default="", max_length=64)
    frame_size: int = 0
    drawn: int = 0

    planned_at: datetime
    planned_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    committed_at: datetime | None = None
    drawn_at: datetime | None = None
    due_at: datetime | None = None
    closed_at: datetime | None = None
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = Field(default="", sa_type=Text)
    seq: int = 1
    head: str = Field(max_length=64)


class LookbackStratum(SQLModel, table=True):
    """A stratum: how many cases it has, how many of them its plan asks for (``n``) and how many are
    drawn by now; ``decision`` is its first verdict, on which the next draw's severity depends.
    """

    __tablename__ = "lookback_stratum"
    __table_args__ = (
        CheckConstraint("n >= 0 AND n <= drawn AND drawn <= population", name="within"),
    )

    lookback_id: int = Field(foreign_key="lookback.id", primary_key=True, sa_type=BIG)
    key: str = Field(primary_key=True, max_length=400)
    population: int
    n: int
    ac: int
    re: int
    code: str = Field(default="", max_length=8)
    severity: Severity = Field(sa_type=choice(Severity, "severity"))
    drawn: int = 0
    decision: Decision | None = Field(default=None, sa_type=choice(Decision, "decision"))


class LookbackVisit(SQLModel, table=True):
    """A case that was drawn: ``no`` is its rank in its stratum by ticket, ``wave`` the enlargement
    (0 the first draw). ``finding`` stands once both inspectors have signed it; until then their
    ``photos`` wait here, afterwards they are the case's evidence.
    """

    __tablename__ = "lookback_visit"
    __table_args__ = (
        Index(
            "ix_lookback_visit_next_step", "next_step_at", "lookback_id", "case_id",
            sqlite_where=text("next_step_at IS NOT NULL"),
            postgresql_where=text("next_step_at IS NOT NULL"),
        ),
        Index("ix_lookback_visit_case", "case_id", "lookback_id"),
        CheckConstraint("finding IS NULL OR next_step_at IS NULL", name="found_is_quiet"),
    )  # fmt: skip

    lookback_id: int = Field(foreign_key="lookback.id", primary_key=True, sa_type=BIG)
    case_id: int = Field(foreign_key="cases.id", primary_key=True, sa_type=BIG)
    stratum: str = Field(max_length=400)
    no: int
    ticket: str = Field(max_length=90)
    wave: int = 0
    planned_on: date | None = None
    due_at: datetime
    next_step: str | None = Field(default=None, max_length=24)
    next_step_at: datetime | None = None
    proposed: Finding | None = Field(default=None, sa_type=choice(Finding, "proposed"))
    mode: InspectionMode | None = Field(default=None, sa_type=choice(InspectionMode, "mode"))
    note: str = Field(default="", sa_type=Text)
    photos: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    finding: Finding | None = Field(default=None, sa_type=choice(Finding, "finding"))
    found_at: datetime | None = None
    reopened: bool = False


class LookbackInspector(SQLModel, table=True):
    """Who looks at a drawn case; ``signed_at`` when they signed what was found."""

    __tablename__ = "lookback_inspector"
    __table_args__ = (
        ForeignKeyConstraint(
            ["lookback_id", "case_id"], ["lookback_visit.lookback_id", "lookback_visit.case_id"]
        ),
        Index("ix_lookback_inspector_person", "person_id", "lookback_id"),
    )

    lookback_id: int = Field(primary_key=True, sa_type=BIG)
    case_id: int = Field(primary_key=True, sa_type=BIG)
    person_id: int = Field(foreign_key="person.id", primary_key=True, sa_type=BIG)
    position: int
    signed_at: datetime | None = None


class LookbackStep(SQLModel, table=True):
    """A reminder or escalation of an unfinished visit: once each, by the database."""

    __tablename__ = "lookback_step"
    __table_args__ = (
        ForeignKeyConstraint(
            ["lookback_id", "case_id"], ["lookback_visit.lookback_id", "lookback_visit.case_id"]
        ),
    )

    lookback_id: int = Field(primary_key=True, sa_type=BIG)
    case_id: int = Field(primary_key=True, sa_type=BIG)
    step: str = Field(primary_key=True, max_length=24)
    planned_at: datetime
    taken_at: datetime


class LookbackTemplate(SQLModel, table=True):
    """A saved plan, by name; the newest row of a name wins, an empty text retires it."""

    __tablename__ = "lookback_template"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    name: str = Field(max_length=40, index=True)
    text: str = Field(sa_type=Text)
    adopted_at: datetime
    adopted_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)


class LookbackSchedule(SQLModel, table=True):
    """When a template is drawn; the newest row of a name wins. ``clusters`` are codes with commas
    between; "each" draws once for every cluster.
    """

    __tablename__ = "lookback_schedule"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    name: str = Field(max_length=40, index=True)
    template: str = Field(max_length=40)
    timing: str = Field(max_length=120)
    clusters: str = Field(default="", max_length=500)
    active: bool = True
    removed: bool = False
    changed_at: datetime
    changed_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
