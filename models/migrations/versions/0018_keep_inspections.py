"""keep inspections

Mind before merging: ``alembic check`` sees neither enum values added to a CHECK nor triggers.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STR = sqlmodel.sql.sqltypes.AutoString
_AT = sqlmodel.sql.sqltypes.UTCDateTime()
_WRITTEN_ONCE = ("inspection_record", "inspection_signature")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, length=24, create_constraint=True)


def upgrade() -> None:
    op.create_table(
        "inspection_checklist",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("key", _STR(length=24), nullable=False),
        sa.Column("digest", _STR(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("adopted_at", _AT, nullable=False),
        sa.Column("adopted_by_id", _BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["adopted_by_id"], ["person.id"], name=op.f("fk_inspection_checklist_adopted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_checklist")),
    )
    op.create_index("ix_inspection_checklist_digest", "inspection_checklist", ["digest"])
    op.create_index("ix_inspection_checklist_key", "inspection_checklist", ["key"])

    op.create_table(
        "inspection_plan",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("number", _STR(length=40), nullable=False),
        sa.Column("title", _STR(length=120), nullable=False),
        sa.Column(
            "kind",
            _words("kind", "self", "special", "spot", "mutual", "supervisory", "joint", "external"),
            nullable=False,
        ),
        sa.Column("cadence", _STR(length=24), nullable=False),
        sa.Column("place_id", _BIG, nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column(
            "state",
            _words("state", "active", "withdrawn"),
            nullable=False,
        ),
        sa.Column("planned_at", _AT, nullable=False),
        sa.Column("planned_by_id", _BIG, nullable=True),
        sa.Column("done_until", sa.Date(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", _STR(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["organisation.id"], name=op.f("fk_inspection_plan_place_id")
        ),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["person.id"], name=op.f("fk_inspection_plan_planned_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_plan")),
        sa.UniqueConstraint("number", name=op.f("uq_inspection_plan_number")),
    )
    op.create_index("ix_inspection_plan_place_id", "inspection_plan", ["place_id"])

    op.create_table(
        "inspection_draw",
        sa.Column("plan_id", _BIG, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("period", _STR(length=40), nullable=False),
        sa.Column("number", _STR(length=80), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("commitment", _STR(length=64), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("secret", _STR(length=64), nullable=False),
        sa.Column("committed_at", _AT, nullable=False),
        sa.Column("frame", sa.JSON(), nullable=False),
        sa.Column("frame_digest", _STR(length=64), nullable=False),
        sa.Column("seed", _STR(length=64), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("drawn_at", _AT, nullable=True),
        sa.Column("impossible", sa.JSON(), nullable=False),
        sa.Column("published_at", _AT, nullable=True),
        sa.CheckConstraint(
            "(drawn_at IS NULL) = (seed = '')", name=op.f("ck_inspection_draw_drawn_by_a_seed")
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR drawn_at IS NOT NULL",
            name=op.f("ck_inspection_draw_published_once_drawn"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["inspection_plan.id"], name=op.f("fk_inspection_draw_plan_id")
        ),
        sa.PrimaryKeyConstraint("plan_id", "line", "period", name=op.f("pk_inspection_draw")),
        sa.UniqueConstraint("number", name=op.f("uq_inspection_draw_number")),
    )
    op.create_table(
        "inspection_task",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("number", _STR(length=40), nullable=False),
        sa.Column("plan_id", _BIG, nullable=True),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("period", _STR(length=40), nullable=False),
        sa.Column("title", _STR(length=200), nullable=False),
        sa.Column("unit_id", _BIG, nullable=False),
        sa.Column("cluster_id", _BIG, nullable=True),
        sa.Column("responsible_id", _BIG, nullable=False),
        sa.Column("lead_id", _BIG, nullable=True),
        sa.Column("checklist", _STR(length=24), nullable=False),
        sa.Column(
            "kind",
            _words("kind", "self", "special", "spot", "mutual", "supervisory", "joint", "external"),
            nullable=False,
        ),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            _words("state", "open", "awaiting", "recorded", "dropped"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("normal", sa.Integer(), nullable=False),
        sa.Column("hazards", sa.Integer(), nullable=False),
        sa.Column("recorded_at", _AT, nullable=True),
        sa.Column(
            "head_word",
            _words("head_word", "signed", "refused"),
            nullable=True,
        ),
        sa.Column("inspection_id", _BIG, nullable=True),
        sa.Column("draft", sa.JSON(), nullable=True),
        sa.Column("draft_by_id", _BIG, nullable=True),
        sa.Column("draft_at", _AT, nullable=True),
        sa.Column("opened_at", _AT, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", _STR(length=64), nullable=False),
        sa.CheckConstraint(
            "(state = 'recorded') = (recorded_at IS NOT NULL)",
            name=op.f("ck_inspection_task_recorded_at"),
        ),
        sa.CheckConstraint(
            "state <> 'recorded' OR version >= 1",
            name=op.f("ck_inspection_task_recorded_has_a_record"),
        ),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["organisation.id"], name=op.f("fk_inspection_task_cluster_id")
        ),
        sa.ForeignKeyConstraint(
            ["draft_by_id"], ["person.id"], name=op.f("fk_inspection_task_draft_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_task_inspection_id")
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["person.id"], name=op.f("fk_inspection_task_lead_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["inspection_plan.id"], name=op.f("fk_inspection_task_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["organisation.id"], name=op.f("fk_inspection_task_responsible_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["organisation.id"], name=op.f("fk_inspection_task_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_task")),
        sa.UniqueConstraint("number", name=op.f("uq_inspection_task_number")),
        sa.UniqueConstraint(
            "plan_id",
            "line",
            "period",
            "unit_id",
            name=op.f("uq_inspection_task_plan_id_line_period_unit_id"),
        ),
    )
    op.create_index(
        "ix_inspection_task_cluster", "inspection_task", ["cluster_id", "state", "due_on", "id"]
    )
    op.create_index("ix_inspection_task_state", "inspection_task", ["state", "due_on", "id"])
    op.create_index(
        "ix_inspection_task_unit", "inspection_task", ["unit_id", "state", "due_on", "id"]
    )

    op.create_table(
        "inspection_case",
        sa.Column("task_id", _BIG, nullable=False),
        sa.Column("item", _STR(length=24), nullable=False),
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("place", _STR(length=200), nullable=False),
        sa.Column("linked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_inspection_case_case_id")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["inspection_task.id"], name=op.f("fk_inspection_case_task_id")
        ),
        sa.PrimaryKeyConstraint("task_id", "item", name=op.f("pk_inspection_case")),
    )
    op.create_index("ix_inspection_case_case", "inspection_case", ["case_id"])

    op.create_table(
        "inspection_record",
        sa.Column("task_id", _BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("checklist", _STR(length=24), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column(
            "mode",
            _words("mode", "surprise", "open", "covert"),
            nullable=False,
        ),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", _AT, nullable=False),
        sa.Column("recorded_by_id", _BIG, nullable=True),
        sa.CheckConstraint(
            "participants >= 0", name=op.f("ck_inspection_record_participants_counted")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_inspection_record_counted_from_one")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_inspection_record_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["inspection_task.id"], name=op.f("fk_inspection_record_task_id")
        ),
        sa.PrimaryKeyConstraint("task_id", "version", name=op.f("pk_inspection_record")),
    )
    op.create_table(
        "inspection_team",
        sa.Column("task_id", _BIG, nullable=False),
        sa.Column("person_id", _BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_inspection_team_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["inspection_task.id"], name=op.f("fk_inspection_team_task_id")
        ),
        sa.PrimaryKeyConstraint("task_id", "person_id", name=op.f("pk_inspection_team")),
    )
    op.create_index("ix_inspection_team_person", "inspection_team", ["person_id", "task_id"])

    op.create_table(
        "inspection_signature",
        sa.Column("task_id", _BIG, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "part",
            _words("part", "inspector", "head"),
            nullable=False,
        ),
        sa.Column(
            "word",
            _words("word", "signed", "refused"),
            nullable=False,
        ),
        sa.Column("person_id", _BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.CheckConstraint(
            "word = 'signed' OR reason <> ''",
            name=op.f("ck_inspection_signature_a_refusal_has_its_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_inspection_signature_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id", "version"],
            ["inspection_record.task_id", "inspection_record.version"],
            name=op.f("fk_inspection_signature_task_id_version"),
        ),
        sa.PrimaryKeyConstraint(
            "task_id", "version", "position", name=op.f("pk_inspection_signature")
        ),
        sa.UniqueConstraint(
            "task_id",
            "version",
            "part",
            "person_id",
            name=op.f("uq_inspection_signature_task_id_version_part_person_id"),
        ),
    )
    for table in _WRITTEN_ONCE:
        _write_once(table)


def _write_once(table: str) -> None:
    """Refuse UPDATE and DELETE, as 0002 does for the events of cases."""
    sqlite = op.get_bind().dialect.name == "sqlite"
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


def downgrade() -> None:
    message = "history is not given up; restore a backup instead"
    raise NotImplementedError(message)
