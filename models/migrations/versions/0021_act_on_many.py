"""act on many: runs of a bulk action, and saved queries of the list of cases

Mind before merging: ``alembic check`` sees neither enum values added to a CHECK nor triggers.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STR = sqlmodel.sql.sqltypes.AutoString
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
_OLD, _NEW = "uq_saved_query_owner_id_name", "uq_saved_query_owner_id_page_name"


def upgrade() -> None:
    op.create_table(
        "bulk_run",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("by_id", _BIG, nullable=False),
        sa.Column("token", _STR(length=80), nullable=False),
        sa.Column("request", _STR(length=64), nullable=False),
        sa.Column("action", _STR(length=24), nullable=False),
        sa.Column("picks", sa.JSON(), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("at", _MOMENT(), nullable=False),
        sa.Column("ended_at", _MOMENT(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_bulk_run_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_run")),
        sa.UniqueConstraint("by_id", "token", name=op.f("uq_bulk_run_by_id_token")),
    )
    page = sa.Column("page", _STR(length=16), server_default="audit", nullable=False)
    with op.batch_alter_table("saved_query") as table:
        table.add_column(page)
        table.drop_constraint(op.f(_OLD), type_="unique")
        table.create_unique_constraint(op.f(_NEW), ["owner_id", "page", "name"])


def downgrade() -> None:
    op.execute("DELETE FROM saved_query WHERE page <> 'audit'")
    with op.batch_alter_table("saved_query") as table:
        table.drop_constraint(op.f(_NEW), type_="unique")
        table.create_unique_constraint(op.f(_OLD), ["owner_id", "name"])
        table.drop_column("page")
    op.drop_table("bulk_run")
