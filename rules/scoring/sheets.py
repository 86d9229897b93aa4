"""Score sheets as data: levels, items with their points and deductions, vetoes, the pass mark."""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.faults import Unfit
from rules.parts import KEY, Part, Source
from rules.query import parse
from rules.wording import Wording

HONOUR = "honour"


class AutoType(StrEnum):
    """``SHARE`` is the part of the cases of ``query`` that ``good`` finds, too; ``EACH`` takes
    ``step`` points for each case of ``query``; ``DUTIES`` is the part done in time of ``kinds``.
    """

    SHARE = "share"
    EACH = "each"
    DUTIES = "duties"


class Auto(Part):
    """How an item is reckoned from cases and duties. Queries know {first} and {last} days."""

    type: AutoType
    query: str = ""
    good: str = ""
    step: int = Field(default=0, ge=0, le=100)
    kinds: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_what_its_type_needs(self) -> Self:
        given = (bool(self.query), bool(self.good), bool(self.step), bool(self.kinds))
        wanted = {
            AutoType.SHARE: (True, True, False, False),
            AutoType.EACH: (True, False, True, False),
            AutoType.DUTIES: (False, False, False, True),
        }
        if given != wanted[self.type]:
            raise Unfit(Wording("自动得分缺少或多写了取数方式", "its type needs other keys"))
        for each in filter(None, (self.query, self.good)):
            parse(each.format(first="2026-01-01", last="2026-12-31"))
        return self


class Labelled(Part):
    key: str = Field(pattern=KEY)
    zh: str = Field(min_length=1, max_length=120)
    en: str = Field(min_length=1, max_length=200)

    @property
    def label(self) -> Wording:
        return Wording(self.zh, self.en)


class Deduction(Labelled):
    """So many points less for each time it is found."""

    points: int = Field(ge=1, le=1_000)


class Item(Labelled):
    """A second-level item: either reckoned, or deducted step by step."""

    points: int = Field(ge=1, le=1_000)
    deductions: tuple[Deduction, ...] = ()
    auto: Auto | None = None

    @model_validator(mode="after")
    def _is_scored_one_way(self) -> Self:
        if bool(self.deductions) == bool(self.auto):
            raise Unfit(Wording(f"{self.key} 须有扣分项或自动取数之一", f"{self.key}: one of both"))
        return self


class Level(Labelled):
    items: tuple[Item, ...] = Field(min_length=1, max_length=60)


class Veto(Labelled):
    """What fails the whole 一票否决. ``query``: one case found is enough."""

    query: str = ""


class Quota(Part):
    """``percent`` of all units may be chosen; its places go to clusters by largest remainder."""

    percent: int = Field(ge=1, le=100)
    source: Source


class Sheet(Labelled):
    """``due`` is the month and day by which a school has signed; ``mark`` begins the number."""

    schema_version: Literal[1] = Field(alias="schema")
    version: int = Field(ge=1)
    mark: str = Field(min_length=1, max_length=8)
    passes: int = Field(ge=1)
    due: str = Field(pattern=r"^\d\d-\d\d$")
    quota: Quota
    levels: tuple[Level, ...] = Field(min_length=1, max_length=20)
    vetoes: tuple[Veto, ...] = ()
    honour: str = Field(min_length=1)
    source: Source

    @model_validator(mode="after")
    def _holds_each_once(self) -> Self:
        keys = [each.key for each in (*self.items, *self.vetoes)]
        if len({*keys, HONOUR}) <= len(keys) or self.passes > self.total:
            raise Unfit(Wording("指标重复,或及格线高于总分", "a key twice, or the mark too high"))
        return self

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for level in self.levels for item in level.items)

    @cached_property
    def by_key(self) -> Mapping[str, Item]:
        return {each.key: each for each in self.items}

    @cached_property
    def most(self) -> Mapping[str, int]:
        """The highest value of each mark; of a veto and of the honour, 1 says yes."""
        flags = {each.key: 1 for each in self.vetoes}
        return {**{each.key: each.points for each in self.items}, **flags, HONOUR: 1}

    @property
    def total(self) -> int:
        return sum(each.points for each in self.items)

    def due_on(self, year: int) -> date:
        return date.fromisoformat(f"{year}-{self.due}")

    def number(self, year: int, code: str, version: int) -> str:
        correction = f"-更正{version - 1}" if version > 1 else ""
        return f"{self.mark}{year}-{code}{correction}"


def days_of(year: int, today: date) -> tuple[date, date]:
    """Return the first and the last day an assessment looks at: of its year, until yesterday."""
    first = date(year, 1, 1)
    return first, max(first, min(date(year, 12, 31), today - timedelta(days=1)))


def asked(query: str, days: tuple[date, date], unit: str) -> str:
    """Return a query of the sheet for one unit (its code)."""
    return f'unit:"{unit}" {query.format(first=days[0], last=days[1])}'


def parse_sheet(text: str) -> Sheet:
    """Return a sheet from TOML; raise pydantic's ValidationError, or TOMLDecodeError."""
    return Sheet.model_validate(tomllib.loads(text))


@cache
def sheets() -> Mapping[str, Sheet]:
    """Return the shipped sheets by key."""
    folder = files("rules.scoring")
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    found = [parse_sheet((folder / name).read_text(encoding="utf-8")) for name in names]
    return {each.key: each for each in found}
