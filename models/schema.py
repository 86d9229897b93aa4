"""The schema of a database: bring it up to date, and say whether it is.

Alembic is loaded only where it migrates or compares: every command asks for the revision, and
loading Alembic would take longer than most of them.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from models import METADATA
from models.engine import reading

if TYPE_CHECKING:
    from alembic.config import Config

_UPGRADING = 0x6269_6875_616E  # "bihuan"; SQLite's write lock serves the same end
_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run every migration that is missing, in one transaction; two at once do it once."""
    from alembic import command  # noqa: PLC0415 — see above

    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADING})
        command.upgrade(_config(connection), to)


def revision(engine: Engine) -> str | None:
    """Return the revision the database is at; None when it is empty."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def newest() -> str:
    """Return the revision this version of the product needs: migrations are numbered files."""
    return max(path.name.partition("_")[0] for path in _MIGRATIONS.glob("versions/[0-9]*.py"))


def drift(engine: Engine) -> list[str]:
    """Return what differs between the database and the models; empty when nothing does."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 — see above
    from alembic.migration import MigrationContext  # noqa: PLC0415 — see above

    with reading(engine) as connection:
        opts = {"compare_type": True, "include_name": _is_modelled}
        context = MigrationContext.configure(connection, opts=opts)
        return [str(each) for each in compare_metadata(context, METADATA)]


def _is_modelled(name: str | None, kind: str, _parents: object) -> bool:
    """Whether the models know of it: the grams, and what FTS5 keeps of them, are the database's."""
    return kind != "table" or not (name or "").startswith("case_text_index")


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 — see above

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
