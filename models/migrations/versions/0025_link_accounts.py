"""link accounts

Mind before merging: ``alembic check`` sees neither enum values added to a CHECK nor triggers.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STR = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "account_link",
        sa.Column("issuer", _STR(length=200), nullable=False),
        sa.Column("subject", _STR(length=255), nullable=False),
        sa.Column("person_id", _BIG, nullable=False),
        sa.Column("linked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["account.person_id"], name=op.f("fk_account_link_person_id")
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_account_link")),
        sa.UniqueConstraint("person_id", "issuer", name=op.f("uq_account_link_person_id_issuer")),
    )


def downgrade() -> None:
    op.drop_table("account_link")
