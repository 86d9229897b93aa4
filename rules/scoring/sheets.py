"""Score sheets as data: levels, items with their points and deductions, vetoes, the pass mark."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from rules.duties.kinds import kinds
from rules.fault_lines import line_of
from rules.faults import Unfit
from rules.parts import Labelled, Part, Source
from rules.query import QueryTrouble, parse
from rules.reading import TextTrouble, read_part
from rules.wording import NOTHING, Wording

HONOUR = "honour"
FIRST_YEAR, LAST_YEAR = 2020, 2099


class AutoType(StrEnum):
    """``SHARE`` is the part of the cases of ``query`` that ``good`` finds, too; ``EACH`` takes
    ``step`` points for each case of ``query``; ``DUTIES`` is the part done in time of ``kinds``.
    """

    SHARE = "share"
    EACH = "each"
    DUTIES = "duties"


def asked(query: str, days: tuple[date, date], unit: str) -> str:
    """Return a query of the sheet for one unit (its code)."""
    return f'unit:"{unit}" {_dated(query, days)}'


def _dated(query: str, days: tuple[date, date]) -> str:
    first, last = map(str, days)
    return query.replace("{first}", first).replace("{last}", last)


def _of_cases(query: str) -> str:
    """Return a query that the grammar reads; raise Unfit."""
    written = _dated(query, (date(FIRST_YEAR, 1, 1), date(FIRST_YEAR, 12, 31)))
    if set("{}") & set(written):
        raise Unfit(
            Wording("查询中只能用 {first} 和 {last}", "queries know {first} and {last} only"),
            remedy=Wording("请改正花括号中的字。", "Mend what stands in braces."),
        )
    try:
        parse(written)
    except QueryTrouble as trouble:
        raise Unfit(trouble.problem, remedy=trouble.remedy) from trouble
    return query


CaseQuery = Annotated[str, Field(max_length=400), AfterValidator(_of_cases)]


class Auto(Part):
    """How an item is reckoned from cases and duties. Queries know {first} and {last} days."""

    type: AutoType
    query: CaseQuery = ""
    good: CaseQuery = ""
    step: int = Field(default=0, ge=0, le=100)
    kinds: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_what_its_type_needs(self) -> Self:
        given = {name for name in _AUTO_KEYS if getattr(self, name)}
        wanted = _NEEDS[self.type]
        if given != wanted:
            keys = ", ".join(sorted(wanted))
            raise Unfit(
                Wording("自动得分缺少或多写了取数方式", "its type needs other keys"),
                remedy=Wording(
                    f'type = "{self.type}" 只写 {keys}。', f"Give {keys}, and no others."
                ),
            )
        return self

    @field_validator("kinds")
    @classmethod
    def _counts_known_duties(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        strange = next((each for each in keys if each not in kinds()), "")
        if strange:
            raise Unfit(
                Wording(f"没有“{strange[:40]}”这种应办事项", f"no kind of duty {strange[:40]!r}"),
                remedy=Wording(f"可填：{'、'.join(kinds())}。", f"One of {', '.join(kinds())}."),
            )
        return keys


class Worded(Labelled):
    """As a sheet calls things: in whole sentences."""

    zh: str = Field(min_length=1, max_length=120)
    en: str = Field(min_length=1, max_length=200)


class Deduction(Worded):
    """So many points less for each time it is found."""

    points: int = Field(ge=1, le=1_000)


class Item(Worded):
    """A second-level item: either reckoned, or deducted step by step."""

    points: int = Field(ge=1, le=1_000)
    deductions: tuple[Deduction, ...] = ()
    auto: Auto | None = None

    @model_validator(mode="after")
    def _is_scored_one_way(self) -> Self:
        if bool(self.deductions) == bool(self.auto):
            raise Unfit(
                Wording(f"{self.key} 须有扣分项或自动取数之一", f"{self.key}: one of both"),
                remedy=Wording(
                    "写 deductions 或 auto，不能都写或都不写。",
                    "Give deductions or auto, not both.",
                ),
            )
        _require_once(f"{self.key}.deductions", [each.key for each in self.deductions])
        return self


class Level(Worded):
    items: tuple[Item, ...] = Field(min_length=1, max_length=60)


class Veto(Worded):
    """What fails the whole 一票否决. ``query``: one case found is enough."""

    query: CaseQuery = ""


class Quota(Part):
    """``percent`` of all units may be chosen; its places go to clusters by largest remainder."""

    percent: int = Field(ge=1, le=100)
    source: Source


class Sheet(Worded):
    """``due`` is the month and day by which a school has signed; ``mark`` begins the number.

    ``since`` is the first year it applies to: it does until a version begins that is for a later
    one.
    """

    schema_version: Literal[1] = Field(alias="schema")
    version: int = Field(ge=1, le=9_999)
    since: int = Field(ge=FIRST_YEAR, le=LAST_YEAR)
    mark: str = Field(min_length=1, max_length=8)
    passes: int = Field(ge=1)
    due: str = Field(pattern=r"^\d\d-\d\d$")
    quota: Quota
    levels: tuple[Level, ...] = Field(min_length=1, max_length=20)
    vetoes: tuple[Veto, ...] = Field(default=(), max_length=20)
    honour: str = Field(min_length=1, max_length=120)
    source: Source

    @field_validator("due")
    @classmethod
    def _is_a_day_of_every_year(cls, due: str) -> str:
        with suppress(ValueError):
            date.fromisoformat(f"{_NO_LEAP_YEAR}-{due}")
            return due
        raise Unfit(
            Wording(f"“{due}”不是每年都有的一天", f"{due!r} is no day of every year"),
            remedy=Wording("请按月-日填写，如 11-30。", "Write month and day, such as 11-30."),
        )

    @model_validator(mode="after")
    def _holds_each_once(self) -> Self:
        keys = [each.key for each in (*self.levels, *self.items, *self.vetoes)]
        _require_once("levels", [*keys, HONOUR])
        if self.passes > self.total:
            raise Unfit(
                Wording(f"及格线 {self.passes} 高于总分 {self.total}",
                        f"the mark {self.passes} is above all {self.total} points"),
                remedy=Wording("请改 passes 或各项分值。", "Change passes, or the points."),
                where="passes",
            )  # fmt: skip
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


def good_of(auto: Auto) -> str:
    """Return the query of the good ones among those of ``query``, '' where none are told apart."""
    return f"{auto.query} {auto.good}" if auto.good else ""


def days_of(year: int, today: date) -> tuple[date, date]:
    """Return the first and the last day an assessment looks at: of its year, until yesterday."""
    first = date(year, 1, 1)
    return first, max(first, min(date(year, 12, 31), today - timedelta(days=1)))


def read_sheet(text: str, *, where: str = "sheet") -> Sheet:
    """Parse and check a sheet; raise TextTrouble naming line and key, with a remedy."""
    try:
        return read_part(Sheet, text, where=where)
    except TextTrouble as trouble:
        line = line_of(text, trouble)
        named = where and line
        place = f"{where}:{line}{trouble.where.removeprefix(where)}" if named else trouble.where
        remedy = _EXAMPLE if trouble.remedy == NOTHING else trouble.remedy
        raise TextTrouble(trouble.problem, remedy=remedy, where=place) from trouble


@cache
def shipped_texts() -> Sequence[str]:
    """Return the texts that ship with the product, by key and version.

    One that was shipped is never changed, for assessments began with it: a new version is a new
    file.
    """
    folder = files("rules.scoring")
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    texts = [(folder / name).read_text(encoding="utf-8") for name in names]
    return sorted(texts, key=lambda text: (read_sheet(text).key, read_sheet(text).version))


@cache
def shipped() -> Mapping[str, str]:
    """Return the newest shipped text of each key."""
    return {read_sheet(text).key: text for text in shipped_texts()}


@cache
def sheets() -> Mapping[str, Sheet]:
    """Return the newest shipped sheet of each key."""
    return {key: read_sheet(text) for key, text in shipped().items()}


_EXAMPLE = Wording(
    "完整示例：bihuan score sheets safe_campus --toml。",
    "`bihuan score sheets safe_campus --toml` prints a complete example.",
)
_AUTO_KEYS = ("query", "good", "step", "kinds")
_NEEDS = {
    AutoType.SHARE: {"query", "good"},
    AutoType.EACH: {"query", "step"},
    AutoType.DUTIES: {"kinds"},
}
_NO_LEAP_YEAR = 2027


def _require_once(where: str, keys: Sequence[str]) -> None:
    twice = next((key for key in keys if keys.count(key) > 1), "")
    if twice:
        raise Unfit(
            Wording(f"{where} 中的 key “{twice}”重复", f"{where}: the key {twice!r} twice"),
            remedy=Wording("每个 key 只能用一次。", "Use each key once."),
        )
