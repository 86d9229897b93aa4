"""keep filings

Mind before merging: ``alembic check`` sees neither enum values added to a CHECK nor triggers.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STR = sqlmodel.sql.sqltypes.AutoString
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
_FROZEN = (
    "(state = 'frozen') = (number IS NOT NULL) AND (state = 'frozen') = (frozen_at IS NOT NULL) "
    "AND (state = 'frozen') = (content <> '')"
)


def upgrade() -> None:
    op.create_table(
        "filing",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("template", _STR(length=24), nullable=False),
        sa.Column("period", _STR(length=24), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("level", _choice("level", "unit", "cluster", "committee"), nullable=False),
        sa.Column("unit_id", _BIG, nullable=False),
        sa.Column("cluster_id", _BIG, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", _choice("state", "draft", "checked", "frozen"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("as_of", _MOMENT(), nullable=False),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column("number", _STR(length=80), nullable=True),
        sa.Column("reason", _STR(length=500), nullable=False),
        sa.Column("signed_by_id", _BIG, nullable=True),
        sa.Column("frozen_at", _MOMENT(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", _STR(length=64), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_filing_has_history")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_filing_counted_from_one")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_filing_begins_first")),
        sa.CheckConstraint(_FROZEN, name=op.f("ck_filing_frozen_is_whole")),
        sa.CheckConstraint(
            "version = 1 OR reason <> ''", name=op.f("ck_filing_correction_has_a_reason")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["organisation.id"], name=op.f("fk_filing_unit_id")),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["organisation.id"], name=op.f("fk_filing_cluster_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["person.id"], name=op.f("fk_filing_signed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing")),
        sa.UniqueConstraint(
            "template", "period", "unit_id", "version",
            name=op.f("uq_filing_template_period_unit_id_version"),
        ),
        sa.UniqueConstraint("number", name=op.f("uq_filing_number")),
    )  # fmt: skip
    _index("ix_filing_open", "template", "period", "unit_id", where="state <> 'frozen'")
    _index("ix_filing_unit", "unit_id", "template", "last_day")
    _index("ix_filing_summed", "template", "period", "level", "cluster_id", "state")
    op.create_table(
        "filing_figure",
        sa.Column("filing_id", _BIG, nullable=False),
        sa.Column("key", _STR(length=24), nullable=False),
        sa.Column("computed", _BIG, nullable=True),
        sa.Column("typed", _BIG, nullable=True),
        sa.Column("value", _BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filing.id"], name=op.f("fk_filing_figure_filing_id")
        ),
        sa.PrimaryKeyConstraint("filing_id", "key", name=op.f("pk_filing_figure")),
    )
    if op.get_bind().dialect.name == "sqlite":
        _freeze_on_sqlite()
    else:
        _freeze_on_postgresql()


def _freeze_on_sqlite() -> None:
    """What is frozen, is never changed; what is not, may be: 0002 does the same for clocks."""
    refuse = "BEGIN SELECT RAISE(ABORT, '{} is written once'); END"
    filing, figure = refuse.format("filing"), refuse.format("filing_figure")
    op.execute(
        "CREATE TRIGGER filing_refuses_update BEFORE UPDATE ON filing "
        f"WHEN old.state = 'frozen' {filing}"
    )
    op.execute(f"CREATE TRIGGER filing_refuses_delete BEFORE DELETE ON filing {filing}")
    for event, row in (("INSERT", "new"), ("UPDATE", "old"), ("DELETE", "old")):
        op.execute(
            f"CREATE TRIGGER filing_figure_refuses_{event.lower()} BEFORE {event} ON filing_figure "
            f"WHEN (SELECT state FROM filing WHERE id = {row}.filing_id) = 'frozen' {figure}"
        )


def _freeze_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_frozen_figure() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN IF (SELECT state FROM filing WHERE id = "
        "CASE TG_OP WHEN 'INSERT' THEN NEW.filing_id ELSE OLD.filing_id END) = 'frozen' THEN "
        "RAISE EXCEPTION '% is written once', TG_TABLE_NAME; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    refuse = "EXECUTE FUNCTION refuse_rewriting()"
    op.execute(
        "CREATE TRIGGER filing_refuses_update BEFORE UPDATE ON filing "
        f"FOR EACH ROW WHEN (OLD.state = 'frozen') {refuse}"
    )
    op.execute(
        f"CREATE TRIGGER filing_refuses_delete BEFORE DELETE ON filing FOR EACH ROW {refuse}"
    )
    op.execute(
        "CREATE TRIGGER filing_figure_refuses BEFORE INSERT OR UPDATE OR DELETE ON filing_figure "
        "FOR EACH ROW EXECUTE FUNCTION refuse_frozen_figure()"
    )
    for table in ("filing", "filing_figure"):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT {refuse}"
        )


def downgrade() -> None:
    message = "history is not given up; restore a backup instead"
    raise NotImplementedError(message)


def _choice(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=24, create_constraint=True)


def _index(name: str, *columns: str, where: str = "") -> None:
    wheres = {f"{kind}_where": sa.text(where) for kind in ("sqlite", "postgresql") if where}
    op.create_index(name, "filing", list(columns), unique=bool(where), **wheres)
