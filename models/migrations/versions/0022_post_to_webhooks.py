"""post to webhooks

Mind before merging: ``alembic check`` sees neither enum values added to a CHECK nor triggers.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STR = sqlmodel.sql.sqltypes.AutoString
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
STATES = ("active", "paused", "dead", "removed")


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("name", _STR(length=40), nullable=False),
        sa.Column("place_id", _BIG, nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("sealed_url", sa.Text(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("shown", _STR(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, length=24, create_constraint=True),
            nullable=False,
        ),
        sa.Column("cursor", _BIG, nullable=False),
        sa.Column("next_at", _MOMENT(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", _STR(length=500), nullable=False),
        sa.Column("lease_owner", _STR(length=80), nullable=False),
        sa.Column("lease_until", _MOMENT(), nullable=True),
        sa.Column("added_at", _MOMENT(), nullable=False),
        sa.Column("sent_at", _MOMENT(), nullable=True),
        sa.CheckConstraint("cursor >= 0", name=op.f("ck_webhook_counted_from_zero")),
        sa.CheckConstraint(
            "state <> 'removed' OR sealed_secret = ''",
            name=op.f("ck_webhook_removed_has_no_secret"),
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["organisation.id"], name=op.f("fk_webhook_place_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    _index("uq_webhook_name", "name", where="state <> 'removed'", unique=True)
    _index("ix_webhook_next", "next_at", "id", where="state = 'active'", unique=False)
    op.create_table(
        "webhook_receipt",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("webhook_id", _BIG, nullable=False),
        sa.Column("message", _STR(length=80), nullable=False),
        sa.Column("kind", _STR(length=40), nullable=False),
        sa.Column("leaf", _BIG, nullable=True),
        sa.Column("at", _MOMENT(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("detail", _STR(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_receipt_webhook_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_receipt")),
    )
    op.create_index("ix_webhook_receipt_hook", "webhook_receipt", ["webhook_id", "id"])
    with op.batch_alter_table("access_token") as tokens:  # one more scope fits
        tokens.alter_column("scope", existing_type=_STR(length=24), type_=_STR(length=80))


def downgrade() -> None:
    op.drop_table("webhook_receipt")
    op.drop_table("webhook")


def _index(name: str, *columns: str, where: str, unique: bool) -> None:
    wheres = {f"{kind}_where": sa.text(where) for kind in ("sqlite", "postgresql")}
    op.create_index(name, "webhook", list(columns), unique=unique, **wheres)
