"""What statistics add up beforehand: stays and counts of closed cases, by what is asked.

Derived, and made again at any time: a closed case changes its sums only when it is reopened.
"""

from datetime import datetime
from enum import StrEnum

from sqlmodel import CheckConstraint, Field, SQLModel

from models.base import BIG, choice
from rules.case import Level
from rules.deadlines import Stage


class Dimension(StrEnum):
    """What sums are kept by; all and quarters are added up of these."""

    UNIT = "unit"
    CLUSTER = "cluster"
    CATEGORY = "category"
    LEVEL = "level"
    MONTH = "month"


class StayTally(SQLModel, table=True):
    """How many stays of closed cases took so many days, late or not. ``key`` names the group:
    a number of a place, a category, a level, or the month a stay began in (2026-03).
    """

    __tablename__ = "stay_tally"

    dimension: Dimension = Field(sa_type=choice(Dimension, "dimension"), primary_key=True)
    key: str = Field(primary_key=True, max_length=24)
    stage: Stage = Field(sa_type=choice(Stage, "stage"), primary_key=True)
    days: int = Field(primary_key=True)
    late: bool = Field(primary_key=True)
    count: int


class CaseTally(SQLModel, table=True):
    """How many cases are closed; months are those of the report. ``latest`` is the last moment of
    any of them: sums say nothing of a time before it.
    """

    __tablename__ = "case_tally"

    dimension: Dimension = Field(sa_type=choice(Dimension, "dimension"), primary_key=True)
    key: str = Field(primary_key=True, max_length=24)
    voided: bool = Field(primary_key=True)
    relapsed: bool = Field(primary_key=True)
    count: int
    latest: datetime


class TallyPending(SQLModel, table=True):
    """A case that was closed (``sign`` 1) or reopened (-1) and is not in the sums so yet; as it
    stood when closed, with its clocks up to ``clock_no``.
    """

    __tablename__ = "tally_pending"
    __table_args__ = (CheckConstraint("sign IN (-1, 1)", name="adds_or_takes"),)

    case_id: int = Field(primary_key=True, sa_type=BIG)
    seq: int = Field(primary_key=True)
    sign: int = Field(primary_key=True)
    clock_no: int
    unit_id: int = Field(sa_type=BIG)
    cluster_id: int | None = Field(default=None, sa_type=BIG)
    level: Level = Field(sa_type=choice(Level, "level"))
    voided: bool
    cycle: int
