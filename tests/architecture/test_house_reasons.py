"""Whoever switches a check off says why, on the same line."""

import pytest

from tests.architecture.reasons import unreasoned, unreasoned_settings
from tests.architecture.source import read, tracked

# This file and the next hold switches as text.
ABOUT_SWITCHES = {"tests/architecture/reasons.py", "tests/architecture/test_house_reasons.py"}
CODE = sorted(name for name in tracked("*.py") if name not in ABOUT_SWITCHES)


@pytest.mark.parametrize("module", CODE)
def test_every_switched_off_check_says_why(module):
    assert unreasoned(read(module)) == []


def test_every_switched_off_setting_says_why():
    assert unreasoned_settings(read("pyproject.toml")) == []


@pytest.mark.parametrize(
    "planted",
    [
        "import x  # noqa",
        "import x  # noqa: F401",
        "import x  # noqa: F401, E402",
        "import x  # noqa: F401 - needed",
        "# ruff: noqa: E501",
        "x = 1  # type: ignore",
        "x = 1  # type: ignore # the types are wrong",
        "x = 1  # type: ignore[attr-defined]",
        "raise  # pragma: no cover",
    ],
)
def test_a_silent_switch_is_noticed(planted):
    assert len(unreasoned(planted)) == 1


@pytest.mark.parametrize(
    "reasoned",
    [
        "import x  # noqa: F401 — the table registers itself",
        "import x  # noqa: F401, E402 - after the clock is frozen",
        "at = datetime(2026, 3, 9)  # noqa: DTZ001 the point of the test",
        "x = 1  # type: ignore[attr-defined] # SQLModel adds it",
        "x = 2  # type: ignore[attr-defined] # likewise",
        "rows = [1, 2]  # fmt: skip",
    ],
)
def test_a_switch_with_its_reason_passes(reasoned):
    assert unreasoned(reasoned) == []


@pytest.mark.parametrize(
    "planted",
    [
        '[tool.ruff.lint]\nignore = [\n  "D100",\n]',
        '[tool.ruff.lint.per-file-ignores]\n"tests/**" = [\n  "S101",\n]',
        '[tool.pytest.ini_options]\nfilterwarnings = [\n  "error",\n  "ignore:old:X",\n]',
        "[[tool.mypy.overrides]]\nignore_errors = true",
    ],
)
def test_a_silent_setting_is_noticed(planted):
    assert len(unreasoned_settings(planted)) == 1
