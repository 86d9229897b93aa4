"""On which line of a TOML file a fault lies, for an editor to show it."""

import re
from collections import Counter
from collections.abc import Iterator

from rules.wording import Trouble

_SYNTAX = re.compile(r"\(at line (\d+), column \d+\)")
_TABLE = re.compile(r"(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?")
_KEY = re.compile(r"\s*(?:\"([^\"]+)\"|([\w.-]+))\s*=")

Path = tuple[str, ...]


def line_of(text: str, trouble: Trouble) -> int | None:
    """Return the line, from 1, that ``trouble`` is about: its own when it names one, else where
    its key stands, else the head of the table that lacks the key; None when nothing is near.

    ``trouble.where`` ends in the key, as read_policy writes it: "policy: limits.ordinary.plan".
    """
    named = _SYNTAX.search(trouble.problem.en)
    if named:
        return int(named[1])
    wanted = tuple(trouble.where.rpartition(": ")[2].split("."))
    nearest, longest = None, 0
    for line, path in _paths(text):
        shared = len(path) if wanted[: len(path)] == path else 0
        if shared > longest:
            nearest, longest = line, shared
    return nearest


def _paths(text: str) -> Iterator[tuple[int, Path]]:
    """Yield each line that opens a table or sets a key, with its path; lists count from 0."""
    counted: Counter[Path] = Counter()
    table: Path = ()
    for line, written in enumerate(text.splitlines(), start=1):
        opened = _TABLE.fullmatch(written.strip())
        if opened:
            table = _opened(opened[2], counted, is_list=opened[1] == "[[")
            yield line, table
        elif key := _KEY.match(written):
            yield line, (*table, *([key[1]] if key[1] else key[2].split(".")))


def _opened(name: str, counted: Counter[Path], *, is_list: bool) -> Path:
    """Return the path of a table; within the last entry of each list that it lies in."""
    path: Path = ()
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    for part in parts[:-1]:
        path = (*path, part)
        if counted[path]:
            path = (*path, str(counted[path] - 1))
    path = (*path, parts[-1])
    if is_list:
        counted[path] += 1
        path = (*path, str(counted[path] - 1))
    return path
