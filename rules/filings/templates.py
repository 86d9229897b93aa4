"""Templates of filings as data: figures with their definitions, relations, texts, levels."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.access import Role
from rules.faults import Unfit
from rules.filings.periods import Period, PeriodKind
from rules.filings.tiers import FILLS, SIGNS, Tier
from rules.parts import Labelled, Part, Source
from rules.query import parse
from rules.wording import Wording


class FigureType(StrEnum):
    """Where a number comes from: ``CASES`` counts what a query finds, ``FUNDS`` adds the funds of
    the approved plans of what it finds, ``SUM`` and ``COUNT`` add figures of, or count, the unit's
    frozen filings of another template that lie within the period, ``INSPECTIONS`` counts what was
    inspected, ``UNITS`` is one for each unit, ``TYPED`` is typed in, ``RATE`` is one over another.
    """

    CASES = "cases"
    FUNDS = "funds"
    SUM = "sum"
    COUNT = "count"
    INSPECTIONS = "inspections"
    UNITS = "units"
    TYPED = "typed"
    RATE = "rate"


class Measure(StrEnum):
    """What a figure counts; money is kept in yuan and shown in 万元."""

    COUNT = "count"
    YUAN = "yuan"
    YES = "yes"


class Figure(Labelled):
    """A row of a filing. ``query`` is in the one grammar, with {first}, {last} and {before} days;
    ``of`` is "template.figure" or "template"; ``share`` is the two keys of a rate.
    """

    type: FigureType
    query: str = ""
    of: str = ""
    share: tuple[str, ...] = ()
    measure: Measure = Measure.COUNT
    required: bool = False
    source: Source

    @model_validator(mode="after")
    def _has_what_its_type_needs(self) -> Self:
        asks = self.type in {FigureType.CASES, FigureType.FUNDS}
        adds = self.type in {FigureType.SUM, FigureType.COUNT}
        fits = bool(self.query) == asks and bool(self.of) == adds
        if not fits or len(self.share) != (2 if self.type is FigureType.RATE else 0):
            raise Unfit(
                Wording(
                    f"{self.key} 缺少或多写了取数方式", f"{self.key}: its type needs other keys"
                )
            )
        if self.query:
            parse(self.query.format(first="2026-01-01", last="2026-01-31", before="2025-12-31"))
        return self

    @property
    def computed(self) -> bool:
        return self.type not in {FigureType.TYPED, FigureType.RATE}


class Relation(Part):
    """``less`` may not be more than ``more`` (or than the one minus ``minus``)."""

    less: str
    more: str
    minus: str = ""
    source: Source


class Text(Labelled):
    required: bool = False


class Template(Labelled):
    """``mark`` begins a filing's number. ``nil`` are the figures that are all 0 in a nil return
    零报告; ``balance`` are opening, added, taken and closing; ``plans`` asks for next items.
    """

    schema_version: Literal[1] = Field(alias="schema")
    period: PeriodKind
    mark: str = Field(min_length=1, max_length=6)
    levels: tuple[Tier, ...] = Field(min_length=1)
    signs: frozenset[Role] = SIGNS[Tier.UNIT]
    figures: tuple[Figure, ...] = Field(min_length=1, max_length=60)
    relations: tuple[Relation, ...] = ()
    balance: tuple[str, ...] = ()
    nil: tuple[str, ...] = ()
    texts: tuple[Text, ...] = ()
    plans: bool = False
    source: Source

    @model_validator(mode="after")
    def _names_what_is_there(self) -> Self:
        named = {*self.balance, *self.nil, *(key for each in self.figures for key in each.share)}
        for each in self.relations:
            named |= {each.less, each.more, each.minus} - {""}
        keys = [each.key for each in (*self.figures, *self.texts)]
        if unknown := sorted(named - set(keys)):
            raise Unfit(Wording(f"没有指标 {unknown}", f"no such figure {unknown}"))
        if len(set(keys)) < len(keys) or len(self.balance) not in {0, 4}:
            raise Unfit(Wording("指标重复,或期初期末不全", "a key twice, or half a balance"))
        return self

    @cached_property
    def by_key(self) -> Mapping[str, Figure]:
        return {each.key: each for each in self.figures}

    @property
    def numbers(self) -> tuple[Figure, ...]:
        """Return the figures that are kept: all but rates, which follow from them."""
        return tuple(each for each in self.figures if each.type is not FigureType.RATE)

    def fillers(self, level: Tier) -> frozenset[Role]:
        return FILLS[level]

    def signers(self, level: Tier) -> frozenset[Role]:
        return self.signs if level is Tier.UNIT else SIGNS[level]

    def number(self, period: Period, code: str, version: int) -> str:
        """Return a filing's number, the same from the same facts as a document's is."""
        correction = f"-更正{version - 1}" if version > 1 else ""
        return f"{self.mark}{period.key}-{code}{correction}"


def query_of(figure: Figure, period: Period, *, unit: str = "") -> str:
    """Return the query that finds the cases of a figure, of one unit (its code) or of all."""
    written = figure.query.format(first=period.first, last=period.last, before=period.before)
    return f'unit:"{unit}" {written}' if unit else written


def parse_template(text: str) -> Template:
    """Return a template from TOML; raise pydantic's ValidationError, or TOMLDecodeError."""
    return Template.model_validate(tomllib.loads(text))


@cache
def templates() -> Mapping[str, Template]:
    """Return the shipped templates by key: by the length of their period, then by name."""
    folder = files("rules.filings")
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    found = [parse_template((folder / name).read_text(encoding="utf-8")) for name in names]
    order = list(PeriodKind)
    found.sort(key=lambda each: (order.index(each.period), each.key))
    return {each.key: each for each in found}
