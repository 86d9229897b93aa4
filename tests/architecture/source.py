"""The project's own files, as the house rules read them."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


def modules(*packages: str) -> list[str]:
    """Return the modules of the packages (all of them when none is named), from the root."""
    found = (path for name in packages or PACKAGES for path in (ROOT / name).rglob("*.py"))
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def tracked(*under: str) -> list[str]:
    """Return the committed files that are still there, from the root."""
    # CI may check the project out as somebody else than the user it runs the tests as.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--", *under]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    return [name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def words_of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield every string of a module with its line, docstrings left out."""
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value
