"""keep old secrets of webhooks: a secret that was changed signs on for a while

Mind before merging: ``alembic check`` sees neither enum values added to a CHECK nor triggers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    none = sa.Column("old_secrets", sa.JSON(), server_default="[]", nullable=False)
    op.add_column("webhook", none)


def downgrade() -> None:
    with op.batch_alter_table("webhook") as batch_op:
        batch_op.drop_column("old_secrets")
