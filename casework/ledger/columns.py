"""Which column of a sheet is which field, by the names in columns.toml."""

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

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


@dataclass(frozen=True, slots=True)
class Scheme:
    """What a kind of ledger calls its columns: ``aliases`` by field, best first.

    A sheet is such a ledger when a row names two fields, one of them in ``telling``. ``dates`` may
    hold serial numbers; ``filled`` cells, merged downwards, say the same for each of their rows.
    No ``aliases`` at all: the ledger of hazards, whose names are in columns.toml.
    """

    aliases: Mapping[str, tuple[str, ...]]
    telling: frozenset[str]
    dates: tuple[str, ...]
    filled: frozenset[str] = frozenset()

    def find(self, header: Sequence[str]) -> dict[str, int]:
        """Return field → position for the recognised cells of a header row."""
        if not self.aliases:
            return find_columns(header)
        names = [normalise_header(cell) for cell in header]
        found: dict[str, int] = {}
        for field, aliases in self.aliases.items():
            at = _best(names, _ranked([*aliases], start=0), taken=set(found.values()))
            if at is not None:
                found[field] = at
        return found

    def plain(self) -> dict[str, Any]:
        """Return what ``Scheme.of`` reads."""
        return {
            "aliases": {field: list(names) for field, names in self.aliases.items()},
            "telling": sorted(self.telling), "dates": list(self.dates),
            "filled": sorted(self.filled),
        }  # fmt: skip

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        aliases = {field: tuple(names) for field, names in plain["aliases"].items()}
        telling, filled = frozenset(plain["telling"]), frozenset(plain["filled"])
        return cls(aliases, telling, tuple(plain["dates"]), filled)


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
HAZARDS = Scheme({}, HAZARD_FIELDS, ("found_on", "due"), FILLED)
"""The ledger of hazards."""
WORDS: dict[str, dict[str, list[str]]] = _DATA["words"]
EXAMPLE_MARKS: tuple[str, ...] = tuple(_DATA["rows"]["example"])
FOOTER_MARKS: tuple[str, ...] = tuple(_DATA["rows"]["footer"])
