"""open duties

Duties, notices that are not about a case, and register cases watched until the record is put right.

Mind before merging: ``alembic check`` sees neither enum values added to a CHECK nor triggers.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STR = sqlmodel.sql.sqltypes.AutoString
_MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
_ABOUT = ("about_something", "(case_id IS NULL) = (unit_id IS NOT NULL)")
# Which the table that SQLite makes anew must be given again.
_CHECKS = (
    ("sent_when", "(state = 'sent') = (sent_at IS NOT NULL)"),
    ("state", "state IN ('waiting', 'sent', 'dead', 'dropped')"),
)


def upgrade() -> None:
    _create_duties()
    _let_notices_be_without_a_case()
    _watch_cases_of_registers()
    # A day long past: the next daily check looks at each once, and opens what runs out soon already.
    op.execute(
        "UPDATE register_record SET next_check_on = '2000-01-01' WHERE next_check_on IS NOT NULL"
    )


def _create_duties() -> None:
    op.create_table(
        "duty",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("kind", _STR(length=24), nullable=False),
        sa.Column("key", _STR(length=80), nullable=False),
        sa.Column("unit_id", _BIG, nullable=False),
        sa.Column("cluster_id", _BIG, nullable=True),
        sa.Column("person_id", _BIG, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("title_zh", _STR(length=200), nullable=False),
        sa.Column("title_en", _STR(length=200), nullable=False),
        sa.Column("link", _STR(length=1000), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "fulfilled", "waived", name="state", native_enum=False, length=24,
                    create_constraint=True),
            nullable=False,
        ),
        sa.Column("opened_at", _MOMENT(), nullable=False),
        sa.Column("ended_at", _MOMENT(), nullable=True),
        sa.Column("ended_by_id", _BIG, nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.Column("case_id", _BIG, nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", _STR(length=64), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_duty_has_history")),
        sa.CheckConstraint(
            "(state = 'open') = (ended_at IS NULL)", name=op.f("ck_duty_ended_when")
        ),
        sa.CheckConstraint(
            "state = 'open' OR next_on IS NULL", name=op.f("ck_duty_ended_is_not_chased")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_duty_case_id")),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["organisation.id"], name=op.f("fk_duty_cluster_id")
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_duty_ended_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duty_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["organisation.id"], name=op.f("fk_duty_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_duty_kind_key")),
    )  # fmt: skip
    _index("ix_duty_next", "duty", "next_on IS NOT NULL", "next_on", "id")
    _index("ix_duty_unit", "duty", "state = 'open'", "unit_id", "due_on", "id")
    _index("ix_duty_cluster", "duty", "state = 'open'", "cluster_id", "due_on", "id")
    _index("ix_duty_due", "duty", "state = 'open'", "due_on", "id")
    op.create_index("ix_duty_ended", "duty", ["unit_id", "ended_at"])


def _let_notices_be_without_a_case() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    kept = [sa.CheckConstraint(rule, name=op.f(f"ck_notice_{name}")) for name, rule in _CHECKS]
    with op.batch_alter_table("notice", table_args=kept if sqlite else ()) as batch_op:
        batch_op.add_column(sa.Column("unit_id", _BIG, nullable=True))
        batch_op.alter_column("case_id", existing_type=_BIG, nullable=True)
        batch_op.create_foreign_key(op.f("fk_notice_unit_id"), "organisation", ["unit_id"], ["id"])
        name, rule = _ABOUT
        batch_op.create_check_constraint(op.f(f"ck_notice_{name}"), rule)


def _watch_cases_of_registers() -> None:
    """What was closed before stays as it was decided."""
    op.add_column(
        "register_case",
        sa.Column("watched", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.execute(
        "UPDATE register_case SET watched = false "
        "WHERE case_id IN (SELECT id FROM cases WHERE state = 'closed')"
    )
    _index("ix_register_case_watched", "register_case", "watched", "case_id")


def _index(name: str, table: str, where: str, *columns: str) -> None:
    wheres = {f"{kind}_where": sa.text(where) for kind in ("sqlite", "postgresql")}
    op.create_index(name, table, list(columns), **wheres)


def downgrade() -> None:
    message = "notices without a case would be lost; restore a backup instead"
    raise NotImplementedError(message)
