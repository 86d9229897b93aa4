"""Templates of filings as data: figures with their definitions, relations, texts, levels."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, Self

from pydantic import Field, PrivateAttr, model_validator

from rules.access import Role
from rules.faults import Unfit
from rules.filings.periods import Period, PeriodKind
from rules.filings.tiers import FILLS, SIGNS, Tier
from rules.parts import Labelled, Part, Source
from rules.query import parse
from rules.reading import digest, read_part
from rules.wording import Trouble, Wording

ASKED = {"daily": frozenset({"participants", "found", "checked", "note"})}
"""What the page of the day asks of its template."""


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
            _require_query(self.query)
        return self

    @property
    def computed(self) -> bool:
        return self.type not in {FigureType.TYPED, FigureType.RATE}

    @property
    def summed(self) -> str:
        """Return the key of the figure that is added up; '' where filings are counted."""
        return self.of.partition(".")[2]


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
    _digest: str = PrivateAttr("")
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
            raise Unfit(Wording("指标重复，或期初期末不全", "a key twice, or half a balance"))
        return self

    @property
    def digest(self) -> str:
        """Return that of the text it was read from; a filing keeps it."""
        return self._digest

    @property
    def whole(self) -> Tier:
        """Return the level whose filing comes last: once it is there, all of a period is."""
        return max(self.levels, key=list(Tier).index)

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


def read_template(text: str, *, where: str = "template") -> Template:
    """Parse and check a template; raise TextTrouble for the first fault found."""
    template = read_part(Template, text, where=where)
    template._digest = digest(text)  # noqa: SLF001 — set once, by its own reader
    return template


@cache
def shipped() -> Mapping[str, str]:
    """Return the texts that ship with the product, by key."""
    folder = files("rules.filings")
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    texts = [(folder / name).read_text(encoding="utf-8") for name in names]
    return {read_template(text).key: text for text in texts}


@cache
def templates() -> Mapping[str, Template]:
    """Return the shipped templates by key, in their order."""
    return in_order(read_template(text) for text in shipped().values())


def in_order(found: Iterable[Template]) -> dict[str, Template]:
    """Return templates by key: by the length of their period, then by name."""
    order = list(PeriodKind)
    return {
        each.key: each
        for each in sorted(found, key=lambda each: (order.index(each.period), each.key))
    }


def require_fits(template: Template, others: Mapping[str, Template]) -> None:
    """Raise Unfit, naming the key, unless a template goes with the others.

    Filings that are there already keep their periods, numbers and places; what adds another
    template's figures up finds them.
    """
    if before := others.get(template.key):
        for name in ("period", "mark", "levels"):
            if getattr(template, name) != getattr(before, name):
                raise _unlike(name)
    after = {**others, template.key: template}
    marks = [each.mark for each in after.values()]
    if marks.count(template.mark) > 1:
        raise Unfit(
            Wording(f"编号前缀“{template.mark}”已被使用", f"the mark {template.mark!r} is taken"),
            remedy=Wording("请换一个 mark。", "Give it another mark."),
            where="mark",
        )
    for key in sorted(ASKED.get(template.key, frozenset()) - _keys(template)):
        raise _lacks(Wording("手机上的当日页面", "the page of the day"), key, key)
    for each in after.values():
        _require_summed(each, after, of=template)


def _require_summed(adding: Template, known: Mapping[str, Template], *, of: Template) -> None:
    """Raise Unfit when a figure adds up what is not there, in or because of the template ``of``."""
    for nth, figure in enumerate(adding.figures):
        template, _, key = figure.of.partition(".")
        if not template or of.key not in {adding.key, template}:
            continue
        there = template in known and (not key or key in known[template].by_key)
        if not there:
            where = f"figures.{nth}.of" if adding.key == of.key else key
            raise _lacks(adding.label, figure.of, where)


def _keys(template: Template) -> frozenset[str]:
    return frozenset(each.key for each in (*template.figures, *template.texts))


def _require_query(query: str) -> None:
    try:
        parse(query.format(first="2026-01-01", last="2026-01-31", before="2025-12-31"))
    except (KeyError, IndexError, ValueError) as fault:
        raise Unfit(
            Wording(f"取数条件“{query[:40]}”不能使用", f"the query {query[:40]!r} cannot be used"),
            remedy=Wording(
                "日期只能写 {first}、{last}、{before}。", "Its days are {first}, {last}, {before}."
            ),
        ) from fault
    except Trouble as trouble:
        raise Unfit(trouble.problem, remedy=trouble.remedy) from trouble


def _unlike(name: str) -> Unfit:
    return Unfit(
        Wording(f"已有报告的 {name} 不能更改", f"{name} of a template in use may not change"),
        remedy=Wording("请保持原样，或另用新的 key。", "Leave it, or give another key."),
        where=name,
    )


def _lacks(who: Wording, what: str, where: str) -> Unfit:
    return Unfit(
        Wording(f"{who.zh}需要指标 {what}", f"{who.en} needs the figure {what}"),
        remedy=Wording("请保留该指标，或改写 of。", "Keep that figure, or mend `of`."),
        where=where,
    )
