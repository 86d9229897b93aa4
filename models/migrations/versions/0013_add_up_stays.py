"""add up stays

Every case that is closed waits to be added; the next seal or ``bihuan audit index`` does it.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sqlmodel.sql.sqltypes.AutoString
_DIMENSIONS = ("unit", "cluster", "category", "level", "month")
_STAGES = ("plan", "approval", "rectification", "verification", "close_out")
_LEVELS = ("ordinary", "major")


def _choice(name: str, words: tuple[str, ...], constraint: str) -> sa.Column[str]:
    kind = sa.Enum(*words, name=constraint, native_enum=False, length=24, create_constraint=True)
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    op.create_table(
        "stay_tally",
        _choice("dimension", _DIMENSIONS, "dimension"),
        sa.Column("key", _TEXT(length=24), nullable=False),
        _choice("stage", _STAGES, "stage"),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "dimension", "key", "stage", "days", "late", name=op.f("pk_stay_tally")
        ),
    )
    op.create_table(
        "case_tally",
        _choice("dimension", _DIMENSIONS, "dimension"),
        sa.Column("key", _TEXT(length=24), nullable=False),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.Column("relapsed", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("latest", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint(
            "dimension", "key", "voided", "relapsed", name=op.f("pk_case_tally")
        ),
    )
    op.create_table(
        "tally_pending",
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("sign", sa.Integer(), nullable=False),
        sa.Column("clock_no", sa.Integer(), nullable=False),
        sa.Column("unit_id", _BIG, nullable=False),
        sa.Column("cluster_id", _BIG, nullable=True),
        _choice("level", _LEVELS, "level"),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.CheckConstraint("sign IN (-1, 1)", name=op.f("ck_tally_pending_adds_or_takes")),
        sa.PrimaryKeyConstraint("case_id", "seq", "sign", name=op.f("pk_tally_pending")),
    )
    op.execute(
        "INSERT INTO tally_pending (case_id, seq, sign, clock_no, unit_id, cluster_id, level, "
        "voided, cycle) SELECT id, seq, 1, clock_no, unit_id, cluster_id, level, voided, cycle "
        "FROM cases WHERE closed_at IS NOT NULL"
    )


def downgrade() -> None:
    message = "history is not given up; restore a backup instead"
    raise NotImplementedError(message)
