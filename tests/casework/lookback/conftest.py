"""One bundle that holds everything, made once for all who forge it."""

import pytest

from tests.bundles import unpacked, whole_story
from tests.conftest import opened
from tests.offices import an_office


@pytest.fixture(scope="session")
def whole(sqlite_template, tmp_path_factory):
    """The parts of that bundle by name."""
    folder = tmp_path_factory.mktemp("whole")
    path = folder / "bihuan.db"
    path.write_bytes(sqlite_template.read_bytes())
    with opened(f"sqlite:///{path}") as engine:
        return unpacked(whole_story(an_office(engine, folder), folder))
