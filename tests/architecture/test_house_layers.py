"""Imports run downwards only, and heavy libraries are imported in one place each."""

import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.architecture.importing import imports
from tests.architecture.source import PACKAGES, ROOT, modules, read

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def test_imports_run_downwards(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)

    assert lint_imports(no_cache=True, no_logo=True) == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("rules", "import casework"),
        ("rules", "import sqlalchemy"),
        ("rules", "import random"),
        ("models", "import casework"),
        ("models", "import notifications"),
        ("notifications", "import models"),
        ("casework", "import flows"),
        ("casework", "import typer"),
        ("casework", "import apprise"),
        ("casework", "import fastapi"),
        ("flows", "import cli"),
        ("flows", "import web.app"),
        ("web", "import flows"),
        ("web", "import cli"),
        ("web", "import prefect"),
    ],
)
def test_an_import_upwards_is_noticed(tmp_path, module, planted):
    (tmp_path / "pyproject.toml").write_text(read("pyproject.toml"), encoding="utf-8")
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / module / "planted.py").write_text(planted, encoding="utf-8")

    done = subprocess.run(
        [LINT_IMPORTS, "--no-cache", "--no-logo"], cwd=tmp_path, capture_output=True, check=False
    )

    assert b" 1 broken" in done.stdout, done.stdout.decode()


@pytest.mark.parametrize("module", sorted(set(modules()) - set(modules("flows", "cli"))))
def test_only_flows_import_prefect(module):
    assert imports(read(module), "prefect") == []


@pytest.mark.parametrize("module", modules("cli"))
def test_the_cli_imports_prefect_and_flows_inside_the_command_that_needs_them(module):
    assert imports(read(module), "prefect", "flows", eager=True) == []


@pytest.mark.parametrize("module", sorted(set(modules()) - set(modules("notifications"))))
def test_only_notifications_import_apprise(module):
    assert imports(read(module), "apprise") == []


def test_starting_the_cli_loads_neither_prefect_nor_apprise():
    loaded = "import sys, cli.main; print(*sorted({'prefect', 'apprise'} & set(sys.modules)))"

    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (done.stdout.strip(), done.stderr) == ("", "")


@pytest.mark.parametrize(
    ("planted", "eager", "found"),
    [
        ("import prefect", True, ["1: prefect"]),
        ("from prefect.client import get_client", True, ["1: prefect"]),
        ("try:\n    import prefect\nexcept ImportError:\n    pass", True, ["2: prefect"]),
        ("class Command:\n    import prefect", True, ["2: prefect"]),
        ("def up():\n    import prefect", True, []),
        ("def up():\n    import prefect", False, ["2: prefect"]),
        ("import prefects", False, []),
        ("from casework import clock", False, ["1: casework.clock"]),
        ("from casework.clock import now", False, ["1: casework.clock"]),
        ("import casework.clocks", False, []),
    ],
)
def test_an_import_in_the_wrong_place_is_noticed(planted, eager, found):
    assert imports(planted, "prefect", "casework.clock", eager=eager) == found
