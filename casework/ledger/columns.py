"""Which column of a sheet is which field, by the names in columns.toml."""

import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_DATA: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent / "columns.toml").read_text(encoding="utf-8")
)
_IGNORED = str.maketrans("", "", " \t\r\n\u3000*＊:_-．.、")


@dataclass(frozen=True, slots=True)
class Column:
    """One field; ``ranks`` gives each normalised header its preference, lowest first."""

    field: str
    zh: str
    en: str
    ranks: dict[str, int]
    weak: dict[str, int]
    fill: bool


def find_columns(header: Sequence[str]) -> dict[str, int]:
    """Return field → position for the recognised cells of a header row.

    A field takes the best of its aliases; a column is taken once.
    """
    names = [normalise_header(cell) for cell in header]
    has_result = any(name in BY_FIELD["result"].ranks for name in names)
    found: dict[str, int] = {}
    for column in COLUMNS:
        ranks = column.ranks if has_result else column.ranks | column.weak
        at = _best(names, ranks, taken=set(found.values()))
        if at is not None:
            found[column.field] = at
    return found


@lru_cache(maxsize=4096)
def normalise_header(text: str) -> str:
    """Drop what does not name the column: case, width, spaces, stars and remarks in brackets."""
    flat = unicodedata.normalize("NFKC", text).lower()
    return _without_brackets(flat).translate(_IGNORED)


def _without_brackets(text: str) -> str:
    head, opened, rest = text.partition("(")
    if not opened:
        return text
    _, closed, tail = rest.partition(")")
    return head + tail if closed and (head.strip() or tail.strip()) else text


def _best(names: list[str], ranks: dict[str, int], *, taken: set[int]) -> int | None:
    claims = [
        (ranks[name], at) for at, name in enumerate(names) if name in ranks and at not in taken
    ]
    return min(claims)[1] if claims else None


def _column(entry: dict[str, Any]) -> Column:
    strong = [*entry["aliases"], entry["zh"], entry["en"], entry["field"]]
    weak = entry.get("weak", [])
    return Column(
        entry["field"],
        entry["zh"],
        entry["en"],
        _ranked(strong, start=0),
        _ranked(weak, start=len(strong)),
        entry.get("fill", False),
    )


def _ranked(aliases: list[str], *, start: int) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for rank, alias in enumerate(aliases, start):
        ranks.setdefault(normalise_header(alias), rank)
    return ranks


COLUMNS: tuple[Column, ...] = tuple(_column(entry) for entry in _DATA["column"])
BY_FIELD: dict[str, Column] = {column.field: column for column in COLUMNS}
HAZARD_FIELDS: frozenset[str] = frozenset(_DATA["hazard_fields"])
FILLED: frozenset[str] = frozenset(column.field for column in COLUMNS if column.fill)
WORDS: dict[str, dict[str, list[str]]] = _DATA["words"]
EXAMPLE_MARKS: tuple[str, ...] = tuple(_DATA["rows"]["example"])
FOOTER_MARKS: tuple[str, ...] = tuple(_DATA["rows"]["footer"])
