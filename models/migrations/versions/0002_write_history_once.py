"""write history once

Events and steps refuse UPDATE and DELETE; a clock is never rewritten, only stopped, and once.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WRITTEN_ONCE = ("case_event", "clock_step")
_ALL_BUT_ITS_STOP = (
    'case_id, no, cycle, stage, started_at, due_at, "limit", cause, calendar, policy, estimated, '
    "asked_by_id, granted_by_id, reason"
)
_STOPPED = "OLD.stopped_at IS NOT NULL"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgresql()


def _upgrade_sqlite() -> None:
    for table in WRITTEN_ONCE:
        _refuse_sqlite(table, "UPDATE", "update")
    _refuse_sqlite("clock", f"UPDATE OF {_ALL_BUT_ITS_STOP}", "update")
    _refuse_sqlite("clock", "UPDATE OF stopped_at", "stop", f"WHEN {_STOPPED}")
    for table in (*WRITTEN_ONCE, "clock"):
        _refuse_sqlite(table, "DELETE", "delete")


def _refuse_sqlite(table: str, event: str, name: str, when: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER {table}_refuses_{name} BEFORE {event} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
    )


def _upgrade_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is written once', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in WRITTEN_ONCE:
        _refuse_postgresql(table, "UPDATE", "update", "ROW")
    _refuse_postgresql("clock", f"UPDATE OF {_ALL_BUT_ITS_STOP}", "update", "ROW")
    _refuse_postgresql("clock", "UPDATE OF stopped_at", "stop", f"ROW WHEN ({_STOPPED})")
    for table in (*WRITTEN_ONCE, "clock"):
        _refuse_postgresql(table, "DELETE", "delete", "ROW")
        _refuse_postgresql(table, "TRUNCATE", "truncate", "STATEMENT")


def _refuse_postgresql(table: str, event: str, name: str, each: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_refuses_{name} BEFORE {event} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION refuse_rewriting()"
    )


def downgrade() -> None:
    message = "history is not given up; restore a backup instead"
    raise NotImplementedError(message)
