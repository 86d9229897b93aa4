"""hand in ledgers: what was uploaded on a page, and how its run stands

Mind before merging: ``alembic check`` sees neither enum values added to a CHECK nor triggers.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STR = sqlmodel.sql.sqltypes.AutoString
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "ledger_upload",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("token", _STR(length=40), nullable=False),
        sa.Column("by_id", _BIG, nullable=False),
        sa.Column("name", _STR(length=200), nullable=False),
        sa.Column("sha256", _STR(length=64), nullable=False),
        sa.Column("uploaded_at", _MOMENT(), nullable=False),
        sa.Column("unit", _STR(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "running", "ended", "failed", name="state", native_enum=False,
                    length=24, create_constraint=True),
            nullable=False,
        ),
        sa.Column("asked_at", _MOMENT(), nullable=False),
        sa.Column("landed", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("trouble", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_ledger_upload_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_upload")),
        sa.UniqueConstraint("token", name=op.f("uq_ledger_upload_token")),
    )  # fmt: skip
    op.create_index("ix_ledger_upload_by_id", "ledger_upload", ["by_id"])
    op.create_index("ix_ledger_upload_uploaded_at", "ledger_upload", ["uploaded_at"])


def downgrade() -> None:
    op.drop_table("ledger_upload")
