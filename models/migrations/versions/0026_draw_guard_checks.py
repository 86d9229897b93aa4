"""draw guard checks

Mind before merging: ``alembic check`` sees neither enum values added to a CHECK nor triggers.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STR = sqlmodel.sql.sqltypes.AutoString
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "guard_check",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("number", _STR(length=40), nullable=False),
        sa.Column("period", _STR(length=7), nullable=False),
        sa.Column(
            "state",
            sa.Enum("committed", "drawn", "done", "published", name="state", native_enum=False,
                    length=24, create_constraint=True),
            nullable=False,
        ),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("commitment", _STR(length=64), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("secret", _STR(length=64), nullable=False),
        sa.Column("seed", _STR(length=64), nullable=False),
        sa.Column("frame_digest", _STR(length=64), nullable=False),
        sa.Column("frame_size", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("committed_at", _MOMENT(), nullable=False),
        sa.Column("drawn_at", _MOMENT(), nullable=True),
        sa.Column("published_at", _MOMENT(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", _STR(length=64), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_guard_check_has_history")),
        sa.CheckConstraint("share >= 1 AND share <= 100", name=op.f("ck_guard_check_share")),
        sa.CheckConstraint(
            "(seed = '') = (frame_digest = '')", name=op.f("ck_guard_check_drawn")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guard_check")),
        sa.UniqueConstraint("number", name=op.f("uq_guard_check_number")),
        sa.UniqueConstraint("period", name=op.f("uq_guard_check_period")),
    )  # fmt: skip
    op.create_table(
        "guard_visit",
        sa.Column("check_id", _BIG, nullable=False),
        sa.Column("record_id", _BIG, nullable=False),
        sa.Column("stratum", _STR(length=400), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("ticket", _STR(length=90), nullable=False),
        sa.Column(
            "identity",
            sa.Enum("match", "mismatch", "absent", name="identity", native_enum=False, length=24,
                    create_constraint=True),
            nullable=True,
        ),
        sa.Column("national_seen", sa.Boolean(), nullable=True),
        sa.Column("school_seen", sa.Boolean(), nullable=True),
        sa.Column("violations", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", _BIG, nullable=True),
        sa.Column("at", _MOMENT(), nullable=True),
        sa.Column("case_id", _BIG, nullable=True),
        sa.CheckConstraint(
            "(identity IS NULL) = (at IS NULL)", name=op.f("ck_guard_visit_found")
        ),
        sa.ForeignKeyConstraint(
            ["check_id"], ["guard_check.id"], name=op.f("fk_guard_visit_check_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["register_record.id"], name=op.f("fk_guard_visit_record_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_guard_visit_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_guard_visit_case_id")),
        sa.PrimaryKeyConstraint("check_id", "record_id", name=op.f("pk_guard_visit")),
    )  # fmt: skip
    op.create_index("ix_guard_visit_record", "guard_visit", ["record_id", "check_id"])


def downgrade() -> None:
    op.drop_table("guard_visit")
    op.drop_table("guard_check")
