"""issue documents

Mind before merging: ``alembic check`` sees neither enum values added to a CHECK nor triggers.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLE = "document"
KINDS = ("rectification", "supervision", "reinspection", "release", "lookback")
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", _BIG, nullable=False),
        sa.Column("number", _TEXT(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="kind", native_enum=False, length=24, create_constraint=True),
            nullable=False,
        ),
        sa.Column("case_id", _BIG, nullable=True),
        sa.Column("lookback_id", _BIG, nullable=True),
        sa.Column("token", _TEXT(length=32), nullable=False),
        sa.Column("receipt", _TEXT(length=120), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("issued_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("issued_by_id", _BIG, nullable=True),
        sa.CheckConstraint(
            "(case_id IS NULL) <> (lookback_id IS NULL)", name=op.f("ck_document_about_one_thing")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_document_case_id")),
        sa.ForeignKeyConstraint(
            ["lookback_id"], ["lookback.id"], name=op.f("fk_document_lookback_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_document_issued_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("number", name=op.f("uq_document_number")),
        sa.UniqueConstraint("token", name=op.f("uq_document_token")),
    )
    op.create_index(op.f("ix_document_case_id"), TABLE, ["case_id"])
    op.create_index(op.f("ix_document_lookback_id"), TABLE, ["lookback_id"])
    _write_once()


def _write_once() -> None:
    """Refuse UPDATE and DELETE, as 0002 does for the events of cases."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for event in ("UPDATE", "DELETE"):
        refuse = (
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} is written once'); END"
            if sqlite
            else "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
        )
        op.execute(
            f"CREATE TRIGGER {TABLE}_refuses_{event.lower()} BEFORE {event} ON {TABLE} {refuse}"
        )
    if not sqlite:
        op.execute(
            f"CREATE TRIGGER {TABLE}_refuses_truncate BEFORE TRUNCATE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
        )


def downgrade() -> None:
    message = "history is not given up; restore a backup instead"
    raise NotImplementedError(message)
