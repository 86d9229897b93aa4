"""version report templates

Which text each filing was compiled by.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_STR = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    # '' says nothing of a text: what is frozen is not touched. The default is for those rows alone.
    op.add_column(
        "filing", sa.Column("template_digest", _STR(length=24), nullable=False, server_default="")
    )


def downgrade() -> None:
    message = "history is not given up; restore a backup instead"
    raise NotImplementedError(message)
