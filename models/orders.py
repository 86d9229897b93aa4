"""Supervision orders 挂牌督办 and 挂牌督导, each kept for ever."""

from datetime import datetime

from sqlalchemy import Text, text
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from models.base import BIG, choice
from rules.case import Listing
from rules.ladder import OrderLevel
from rules.orders import OrderCause, Service


class SupervisionOrder(SQLModel, table=True):
    """An order about a case. At most one of a case is open; ``number`` has no gaps in its year."""

    __tablename__ = "supervision_order"
    __table_args__ = (
        UniqueConstraint("year", "n"),
        Index(
            "ix_supervision_order_open", "case_id", unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
        Index(
            "ix_supervision_order_demand", "next_demand_at", "id",
            sqlite_where=text("next_demand_at IS NOT NULL"),
            postgresql_where=text("next_demand_at IS NOT NULL"),
        ),
        CheckConstraint("due_at > issued_at", name="has_a_term"),
        CheckConstraint("(served_at IS NULL) = (served_how IS NULL)", name="service_is_said"),
        CheckConstraint("released_at IS NULL OR next_demand_at IS NULL", name="released_is_quiet"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    case_id: int = Field(foreign_key="cases.id", sa_type=BIG, index=True)
    number: str = Field(max_length=60, unique=True)
    year: int
    n: int
    kind: Listing = Field(sa_type=choice(Listing, "kind"))
    level: OrderLevel = Field(sa_type=choice(OrderLevel, "level"))
    cause: OrderCause = Field(sa_type=choice(OrderCause, "cause"))
    reason: str = Field(sa_type=Text)
    demands: str = Field(sa_type=Text)
    policy: str = Field(max_length=60)
    issued_at: datetime
    issued_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    due_at: datetime
    served_at: datetime | None = None
    served_how: Service | None = Field(default=None, sa_type=choice(Service, "served_how"))
    served_note: str = Field(default="", sa_type=Text)
    acknowledged_at: datetime | None = None
    acknowledged_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    next_demand_at: datetime | None = None
    last_demand_at: datetime | None = None
    missed_reports: int = 0
    extension_asked_at: datetime | None = None
    extension_asked_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    extension_until: datetime | None = None
    extension_reason: str = Field(default="", sa_type=Text)
    extensions: int = 0
    published_at: datetime | None = None
    released_at: datetime | None = None
    released_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    release_reason: str = Field(default="", sa_type=Text)
