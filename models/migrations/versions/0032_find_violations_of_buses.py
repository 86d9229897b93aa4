"""find violations of buses

Lists and sheets of violations read the latest days first, past all positions.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_bus_sighting_offence", "bus_sighting", ["on_day", "id"],
        sqlite_where=sa.text("offence"), postgresql_where=sa.text("offence"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_bus_sighting_offence", "bus_sighting")
