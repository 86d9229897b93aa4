"""From nothing to the newest revision, wholly or not at all, and the same as the models say."""

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from models import METADATA, schema
from tests.conftest import opened

NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')",
    "postgresql": "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = "
    "'public'::regnamespace UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}
# What the last statements of 0002 create, so that it fails after having done the rest.
IN_THE_WAY = {
    "sqlite": "CREATE TRIGGER clock_refuses_delete BEFORE DELETE ON clock BEGIN SELECT 1; END",
    "postgresql": "CREATE TRIGGER clock_refuses_truncate BEFORE TRUNCATE ON clock "
    "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
}


@pytest.fixture
def bare_engine(bare_database):
    with opened(bare_database) as engine:
        yield engine


def run(engine, statement):
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)


def names_in(engine):
    """Tables and triggers that are there."""
    with engine.connect() as connection:
        return set(connection.exec_driver_sql(NAMES[engine.dialect.name]).scalars())


def checks_of(engine):
    """Each CHECK's condition by table and name, white space aside."""
    inspector = inspect(engine)
    return {
        (table, check["name"]): " ".join(check["sqltext"].split())
        for table in sorted(METADATA.tables)
        for check in inspector.get_check_constraints(table)
    }


def test_migrations_from_nothing_equal_the_models(engine):
    assert schema.drift(engine) == []


def test_checks_of_the_migrations_equal_those_of_the_models(bare_engine):
    METADATA.create_all(bare_engine)
    modelled = checks_of(bare_engine)
    METADATA.drop_all(bare_engine)

    schema.upgrade(bare_engine)

    assert checks_of(bare_engine) == modelled


def test_a_migrated_database_is_at_the_newest_revision(engine):
    assert schema.revision(engine) == schema.newest()


def test_an_empty_database_is_at_no_revision(bare_engine):
    assert schema.revision(bare_engine) is None


def test_an_empty_database_lacks_what_the_models_have(bare_engine):
    assert "add_table" in schema.drift(bare_engine)[0]


def test_upgrading_again_changes_nothing(engine):
    before = names_in(engine)

    schema.upgrade(engine)

    assert names_in(engine) == before


def test_a_first_migration_that_fails_leaves_nothing_of_itself(bare_engine):
    run(bare_engine, "CREATE TABLE clock_step (id INTEGER)")

    with pytest.raises(DBAPIError, match="already exists"):
        schema.upgrade(bare_engine)

    assert names_in(bare_engine) == {"clock_step"}
    assert schema.revision(bare_engine) is None


def test_a_later_migration_that_fails_leaves_nothing_of_itself(bare_engine):
    schema.upgrade(bare_engine, "0001")
    run(bare_engine, IN_THE_WAY[bare_engine.dialect.name])
    before = names_in(bare_engine)

    with pytest.raises(DBAPIError, match="already exists"):
        schema.upgrade(bare_engine)

    assert names_in(bare_engine) == before
    assert schema.revision(bare_engine) == "0001"


def test_the_newest_revision_is_the_head_that_alembic_sees():
    script = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))

    assert schema.newest() == script.get_current_head()
