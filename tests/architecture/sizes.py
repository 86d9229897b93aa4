"""How long files and functions are. `make sizes` prints it."""

import ast
import sys
from collections.abc import Iterator
from typing import NamedTuple

from tests.architecture.source import modules, read

# A revision is written once, mostly by Alembic, and never edited.
_RECORDS = "models/migrations/versions/"
# How a module begins that a program wrote: the API's client.
_GENERATED = "Written by ``python -m"


class Length(NamedTuple):
    lines: int
    where: str


def file_lengths() -> list[Length]:
    """Return the product's modules, shortest first."""
    return sorted(Length(len(read(name).splitlines()), name) for name in _written_by_hand())


def function_lengths() -> list[Length]:
    """Return the product's functions with the lines of their bodies, shortest first."""
    return sorted(
        each for name in _written_by_hand() for each in lengths_of(ast.parse(read(name)), name)
    )


def lengths_of(tree: ast.Module, name: str) -> Iterator[Length]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1] if ast.get_docstring(node) and node.body[1:] else node.body[0]
            last = node.body[-1].end_lineno or first.lineno
            yield Length(last - first.lineno + 1, f"{name}:{node.lineno} {node.name}")


def distribution(lengths: list[Length]) -> str:
    """Return median, 90th percentile and the longest as one line."""
    median, ninth = lengths[len(lengths) // 2], lengths[len(lengths) * 9 // 10]
    longest = lengths[-1]
    return (
        f"{len(lengths)}: median {median.lines}, 90 % up to {ninth.lines}, "
        f"longest {longest.lines} ({longest.where})"
    )


def _written_by_hand() -> list[str]:
    found = [name for name in modules() if not name.startswith(_RECORDS)]
    return [name for name in found if f"\n{_GENERATED}" not in read(name)[:300]]


if __name__ == "__main__":
    sys.stdout.write(f"functions {distribution(function_lengths())}\n")
    sys.stdout.write(f"files     {distribution(file_lengths())}\n")
