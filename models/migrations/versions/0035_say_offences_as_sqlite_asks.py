"""say offences as SQLite asks for them

SQLite compares the terms of a query with those of a partial index: these said ``offence``, queries
ask for ``offence = 1``, and they were not used. PostgreSQL knows that both are the same.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_bus_sighting_record": (["record_id", "on_day"], "{}"),
    "ix_bus_sighting_offence": (["on_day", "id"], "{}"),
    "ix_bus_sighting_owed": (["on_day"], "{} AND bulletin_id IS NULL"),
}


def upgrade() -> None:
    _write_anew("offence = 1")


def downgrade() -> None:
    _write_anew("offence")


def _write_anew(offence: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for name, (columns, where) in _INDEXES.items():
        op.drop_index(name, "bus_sighting")
        op.create_index(name, "bus_sighting", columns, sqlite_where=sa.text(where.format(offence)))
