"""search cases

Every case that is there waits to be indexed; the next search or ``bihuan audit index`` does it.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "case_text",
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_text_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_text")),
    )
    op.create_table(
        "case_text_pending",
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_case_text_pending")),
    )
    op.create_table(
        "saved_query",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("owner_id", _BIG, nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_saved_query_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_query")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_saved_query_owner_id_name")),
    )
    op.create_index(op.f("ix_saved_query_shared"), "saved_query", ["shared"])
    _index("cases", "ix_cases_found", "found_on", "id")
    _index("case_event", "ix_case_event_actor", "actor_id", "case_id", where="actor_id IS NOT NULL")
    _keep_grams()
    op.execute("INSERT INTO case_text_pending (case_id, seq) SELECT id, seq FROM cases")


def _index(table: str, name: str, *columns: str, where: str = "") -> None:
    wheres = {f"{kind}_where": sa.text(where) for kind in ("sqlite", "postgresql") if where}
    op.create_index(name, table, list(columns), **wheres)


def _keep_grams() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # The grams narrow and the folded text decides, so neither text nor positions are kept.
        # The tokenizer parts at ASCII that is no letter or digit: grams hold none of that.
        op.execute(
            "CREATE VIRTUAL TABLE case_text_index USING fts5("
            "grams, content='', contentless_delete=1, detail=none, tokenize='ascii')"
        )
        return
    op.execute("CREATE TABLE case_text_index (case_id bigint PRIMARY KEY, grams tsvector NOT NULL)")
    # The grams lie beside the rows, so that reading many ids reads few pages.
    op.execute("ALTER TABLE case_text_index ALTER grams SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE case_text_index SET (toast_tuple_target = 128)")
    op.execute("CREATE INDEX ix_case_text_index ON case_text_index USING gin (grams)")


def downgrade() -> None:
    message = "history is not given up; restore a backup instead"
    raise NotImplementedError(message)
