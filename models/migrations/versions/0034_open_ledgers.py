"""open ledgers

A ledger of chemicals may begin with what was there already.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STR = sqlmodel.sql.sqltypes.AutoString
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
_BEFORE = ("purchase", "issue", "return", "dispose", "loss", "more", "less")
_ACTS = ("opening", *_BEFORE)


def upgrade() -> None:
    _allow(_ACTS)


def downgrade() -> None:
    op.execute("UPDATE stock_entry SET act = 'more' WHERE act = 'opening'")
    _allow(_BEFORE)


def _allow(acts: tuple[str, ...]) -> None:
    """Let ``act`` be these: SQLite makes the table anew for it."""
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("stock_entry", copy_from=_table(acts), recreate="always"):
            return
    said = ", ".join(f"'{act}'" for act in acts)
    name = op.f("ck_stock_entry_act")
    op.drop_constraint(name, "stock_entry", type_="check")
    op.create_check_constraint(name, "stock_entry", f"act IN ({said})")


def _table(acts: tuple[str, ...]) -> sa.Table:
    """Return the table as 0023 has it, but for what ``act`` may be."""
    enum = {"native_enum": False, "create_constraint": True, "length": 24}
    stands = ("waiting", "stands", "refused", "cancelled")
    return sa.Table(
        "stock_entry",
        sa.MetaData(),
        sa.Column("id", _BIG, nullable=False),
        sa.Column("record_id", _BIG, nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("act", sa.Enum(*acts, name=op.f("ck_stock_entry_act"), **enum), nullable=False),
        sa.Column("amount", _BIG, nullable=False),
        sa.Column(
            "stand", sa.Enum(*stands, name=op.f("ck_stock_entry_stand"), **enum), nullable=False
        ),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("reason", _STR(length=200), nullable=False),
        sa.Column("by_id", _BIG, nullable=False),
        sa.Column("at", _MOMENT(), nullable=False),
        sa.Column("second_id", _BIG, nullable=True),
        sa.Column("second_at", _MOMENT(), nullable=True),
        sa.Column("closing", _STR(length=200), nullable=False),
        sa.Column("filing_no", _STR(length=60), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_stock_entry_some")),
        sa.CheckConstraint(
            "second_id IS NULL OR second_id <> by_id", name=op.f("ck_stock_entry_two_people")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_stock_entry_by_id")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["register_record.id"], name=op.f("fk_stock_entry_record_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["person.id"], name=op.f("fk_stock_entry_second_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_entry")),
        sa.UniqueConstraint("record_id", "no", name=op.f("uq_stock_entry_record_id_no")),
        sa.Index("ix_stock_entry_waiting", "record_id", sqlite_where=sa.text("stand = 'waiting'")),
    )
