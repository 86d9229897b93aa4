"""adopt texts

Checklists, and whatever else is adopted as data, in one table.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STR = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "adopted_text",
        sa.Column("subject", _STR(length=24), nullable=False),
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("key", _STR(length=24), nullable=False),
        sa.Column("digest", _STR(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", _STR(length=500), nullable=False),
        sa.Column("adopted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("adopted_by_id", _BIG, nullable=True),
        sa.CheckConstraint("key <> '' AND digest <> ''", name=op.f("ck_adopted_text_named")),
        sa.ForeignKeyConstraint(
            ["adopted_by_id"], ["person.id"], name=op.f("fk_adopted_text_adopted_by_id")
        ),
        sa.PrimaryKeyConstraint("subject", "id", name=op.f("pk_adopted_text")),
    )
    op.create_index("ix_adopted_text_key", "adopted_text", ["subject", "key"])
    op.execute(
        "INSERT INTO adopted_text "
        "SELECT 'checklist', id, key, digest, text, '', adopted_at, adopted_by_id "
        "FROM inspection_checklist"
    )
    op.execute(
        "UPDATE number_series SET series = 'checklist' WHERE series = 'inspection_checklists'"
    )
    op.drop_table("inspection_checklist")


def downgrade() -> None:
    raise NotImplementedError
