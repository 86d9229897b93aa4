"""count few

Indexes of the listed cases and of those an extension is asked for, so that counting them on every
home page does not read all that is open.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_FEW = {"ix_cases_listed": "listed", "ix_cases_asking": "extension_asked_by_id"}


def upgrade() -> None:
    for name, mark in _FEW.items():
        where = sa.text(f"{mark} IS NOT NULL AND due_at IS NOT NULL")
        op.create_index(
            name, "cases", ["due_at", "id", "cluster_id"],
            sqlite_where=where, postgresql_where=where,
        )  # fmt: skip


def downgrade() -> None:
    for name in _FEW:
        op.drop_index(name, "cases")
