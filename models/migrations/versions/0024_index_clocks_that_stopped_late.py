"""index clocks that stopped late

Mind before merging: ``alembic check`` sees neither enum values added to a CHECK nor triggers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    late = sa.text("stopped_at >= due_at")
    op.create_index(
        "ix_clock_stopped_late", "clock", ["case_id"], sqlite_where=late, postgresql_where=late
    )


def downgrade() -> None:
    op.drop_index("ix_clock_stopped_late", table_name="clock")
