"""A home with the organisation of ``tests.offices``, and ``bihuan`` as a function."""

import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.office import Office
from cli.main import main
from tests.conftest import opened
from tests.offices import a_photo, an_office


@dataclass(frozen=True)
class Told:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def error(self):
        return json.loads(self.err)["error"]


@pytest.fixture(scope="session")
def peopled(sqlite_template, tmp_path_factory):
    """A database file with the organisation in it, to be copied for each test."""
    path = tmp_path_factory.mktemp("peopled") / "bihuan.db"
    shutil.copyfile(sqlite_template, path)
    with opened(f"sqlite:///{path}") as engine:
        an_office(engine, path.parent)
    return path


@pytest.fixture
def bare_home(tmp_path, monkeypatch):
    """A home where nothing is set up, in Chinese, 120 columns wide, without colours."""
    for name in ("BIHUAN_DATABASE_URL", "BIHUAN_AS", "BIHUAN_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    for name, value in {
        "BIHUAN_HOME": str(home), "LANG": "C", "COLUMNS": "120", "NO_COLOR": "1", "TERM": "dumb",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return home


@pytest.fixture
def home(bare_home, peopled):
    bare_home.mkdir()
    shutil.copyfile(peopled, bare_home / "bihuan.db")
    return bare_home


@pytest.fixture
def office(home):
    """The office at home, to set a scene in and to look at what became of it."""
    with _office(home) as found:
        yield found


@pytest.fixture
def twin(peopled, tmp_path):
    """Another office that began the same, for asking casework directly."""
    folder = tmp_path / "twin"
    folder.mkdir()
    shutil.copyfile(peopled, folder / "bihuan.db")
    with _office(folder) as found:
        yield found


@pytest.fixture
def bihuan(bare_home, capsys):
    """Carry out one command line; return what it told."""

    def carry_out(*words):
        capsys.readouterr()
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        return Told(code, told.out, told.err)

    return carry_out


@pytest.fixture
def photo(tmp_path):
    """Paint a photo of some colour; return its path."""

    def paint(colour="green"):
        path = tmp_path / f"{colour}.jpg"
        path.write_bytes(a_photo(colour))
        return path

    return paint


@contextmanager
def _office(folder):
    with opened(f"sqlite:///{folder / 'bihuan.db'}") as engine:
        yield Office(engine, EvidenceStore(folder / "evidence", Limits()))
