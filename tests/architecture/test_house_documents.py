"""README, CHANGELOG and the decisions say what is there."""

import re

import pytest

from tests.architecture.source import read, tracked

TARGETS = set(re.findall(r"^([a-z]+):.*## ", read("Makefile"), re.MULTILINE))
READMES = [name for name in tracked("README*.md") if "/" not in name]
DECISIONS = [name.rpartition("/")[2] for name in tracked("docs/decisions/0*.md")]


@pytest.mark.parametrize("readme", READMES)
def test_the_make_commands_of_a_readme_exist(readme):
    commands = re.findall(r"^\s*\$?\s*make ([a-z]+)|`make ([a-z]+)", read(readme), re.MULTILINE)

    assert {name for pair in commands for name in pair if name} <= TARGETS


def test_ci_runs_targets_that_exist():
    commands = re.findall(r"^\s*make [^\n]*?(lint|test)\b", read(".ci/run"), re.MULTILINE)

    assert commands == ["lint", "test"]
    assert set(commands) <= TARGETS


def test_every_target_of_the_makefile_has_its_line():
    targets = re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE)

    assert set(targets) == TARGETS


def test_the_changelog_says_what_is_not_yet_released():
    unreleased = re.compile(r"^## \[Unreleased\]\n\n### (Added|Changed|Fixed)\n\n- ", re.MULTILINE)

    assert unreleased.search(read("CHANGELOG.md"))


@pytest.mark.parametrize("decision", DECISIONS)
def test_every_decision_is_listed(decision):
    assert f"({decision})" in read("docs/decisions/README.md")


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_says_context_decision_consequence_and_non_goals(decision):
    headings = re.findall(r"^## (\w+)", read(f"docs/decisions/{decision}"), re.MULTILINE)

    assert [each.removesuffix("s") for each in headings] == [
        "Context", "Decision", "Consequence", "Non",
    ]  # fmt: skip
