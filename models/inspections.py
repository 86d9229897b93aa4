"""Inspections 检查: plans, their draws, the tasks they give, the records."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Text
from sqlmodel import (
    CheckConstraint,
    Field,
    ForeignKeyConstraint,
    Index,
    SQLModel,
    UniqueConstraint,
)

from models.base import BIG, choice
from rules.inspections.acts import Part, PlanState, TaskState, Word
from rules.inspections.kinds import InspectionKind
from rules.lookback.findings import InspectionMode


class InspectionPlan(SQLModel, table=True):
    """A plan; ``spec`` is its canonical JSON. ``place_id`` is whose plan it is.

    ``done_until`` is the last day whose periods were all given out.
    """

    __tablename__ = "inspection_plan"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    number: str = Field(max_length=40, unique=True)
    title: str = Field(max_length=120)
    kind: InspectionKind = Field(sa_type=choice(InspectionKind, "kind"))
    cadence: str = Field(max_length=24)
    place_id: int = Field(foreign_key="organisation.id", sa_type=BIG, index=True)
    spec: str = Field(sa_type=Text)
    state: PlanState = Field(sa_type=choice(PlanState, "state"))
    planned_at: datetime
    planned_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    done_until: date | None = None
    seq: int = 1
    head: str = Field(max_length=64)


class InspectionDraw(SQLModel, table=True):
    """双随机 of one line of a plan in one period: what was committed to, frozen, revealed, drawn.

    ``frame`` and ``drawn`` are lists of [unit code, stratum]; ``impossible`` names units for which
    no inspectors could be drawn, and why.
    """

    __tablename__ = "inspection_draw"
    __table_args__ = (
        CheckConstraint("(drawn_at IS NULL) = (seed = '')", name="drawn_by_a_seed"),
        CheckConstraint(
            "published_at IS NULL OR drawn_at IS NOT NULL", name="published_once_drawn"
        ),
    )

    plan_id: int = Field(foreign_key="inspection_plan.id", primary_key=True, sa_type=BIG)
    line: int = Field(primary_key=True)
    period: str = Field(primary_key=True, max_length=40)
    number: str = Field(max_length=80, unique=True)
    opens_on: date
    due_on: date
    commitment: str = Field(max_length=64)
    sealed_secret: str = Field(default="", sa_type=Text)
    secret: str = Field(default="", max_length=64)
    committed_at: datetime
    frame: list[Any] = Field(default_factory=list, sa_type=JSON)
    frame_digest: str = Field(default="", max_length=64)
    seed: str = Field(default="", max_length=64)
    drawn: list[Any] = Field(default_factory=list, sa_type=JSON)
    drawn_at: datetime | None = None
    impossible: list[Any] = Field(default_factory=list, sa_type=JSON)
    published_at: datetime | None = None


class InspectionTask(SQLModel, table=True):
    """An inspection of one unit that is to be made, and where it stands.

    ``version`` counts its records; ``draft`` is what somebody has typed so far. ``hidden`` from
    the school until it was made. Its history begins with the first act: ``seq`` is 0 before.
    """

    __tablename__ = "inspection_task"
    __table_args__ = (
        CheckConstraint("(state = 'recorded') = (recorded_at IS NOT NULL)", name="recorded_at"),
        CheckConstraint("state <> 'recorded' OR version >= 1", name="recorded_has_a_record"),
        UniqueConstraint("plan_id", "line", "period", "unit_id"),
        Index("ix_inspection_task_unit", "unit_id", "state", "due_on", "id"),
        Index("ix_inspection_task_cluster", "cluster_id", "state", "due_on", "id"),
        Index("ix_inspection_task_state", "state", "due_on", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    number: str = Field(max_length=40, unique=True)
    plan_id: int | None = Field(default=None, foreign_key="inspection_plan.id", sa_type=BIG)
    line: int = 0
    period: str = Field(default="", max_length=40)
    title: str = Field(max_length=200)
    unit_id: int = Field(foreign_key="organisation.id", sa_type=BIG)
    cluster_id: int | None = Field(default=None, foreign_key="organisation.id", sa_type=BIG)
    responsible_id: int = Field(foreign_key="organisation.id", sa_type=BIG)
    lead_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    checklist: str = Field(max_length=24)
    kind: InspectionKind = Field(sa_type=choice(InspectionKind, "kind"))
    hidden: bool = False
    opens_on: date
    due_on: date
    planned_on: date | None = None
    state: TaskState = Field(sa_type=choice(TaskState, "state"))
    version: int = 0
    normal: int = 0
    hazards: int = 0
    recorded_at: datetime | None = None
    head_word: Word | None = Field(default=None, sa_type=choice(Word, "head_word"))
    inspection_id: int | None = Field(default=None, foreign_key="inspection.id", sa_type=BIG)
    draft: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    draft_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    draft_at: datetime | None = None
    opened_at: datetime
    seq: int = 0
    head: str = Field(max_length=64)


class InspectionTeam(SQLModel, table=True):
    """Who was named or drawn to make an inspection."""

    __tablename__ = "inspection_team"
    __table_args__ = (Index("ix_inspection_team_person", "person_id", "task_id"),)

    task_id: int = Field(foreign_key="inspection_task.id", primary_key=True, sa_type=BIG)
    person_id: int = Field(foreign_key="person.id", primary_key=True, sa_type=BIG)
    position: int


class InspectionRecord(SQLModel, table=True):
    """检查记录: what was found, once written never changed; a correction is the next version.

    ``answers`` are by item: result, note, place, photos, why none. ``checklist`` is the digest of
    the text that was answered.
    """

    __tablename__ = "inspection_record"
    __table_args__ = (
        CheckConstraint("version >= 1", name="counted_from_one"),
        CheckConstraint("participants >= 0", name="participants_counted"),
    )

    task_id: int = Field(foreign_key="inspection_task.id", primary_key=True, sa_type=BIG)
    version: int = Field(primary_key=True)
    checklist: str = Field(max_length=24)
    held_on: date
    mode: InspectionMode = Field(sa_type=choice(InspectionMode, "mode"))
    participants: int
    answers: dict[str, Any] = Field(sa_type=JSON)
    note: str = Field(default="", sa_type=Text)
    reason: str = Field(default="", sa_type=Text)
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)


class InspectionSignature(SQLModel, table=True):
    """Who signed a version of a record in what part; the head may refuse, with the reason kept."""

    __tablename__ = "inspection_signature"
    __table_args__ = (
        ForeignKeyConstraint(
            ["task_id", "version"], ["inspection_record.task_id", "inspection_record.version"]
        ),
        UniqueConstraint("task_id", "version", "part", "person_id"),
        CheckConstraint("word = 'signed' OR reason <> ''", name="a_refusal_has_its_reason"),
    )

    task_id: int = Field(primary_key=True, sa_type=BIG)
    version: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    part: Part = Field(sa_type=choice(Part, "part"))
    word: Word = Field(sa_type=choice(Word, "word"))
    person_id: int = Field(foreign_key="person.id", sa_type=BIG)
    reason: str = Field(default="", sa_type=Text)
    at: datetime


class InspectionCase(SQLModel, table=True):
    """The case of a hazard found at an item; ``linked`` when a case told of it already."""

    __tablename__ = "inspection_case"
    __table_args__ = (Index("ix_inspection_case_case", "case_id"),)

    task_id: int = Field(foreign_key="inspection_task.id", primary_key=True, sa_type=BIG)
    item: str = Field(primary_key=True, max_length=24)
    case_id: int = Field(foreign_key="cases.id", sa_type=BIG)
    version: int
    place: str = Field(default="", max_length=200)
    linked: bool = False
