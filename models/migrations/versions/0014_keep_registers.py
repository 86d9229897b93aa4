"""keep registers

Mind before merging: ``alembic check`` sees neither enum values added to a CHECK nor triggers.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STR = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "register_record",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("kind", _STR(length=24), nullable=False),
        sa.Column("unit_id", _BIG, nullable=False),
        sa.Column("cluster_id", _BIG, nullable=True),
        sa.Column("key", _STR(length=60), nullable=False),
        sa.Column("key_unit", _BIG, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("personal", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "retired", name="state", native_enum=False, length=24,
                    create_constraint=True),
            nullable=False,
        ),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("next_check_on", sa.Date(), nullable=True),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", _STR(length=64), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_register_record_has_history")),
        sa.CheckConstraint(
            "state = 'active' OR (next_check_on IS NULL AND expires_on IS NULL)",
            name=op.f("ck_register_record_retired_is_not_checked"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["organisation.id"], name=op.f("fk_register_record_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["organisation.id"], name=op.f("fk_register_record_cluster_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_record")),
        sa.UniqueConstraint(
            "kind", "key_unit", "key", name=op.f("uq_register_record_kind_key_unit_key")
        ),
    )  # fmt: skip
    _index("ix_register_record_unit", "unit_id", "kind", "id")
    _index("ix_register_record_cluster", "cluster_id", "kind", "id")
    _index("ix_register_record_check", "next_check_on", "id", where="next_check_on IS NOT NULL")
    _index("ix_register_record_expiry", "expires_on", "id", where="expires_on IS NOT NULL")
    op.create_table(
        "register_case",
        sa.Column("record_id", _BIG, nullable=False),
        sa.Column("rule", _STR(length=24), nullable=False),
        sa.Column("period", _STR(length=40), nullable=False),
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("raised_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["register_record.id"], name=op.f("fk_register_case_record_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_register_case_case_id")),
        sa.PrimaryKeyConstraint("record_id", "rule", "period", name=op.f("pk_register_case")),
    )
    op.create_index("ix_register_case_case", "register_case", ["case_id"])


def downgrade() -> None:
    op.drop_table("register_case")
    op.drop_table("register_record")


def _index(name: str, *columns: str, where: str = "") -> None:
    wheres = {f"{kind}_where": sa.text(where) for kind in ("sqlite", "postgresql") if where}
    op.create_index(name, "register_record", list(columns), **wheres)
