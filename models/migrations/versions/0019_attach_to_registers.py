"""attach to registers

Mind before merging: ``alembic check`` sees neither enum values added to a CHECK nor triggers.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STR = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "register_file",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("record_id", _BIG, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("sha256", _STR(length=64), nullable=False),
        sa.Column("view_sha256", _STR(length=64), nullable=False),
        sa.Column("media_type", _STR(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", _STR(length=200), nullable=False),
        sa.Column("by_id", _BIG, nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_register_file_not_empty")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_register_file_by_id")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["register_record.id"], name=op.f("fk_register_file_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_file")),
        sa.UniqueConstraint(
            "record_id", "sha256", name=op.f("uq_register_file_record_id_sha256")
        ),
    )  # fmt: skip
    op.create_index("ix_register_file_sha256", "register_file", ["sha256"])
    op.add_column("register_record", sa.Column("well_from", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("register_record", "well_from")
    op.drop_table("register_file")
