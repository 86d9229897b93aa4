"""keep the next step with its clock

A sweep that moved it in ``cases`` wrote a new version of the row into every index of that table.
And let a person set business time back, once it jumped by mistake.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OWED = sa.text("next_step_at IS NOT NULL")
_STEP = ("next_step", sqlmodel.sql.sqltypes.AutoString(length=24))
_AT = ("next_step_at", sqlmodel.sql.sqltypes.UTCDateTime())
_CHECKS = {
    "ck_clock_next_step_has_time": "(next_step IS NULL) = (next_step_at IS NULL)",
    "ck_clock_stopped_owes_nothing": "stopped_at IS NULL OR next_step_at IS NULL",
}
# A sweep gives a case a new seq and head, which no index holds: in a page with room the new version
# stays beside the old one and no index hears of it. A ledger's cases lie together and fall due
# together, so that half of a page may be written at once.
_ROOM_IN_PAGES = 50


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _add_to_sqlite()
    else:
        _add_to_postgresql()
    op.execute(
        "UPDATE clock SET next_step = cases.next_step, next_step_at = cases.next_step_at "
        "FROM cases WHERE cases.id = clock.case_id AND cases.clock_no = clock.no "
        "AND cases.next_step_at IS NOT NULL AND clock.stopped_at IS NULL"
    )
    op.create_index(
        "ix_clock_next_step", "clock", ["next_step_at", "case_id"],
        sqlite_where=_OWED, postgresql_where=_OWED,
    )  # fmt: skip
    op.drop_index("ix_cases_next_step", table_name="cases")
    op.drop_column("cases", "next_step")
    op.drop_column("cases", "next_step_at")
    _let_time_be_set_back()


def _add_to_sqlite() -> None:
    """Add the checks with their columns: a table made anew would lose its triggers.

    Each check on a line of its own, or SQLAlchemy does not find it again.
    """
    first, second = (f"\nCONSTRAINT {name} CHECK ({rule})\n" for name, rule in _CHECKS.items())
    op.execute("ALTER TABLE clock ADD COLUMN next_step VARCHAR(24)")
    op.execute(f"ALTER TABLE clock ADD COLUMN next_step_at DATETIME{first}{second}")


def _add_to_postgresql() -> None:
    for name, kind in (_STEP, _AT):
        op.add_column("clock", sa.Column(name, kind, nullable=True))
    for name, rule in _CHECKS.items():
        op.create_check_constraint(op.f(name), "clock", rule)
    op.execute(f"ALTER TABLE cases SET (fillfactor = {_ROOM_IN_PAGES})")


def _let_time_be_set_back() -> None:
    with op.batch_alter_table("sweep") as batch_op:
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column(
                "set_back_by_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.create_foreign_key(
            op.f("fk_sweep_set_back_by_id"), "person", ["set_back_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("sweep") as batch_op:
        batch_op.drop_constraint(op.f("fk_sweep_set_back_by_id"), type_="foreignkey")
        batch_op.drop_column("set_back_by_id")
        batch_op.drop_column("reason")
    for name, kind in (_STEP, _AT):
        op.add_column("cases", sa.Column(name, kind, nullable=True))
    op.execute(
        "UPDATE cases SET next_step = clock.next_step, next_step_at = clock.next_step_at "
        "FROM clock WHERE clock.case_id = cases.id AND clock.no = cases.clock_no"
    )
    op.create_index(
        "ix_cases_next_step", "cases", ["next_step_at", "id"],
        sqlite_where=_OWED, postgresql_where=_OWED,
    )  # fmt: skip
    op.drop_index("ix_clock_next_step", table_name="clock")
    op.drop_column("clock", "next_step_at")
    op.drop_column("clock", "next_step")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE cases RESET (fillfactor)")
