"""Help, the manual, and a start that loads no more than it needs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli.manual import commands, manual
from tests.architecture.source import read

COMMANDS = dict(commands())
BIHUAN = Path(sys.executable).with_name("bihuan")
HEAVY = {"prefect", "xlsxwriter", "python_calamine", "openpyxl", "uvicorn", "fastapi"}


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_has_help_with_an_example(bihuan, bare_home, path):
    told = bihuan(*path.split()[1:], "--help")

    assert (told.code, told.err) == (0, "")
    assert "示例 / examples" in told.out
    assert path in told.out.partition("示例 / examples")[2]
    assert " / " in COMMANDS[path].help


def test_a_help_that_is_too_long_for_its_line_goes_on_in_the_next(bihuan, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")

    told = bihuan("lookback", "plan", "--help").out

    assert "…" not in told
    assert "2026Q1、90d" in re.sub(r"[│\s]+", "", told)


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_speaks_json_and_both_languages(path):
    options = {name for param in COMMANDS[path].params for name in param.opts}

    assert {"--json", "--lang"} <= options


@pytest.mark.parametrize(
    ("path", "param"),
    [(path, param) for path, command in COMMANDS.items() for param in command.params],
    ids=lambda each: getattr(each, "name", each),
)
def test_every_option_is_explained(path, param):
    assert param.help


def test_the_manual_is_what_the_commands_say():
    assert read("docs/cli.md") == manual(), "python -m cli.manual > docs/cli.md"


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_is_in_the_manual(path):
    assert f"\n## {path}\n" in read("docs/cli.md")


@pytest.mark.parametrize(
    ("words", "needless"),
    [
        (["--help"], HEAVY | {"casework.home", "sqlalchemy", "pydantic", "PIL"}),
        (["case", "move", "--help"], HEAVY | {"casework.home", "sqlalchemy", "PIL"}),
        (["case", "list", "--as", "admin"], HEAVY),
        (["sweep", "--dry-run"], HEAVY),
    ],
)
def test_a_command_loads_no_more_than_it_needs(home, words, needless):
    script = (
        "import sys; from cli.main import main; code = main(sys.argv[1:]); "
        "sys.stderr.write(' '.join(sys.modules)); sys.exit(code)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0
    assert needless.isdisjoint(done.stderr.split())


def test_the_installed_command_tells_its_version(bihuan, bare_home):
    done = subprocess.run([BIHUAN, "version", "--json"], capture_output=True, text=True, check=True)

    assert done.stdout == bihuan("version", "--json").out
    assert bihuan("version").out.startswith("bihuan ")


def test_the_demonstration_tells_the_same_story_for_the_same_seed(bihuan, bare_home):
    words = ("demo", "--days", "3", "--seed", "7")

    first, second = bihuan(*words), bihuan(*words)

    assert (first.code, first.out) == (0, second.out)
    assert "哈希链全部完好" in first.out
    assert bihuan(*words, "--json", "--lang", "en").json["story"][0].startswith("An invented")
    assert not bare_home.exists()
