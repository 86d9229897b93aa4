"""School buses on the road: what was seen of them, vetoes, daily bulletins, the cases raised."""

from datetime import date, datetime

from sqlalchemy import Text, text
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from models.base import BIG, choice
from rules.buses.sightings import Road, Seen, Stray

_OFFENCE = text("offence")
_OFFENCE_IN_SQLITE = text("offence = 1")  # as the queries say it: it compares terms, not truths
_OWED = text("offence AND bulletin_id IS NULL")
_OWED_IN_SQLITE = text("offence = 1 AND bulletin_id IS NULL")
_STANDS = "lifted_at IS NULL"


class BusSighting(SQLModel, table=True):
    """A position or a violation, once for each id of its source; ``speed`` in km/h.

    ``fault`` says why it was not allowed to move, ``offence`` whether a bulletin tells of it, and
    ``bulletin_id`` which one did. ``record_id`` is None of a plate that no register knows.
    """

    __tablename__ = "bus_sighting"
    __table_args__ = (
        CheckConstraint("speed IS NULL OR (speed >= 0 AND speed <= 300)", name="speed"),
        UniqueConstraint("source", "external_id"),
        Index("ix_bus_sighting_day", "on_day", "kind"),
        Index("ix_bus_sighting_record", "record_id", "on_day", sqlite_where=_OFFENCE_IN_SQLITE,
              postgresql_where=_OFFENCE),
        Index("ix_bus_sighting_offence", "on_day", "id", sqlite_where=_OFFENCE_IN_SQLITE,
              postgresql_where=_OFFENCE),
        Index("ix_bus_sighting_owed", "on_day", sqlite_where=_OWED_IN_SQLITE,
              postgresql_where=_OWED),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    source: str = Field(max_length=40)
    external_id: str = Field(max_length=80)
    plate: str = Field(max_length=20)
    at: datetime
    on_day: date
    kind: Seen = Field(sa_type=choice(Seen, "seen"))
    road: Road = Field(sa_type=choice(Road, "road"))
    speed: int | None = None
    what: str = Field(default="", max_length=120)
    place: str = Field(default="", max_length=200)
    penalty_on: date | None = None
    record_id: int | None = Field(default=None, foreign_key="register_record.id", sa_type=BIG)
    fault: Stray | None = Field(default=None, sa_type=choice(Stray, "fault"))
    offence: bool
    bulletin_id: int | None = Field(default=None, foreign_key="bus_bulletin.id", sa_type=BIG)
    received_at: datetime


class BusCase(SQLModel, table=True):
    """The case that a bus's movements of one day raised: one a day, another when it was vetoed."""

    __tablename__ = "bus_case"

    record_id: int = Field(foreign_key="register_record.id", primary_key=True, sa_type=BIG)
    on_day: date = Field(primary_key=True)
    vetoed: bool = Field(primary_key=True)
    case_id: int = Field(foreign_key="cases.id", sa_type=BIG)
    raised_at: datetime


class BusVeto(SQLModel, table=True):
    """一概否决 of a bus's or a driver's record; at most one stands."""

    __tablename__ = "bus_veto"
    __table_args__ = (
        CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted"),
        Index("ix_bus_veto_stands", "record_id", unique=True, sqlite_where=text(_STANDS),
              postgresql_where=text(_STANDS)),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    record_id: int = Field(foreign_key="register_record.id", sa_type=BIG)
    reason: str = Field(max_length=200)
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    case_id: int | None = Field(default=None, foreign_key="cases.id", sa_type=BIG)
    lifted_at: datetime | None = None
    lifted_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    lifted_why: str = Field(default="", max_length=200)


class BusBulletin(SQLModel, table=True):
    """每日违法通报: one a day. ``content`` is canonical JSON; the chain has its digest."""

    __tablename__ = "bus_bulletin"

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    on_day: date = Field(unique=True)
    number: str = Field(max_length=40, unique=True)
    content: str = Field(sa_type=Text)
    violations: int
    buses: int
    made_at: datetime
    seq: int
    head: str = Field(max_length=64)
