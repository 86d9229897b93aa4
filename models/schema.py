"""The schema of a database: bring it up to date, and say whether it is."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from models import METADATA
from models.engine import reading

_UPGRADING = 0x6269_6875_616E  # "bihuan"; SQLite's write lock serves the same end
_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run every migration that is missing, in one transaction; two at once do it once."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADING})
        command.upgrade(_config(connection), to)


def revision(engine: Engine) -> str | None:
    """Return the revision the database is at; None when it is empty."""
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """Return the revision this version of the product needs."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    if found is None:
        message = "no migrations are shipped"
        raise RuntimeError(message)
    return found


def drift(engine: Engine) -> list[str]:
    """Return what differs between the database and the models; empty when nothing does."""
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(each) for each in compare_metadata(context, METADATA)]


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
