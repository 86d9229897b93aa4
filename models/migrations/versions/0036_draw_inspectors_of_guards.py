"""draw inspectors of guards

Who was drawn to check the guards of which unit, and on which day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "guard_inspector",
        sa.Column("check_id", _BIG, nullable=False),
        sa.Column("unit_id", _BIG, nullable=False),
        sa.Column("person_id", _BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"], ["guard_check.id"], name=op.f("fk_guard_inspector_check_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_guard_inspector_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["organisation.id"], name=op.f("fk_guard_inspector_unit_id")
        ),
        sa.PrimaryKeyConstraint(
            "check_id", "unit_id", "person_id", name=op.f("pk_guard_inspector")
        ),
    )
    op.create_index("ix_guard_inspector_person_id", "guard_inspector", ["person_id"])


def downgrade() -> None:
    message = "history is not given up; restore a backup instead"
    raise NotImplementedError(message)
