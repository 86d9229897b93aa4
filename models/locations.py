"""Where in a unit hazards are found: the spots its people report from, each with a QR code."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from models.base import BIG


class Location(SQLModel, table=True):
    """A room, a corridor, a gate. A retired one is offered to nobody; its name can be used again.

    Its history stands in that of its unit.
    """

    __table_args__ = (UniqueConstraint("unit_id", "name"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    unit_id: int = Field(foreign_key="organisation.id", sa_type=BIG)
    name: str = Field(max_length=80)
    retired_at: datetime | None = None
