"""seal history

Mind before merging: ``alembic check`` sees neither enum values added to a CHECK nor triggers.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WRITTEN_ONCE = ("leaf", "tree_node", "checkpoint")
# Each table of events, and the columns that say whose event it is.
EVENTS = {
    "case_event": ("'case'", "case_id", "seq"),
    "record_event": ("subject", "subject_id", "seq"),
}
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "unsealed",
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("subject_id", _BIG, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "subject_id", "seq", name=op.f("pk_unsealed")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leaf",
        sa.Column("number", _BIG, autoincrement=False, nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("subject_id", _BIG, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_leaf_counted_from_zero")),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_leaf_hash_form")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_leaf")),
        sa.UniqueConstraint(
            "subject", "subject_id", "seq", name=op.f("uq_leaf_subject_subject_id_seq")
        ),
    )
    op.create_table(
        "tree_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", _BIG, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("level > 0 AND place >= 0", name=op.f("ck_tree_node_place_form")),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_tree_node_hash_form")),
        sa.PrimaryKeyConstraint("level", "place", name=op.f("pk_tree_node")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", _BIG, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_checkpoint_holds_something")),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoint")),
    )
    _write_once()
    _await_seals()


def _write_once() -> None:
    """Refuse UPDATE and DELETE, as 0002 does for the events of cases."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in WRITTEN_ONCE:
        for event in ("UPDATE", "DELETE"):
            refuse = (
                f"BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
                if sqlite
                else "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{event.lower()} BEFORE {event} ON {table} {refuse}"
            )
        if not sqlite:
            op.execute(
                f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
            )


def _await_seals() -> None:
    """Let every event, old and new, wait for its leaf."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, columns in EVENTS.items():
        op.execute(f"INSERT INTO unsealed SELECT {', '.join(columns)} FROM {table}")
        if sqlite:
            new = ", ".join(each if each[0] == "'" else f"NEW.{each}" for each in columns)
            op.execute(
                f"CREATE TRIGGER {table}_awaits_seal AFTER INSERT ON {table} "
                f"BEGIN INSERT INTO unsealed VALUES ({new}); END"
            )
            continue
        op.execute(
            f"CREATE FUNCTION {table}_awaits_seal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"INSERT INTO unsealed SELECT {', '.join(columns)} FROM fresh; RETURN NULL; END $$"
        )
        # Once a statement: many rows come by COPY.
        op.execute(
            f"CREATE TRIGGER {table}_awaits_seal AFTER INSERT ON {table} "
            "REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT "
            f"EXECUTE FUNCTION {table}_awaits_seal()"
        )


def downgrade() -> None:
    message = "history is not given up; restore a backup instead"
    raise NotImplementedError(message)
