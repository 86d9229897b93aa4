"""count stays

An index of the clocks that continue a stage, so that statistics find them among millions.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_CONTINUED = sa.text("cause IN ('grant_extension', 'grade', 'transfer', 'no_access')")


def upgrade() -> None:
    op.create_index(
        "ix_clock_continued", "clock", ["case_id"],
        sqlite_where=_CONTINUED, postgresql_where=_CONTINUED,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_clock_continued", "clock")
