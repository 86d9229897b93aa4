"""Personal data that a case event speaks of, kept beside the chain and never inside it."""

from sqlalchemy import Text
from sqlmodel import Field, ForeignKeyConstraint, SQLModel

from models.base import BIG


class PrivateValue(SQLModel, table=True):
    """The event holds a salted digest of ``value`` only: erase the row, the chain holds."""

    __tablename__ = "private_value"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "seq"], ["case_event.case_id", "case_event.seq"]),
    )

    case_id: int = Field(primary_key=True, sa_type=BIG)
    seq: int = Field(primary_key=True)
    field: str = Field(primary_key=True, max_length=24)
    salt: str = Field(max_length=32)
    value: str = Field(sa_type=Text)
