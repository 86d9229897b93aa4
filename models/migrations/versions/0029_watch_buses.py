"""watch buses

What is seen of school buses on the road, vetoes, daily bulletins, and the cases raised.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bus_bulletin",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("violations", sa.Integer(), nullable=False),
        sa.Column("buses", sa.Integer(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bus_bulletin")),
        sa.UniqueConstraint("number", name=op.f("uq_bus_bulletin_number")),
        sa.UniqueConstraint("on_day", name=op.f("uq_bus_bulletin_on_day")),
    )
    op.create_table(
        "bus_sighting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("external_id", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("plate", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "position",
                "violation",
                name="seen",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "road",
            sa.Enum(
                "expressway",
                "ordinary",
                "special",
                name="road",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("speed", sa.Integer(), nullable=True),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("penalty_on", sa.Date(), nullable=True),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "fault",
            sa.Enum(
                "outside",
                "off_day",
                "vetoed",
                name="fault",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("offence", sa.Boolean(), nullable=False),
        sa.Column(
            "bulletin_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "speed IS NULL OR (speed >= 0 AND speed <= 300)", name=op.f("ck_bus_sighting_speed")
        ),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bus_bulletin.id"], name=op.f("fk_bus_sighting_bulletin_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["register_record.id"], name=op.f("fk_bus_sighting_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bus_sighting")),
        sa.UniqueConstraint(
            "source", "external_id", name=op.f("uq_bus_sighting_source_external_id")
        ),
    )
    with op.batch_alter_table("bus_sighting", schema=None) as batch_op:
        batch_op.create_index("ix_bus_sighting_day", ["on_day", "kind"], unique=False)
        batch_op.create_index(
            "ix_bus_sighting_owed",
            ["on_day"],
            unique=False,
            sqlite_where=sa.text("offence AND bulletin_id IS NULL"),
            postgresql_where=sa.text("offence AND bulletin_id IS NULL"),
        )
        batch_op.create_index(
            "ix_bus_sighting_record",
            ["record_id", "on_day"],
            unique=False,
            sqlite_where=sa.text("offence"),
            postgresql_where=sa.text("offence"),
        )

    op.create_table(
        "bus_case",
        sa.Column(
            "record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("vetoed", sa.Boolean(), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("raised_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_bus_case_case_id")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["register_record.id"], name=op.f("fk_bus_case_record_id")
        ),
        sa.PrimaryKeyConstraint("record_id", "on_day", "vetoed", name=op.f("pk_bus_case")),
    )
    op.create_table(
        "bus_veto",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lifted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column(
            "lifted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("lifted_why", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL)", name=op.f("ck_bus_veto_lifted")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_bus_veto_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_bus_veto_case_id")),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["person.id"], name=op.f("fk_bus_veto_lifted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["register_record.id"], name=op.f("fk_bus_veto_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bus_veto")),
    )
    with op.batch_alter_table("bus_veto", schema=None) as batch_op:
        batch_op.create_index(
            "ix_bus_veto_stands",
            ["record_id"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("bus_veto")
    op.drop_table("bus_case")
    op.drop_table("bus_sighting")
    op.drop_table("bus_bulletin")
