"""keep assessments

Mind before merging: ``alembic check`` sees neither enum values added to a CHECK nor triggers.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STR = sqlmodel.sql.sqltypes.AutoString
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
_FROZEN = (
    "(stage = 'frozen') = (number IS NOT NULL) AND (stage = 'frozen') = (frozen_at IS NOT NULL) "
    "AND (stage = 'frozen') = (content <> '')"
)
_STAGES = ("school", "cluster", "committee", "frozen")


def upgrade() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("sheet", _STR(length=24), nullable=False),
        sa.Column("sheet_version", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", _BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stage", _choice("stage", *_STAGES), nullable=False),
        sa.Column("as_of", _MOMENT(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("automatic", sa.Integer(), nullable=False),
        sa.Column("result", _choice("result", "passed", "failed", "vetoed"), nullable=False),
        sa.Column("number", _STR(length=80), nullable=True),
        sa.Column("reason", _STR(length=500), nullable=False),
        sa.Column("signatures", sa.JSON(), nullable=False),
        sa.Column("frozen_at", _MOMENT(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", _STR(length=64), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_assessment_has_history")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_assessment_counted_from_one")),
        sa.CheckConstraint(
            "points >= 0 AND automatic >= 0", name=op.f("ck_assessment_not_below_zero")
        ),
        sa.CheckConstraint(_FROZEN, name=op.f("ck_assessment_frozen_is_whole")),
        sa.CheckConstraint(
            "version = 1 OR reason <> ''", name=op.f("ck_assessment_correction_has_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["organisation.id"], name=op.f("fk_assessment_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint(
            "sheet", "year", "unit_id", "version",
            name=op.f("uq_assessment_sheet_year_unit_id_version"),
        ),
        sa.UniqueConstraint("number", name=op.f("uq_assessment_number")),
    )  # fmt: skip
    still_open = sa.text("stage <> 'frozen'")
    op.create_index(
        "ix_assessment_open", "assessment", ["sheet", "year", "unit_id"], unique=True,
        sqlite_where=still_open, postgresql_where=still_open,
    )  # fmt: skip
    op.create_index("ix_assessment_unit", "assessment", ["unit_id", "sheet", "year"])
    _freeze()


def _freeze() -> None:
    """What is frozen is never changed, and none is ever deleted, as with filings (0017)."""
    if op.get_bind().dialect.name == "sqlite":
        refuse = "BEGIN SELECT RAISE(ABORT, 'assessment is written once'); END"
        op.execute(
            "CREATE TRIGGER assessment_refuses_update BEFORE UPDATE ON assessment "
            f"WHEN old.stage = 'frozen' {refuse}"
        )
        op.execute(f"CREATE TRIGGER assessment_refuses_delete BEFORE DELETE ON assessment {refuse}")
        return
    refuse = "EXECUTE FUNCTION refuse_rewriting()"
    op.execute(
        "CREATE TRIGGER assessment_refuses_update BEFORE UPDATE ON assessment "
        f"FOR EACH ROW WHEN (OLD.stage = 'frozen') {refuse}"
    )
    op.execute(
        "CREATE TRIGGER assessment_refuses_delete BEFORE DELETE ON assessment "
        f"FOR EACH ROW {refuse}"
    )
    op.execute(
        "CREATE TRIGGER assessment_refuses_truncate BEFORE TRUNCATE ON assessment "
        f"FOR EACH STATEMENT {refuse}"
    )


def downgrade() -> None:
    message = "history is not given up; restore a backup instead"
    raise NotImplementedError(message)


def _choice(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=24, create_constraint=True)
