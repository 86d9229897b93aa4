"""review records yearly

Who asked for a record's yearly review, what was decided, and by whom.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OPEN = sa.text("outcome IS NULL")
_OUTCOMES = ("passed", "conditional", "failed")


def upgrade() -> None:
    outcome = sa.Enum(
        *_OUTCOMES, name="outcome", native_enum=False, create_constraint=True, length=24
    )
    op.create_table(
        "register_review",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("record_id", _BIG, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", _BIG, nullable=True),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("outcome", outcome, nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by_id", _BIG, nullable=True),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("before", sa.Date(), nullable=True),
        sa.Column("case_id", _BIG, nullable=True),
        sa.CheckConstraint(
            "(outcome IS NULL) = (at IS NULL)", name=op.f("ck_register_review_decided")
        ),
        sa.CheckConstraint(
            "outcome IS NOT NULL OR asked_at IS NOT NULL", name=op.f("ck_register_review_asked")
        ),
        *(
            sa.ForeignKeyConstraint([column], [there], name=op.f(f"fk_register_review_{column}"))
            for column, there in (
                ("record_id", "register_record.id"), ("asked_by_id", "person.id"),
                ("by_id", "person.id"), ("case_id", "cases.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_review")),
    )  # fmt: skip
    op.create_index("ix_register_review_record", "register_review", ["record_id", "year", "id"])
    op.create_index(
        "uq_register_review_open", "register_review", ["record_id"], unique=True,
        sqlite_where=_OPEN, postgresql_where=_OPEN,
    )  # fmt: skip


def downgrade() -> None:
    message = "history is not given up; restore a backup instead"
    raise NotImplementedError(message)
