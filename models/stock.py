"""The stock of chemicals: the ledger of each record of that register, its counts, and where what
went out of it went: to another unit, or into a batch of waste.
"""

from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from models.base import BIG, choice
from rules.stock.entries import Act, Stand


class StockEntry(SQLModel, table=True):
    """A line of a chemical's ledger; ``amount`` in thousandths of its unit of measure.

    ``second_id`` signed or refused it, where the class of the chemical asks for two people;
    ``closing`` says why it was refused or cancelled. ``filing_no``: of a purchase that is filed.
    """

    __tablename__ = "stock_entry"
    __table_args__ = (
        CheckConstraint("amount > 0", name="some"),
        CheckConstraint("second_id IS NULL OR second_id <> by_id", name="two_people"),
        UniqueConstraint("record_id", "no"),
        Index(
            "ix_stock_entry_waiting", "record_id",
            sqlite_where=text("stand = 'waiting'"), postgresql_where=text("stand = 'waiting'"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    record_id: int = Field(foreign_key="register_record.id", sa_type=BIG)
    no: int
    act: Act = Field(sa_type=choice(Act, "act"))
    amount: int = Field(sa_type=BIG)
    stand: Stand = Field(sa_type=choice(Stand, "stand"))
    on_day: date
    reason: str = Field(default="", max_length=200)
    by_id: int = Field(foreign_key="person.id", sa_type=BIG)
    at: datetime
    second_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    second_at: datetime | None = None
    closing: str = Field(default="", max_length=200)
    filing_no: str = Field(default="", max_length=60)


class StockCount(SQLModel, table=True):
    """What was counted of a chemical, and what its ledger said then; both in thousandths.

    ``case_id`` is the case that a difference raised.
    """

    __tablename__ = "stock_count"
    __table_args__ = (
        CheckConstraint("counted >= 0 AND expected >= 0", name="not_less_than_nothing"),
        Index("ix_stock_count_record", "record_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    record_id: int = Field(foreign_key="register_record.id", sa_type=BIG)
    on_day: date
    counted: int = Field(sa_type=BIG)
    expected: int = Field(sa_type=BIG)
    by_id: int = Field(foreign_key="person.id", sa_type=BIG)
    at: datetime
    case_id: int | None = Field(default=None, foreign_key="cases.id", sa_type=BIG)


class StockTransfer(SQLModel, table=True):
    """Line ``no`` of a chemical's ledger sent to a unit, and the line it came in by there.

    ``declined_by_id`` would not take it, for the reason ``why``; ``case_id`` tells of what did not
    arrive.
    """

    __tablename__ = "stock_transfer"
    __table_args__ = (
        CheckConstraint("(into_id IS NULL) = (into_no IS NULL)", name="whole_end"),
        CheckConstraint("(declined_by_id IS NULL) = (declined_at IS NULL)", name="whole_refusal"),
        UniqueConstraint("record_id", "no"),
        UniqueConstraint("into_id", "into_no"),
        Index("ix_stock_transfer_unit", "to_unit_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG)
    record_id: int = Field(foreign_key="register_record.id", sa_type=BIG)
    no: int
    to_unit_id: int = Field(foreign_key="organisation.id", sa_type=BIG)
    permit_no: str = Field(default="", max_length=60)
    into_id: int | None = Field(default=None, foreign_key="register_record.id", sa_type=BIG)
    into_no: int | None = None
    declined_by_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    declined_at: datetime | None = None
    why: str = Field(default="", max_length=200)
    case_id: int | None = Field(default=None, foreign_key="cases.id", sa_type=BIG)


class StockWaste(SQLModel, table=True):
    """How much of line ``no`` of a chemical's ledger went into a batch of waste; thousandths."""

    __tablename__ = "stock_waste"
    __table_args__ = (
        CheckConstraint("amount > 0", name="some"),
        Index("ix_stock_waste_line", "record_id", "no"),
    )

    batch_id: int = Field(foreign_key="register_record.id", primary_key=True, sa_type=BIG)
    record_id: int = Field(foreign_key="register_record.id", primary_key=True, sa_type=BIG)
    no: int = Field(primary_key=True)
    amount: int = Field(sa_type=BIG)
    by_id: int = Field(foreign_key="person.id", sa_type=BIG)
    at: datetime
