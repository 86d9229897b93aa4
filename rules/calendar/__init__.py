"""The State Council's yearly holiday notices, shipped as JSON: data in code form.

The files are part of the installed version, read once through importlib.resources and kept, so
asking twice answers the same and the rules on top stay pure. A file goes by its notice's year: the
last days of December may stand in the next year's file. Source and licence: README.md beside them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple, TypedDict, cast


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: our short name, when it was issued, its number, its year and its file."""

    version: str
    issued: date
    paper: str
    year: int
    file: str


class Exceptional(NamedTuple):
    """A day that is not what its weekday says: off, or worked to make up for one."""

    day: date
    off: bool
    name: str


class _Entry(TypedDict):
    name: str
    date: str
    isOffDay: bool


@cache
def notices() -> tuple[Notice, ...]:
    """Every notice we ship, in the order they were issued."""
    return tuple(
        Notice(**{**row, "issued": date.fromisoformat(row["issued"])})
        for row in json.loads(_text("notices.json"))
    )


def days_of(notice: Notice) -> Iterator[Exceptional]:
    """The days a notice names, after whatever earlier notice it amends."""
    for entry in cast("list[_Entry]", json.loads(_text(notice.file))["days"]):
        yield Exceptional(date.fromisoformat(entry["date"]), entry["isOffDay"], entry["name"])


def _text(name: str) -> str:
    return files(__name__).joinpath(name).read_text("utf-8")
