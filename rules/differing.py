"""Two texts side by side: which lines were added and removed, with some lines around them."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

_AROUND = 3  # lines of context, as diff -u shows
_MOST_LINES = 5_000
"""Our choice: difflib's time grows with the square; a policy has some 300 lines."""


Opcode = tuple[str, int, int, int, int]


class Line(NamedTuple):
    """A line of a difference; ``mark`` is "+", "-" or " ", "…" where lines are left out."""

    mark: str
    before: int | None
    after: int | None
    text: str


def differ(before: str, after: str) -> list[Line]:
    """Return what is different, in order; empty when nothing is."""
    old, new = before.splitlines()[:_MOST_LINES], after.splitlines()[:_MOST_LINES]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found: list[Line] = []
    for group in matcher.get_grouped_opcodes(_AROUND):
        if found or group[0][1] > 0:
            found.append(Line("…", None, None, ""))
        for opcode in group:
            found += _lines(opcode, old, new)
    return found


def around(text: str, line: int) -> list[tuple[int, str]]:
    """Return some lines of a text around one of them, with their numbers from 1."""
    lines = text.splitlines()
    first = max(1, line - _AROUND)
    return list(enumerate(lines[first - 1 : line + _AROUND], start=first))


def _lines(opcode: Opcode, old: list[str], new: list[str]) -> Iterator[Line]:
    tag, i1, i2, j1, j2 = opcode
    if tag == "equal":
        for n in range(i2 - i1):
            yield Line(" ", i1 + n + 1, j1 + n + 1, old[i1 + n])
        return
    for n in range(i1, i2):
        yield Line("-", n + 1, None, old[n])
    for n in range(j1, j2):
        yield Line("+", None, n + 1, new[n])
