"""pass stock on

Where what went out of a ledger went: to another unit, or into a batch of waste.
"""

from importlib import import_module

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STR = sqlmodel.sql.sqltypes.AutoString
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
_ACTS = (
    "opening", "purchase", "issue", "return", "dispose", "loss", "more", "less", "send", "receive",
)  # fmt: skip


def upgrade() -> None:
    # The table is as 0034 left it, but for what a line may be.
    before = import_module("models.migrations.versions.0034_open_ledgers")
    before._allow(_ACTS)  # noqa: SLF001 — it has landed, and stays as it is
    _transfers()
    _wastes()


def downgrade() -> None:
    message = "history is not given up; restore a backup instead"
    raise NotImplementedError(message)


def _transfers() -> None:
    op.create_table(
        "stock_transfer",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("record_id", _BIG, nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("to_unit_id", _BIG, nullable=False),
        sa.Column("permit_no", _STR(length=60), nullable=False),
        sa.Column("into_id", _BIG, nullable=True),
        sa.Column("into_no", sa.Integer(), nullable=True),
        sa.Column("declined_by_id", _BIG, nullable=True),
        sa.Column("declined_at", _MOMENT(), nullable=True),
        sa.Column("why", _STR(length=200), nullable=False),
        sa.Column("case_id", _BIG, nullable=True),
        sa.CheckConstraint(
            "(into_id IS NULL) = (into_no IS NULL)", name=op.f("ck_stock_transfer_whole_end")
        ),
        sa.CheckConstraint(
            "(declined_by_id IS NULL) = (declined_at IS NULL)",
            name=op.f("ck_stock_transfer_whole_refusal"),
        ),
        _refers("stock_transfer", "record_id", "register_record.id"),
        _refers("stock_transfer", "to_unit_id", "organisation.id"),
        _refers("stock_transfer", "into_id", "register_record.id"),
        _refers("stock_transfer", "declined_by_id", "person.id"),
        _refers("stock_transfer", "case_id", "cases.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_transfer")),
        sa.UniqueConstraint("record_id", "no", name=op.f("uq_stock_transfer_record_id_no")),
        sa.UniqueConstraint("into_id", "into_no", name=op.f("uq_stock_transfer_into_id_into_no")),
    )
    op.create_index("ix_stock_transfer_unit", "stock_transfer", ["to_unit_id", "id"])


def _wastes() -> None:
    op.create_table(
        "stock_waste",
        sa.Column("batch_id", _BIG, nullable=False),
        sa.Column("record_id", _BIG, nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("amount", _BIG, nullable=False),
        sa.Column("by_id", _BIG, nullable=False),
        sa.Column("at", _MOMENT(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_stock_waste_some")),
        _refers("stock_waste", "batch_id", "register_record.id"),
        _refers("stock_waste", "record_id", "register_record.id"),
        _refers("stock_waste", "by_id", "person.id"),
        sa.PrimaryKeyConstraint("batch_id", "record_id", "no", name=op.f("pk_stock_waste")),
    )
    op.create_index("ix_stock_waste_line", "stock_waste", ["record_id", "no"])


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))
