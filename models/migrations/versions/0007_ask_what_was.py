"""ask what was

Indexes for lists as of a moment: what was open then, and whose level or unit changed later.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TURNS = sa.text("kind IN ('grade', 'transfer')")


def upgrade() -> None:
    op.create_index(
        "ix_cases_lived", "cases", ["closed_at", "reported_at", "cluster_id", "unit_id", "level"]
    )
    op.create_index(
        "ix_case_event_turns", "case_event", ["case_id", "kind", "at", "seq"],
        sqlite_where=_TURNS, postgresql_where=_TURNS,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_case_event_turns", "case_event")
    op.drop_index("ix_cases_lived", "cases")
