"""Alembic's entry: runs over the connection that ``models.schema`` hands in."""

from alembic import context

from models import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,  # our SQLite begins explicitly, so its DDL rolls back too
)
with context.begin_transaction():
    context.run_migrations()
