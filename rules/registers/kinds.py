"""The kinds of register: their fields, their rules with sources, who sees and who edits them."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.access import Role
from rules.case import Level
from rules.faults import Unfit
from rules.parts import KEY, Labelled, Part, Source
from rules.registers.obligations import Answers, Opens, Periodic, Yearly
from rules.registers.reviews import Reviews
from rules.registers.staffing import Term
from rules.wording import Wording


class FieldType(StrEnum):
    """What a field holds; values are kept as text: dates ISO, numbers plain, choices by key."""

    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    NUMBER = "number"
    ID_CARD = "id_card"
    PHONE = "phone"
    CAS = "cas"


class Need(Part):
    """A field that another one needs filled, with one of ``among`` if given."""

    field: str
    among: tuple[str, ...] = ()


class FieldKind(Labelled):
    """A column of a register. ``past`` refuses days after today; ``not_before`` names the field
    whose day it may not precede; ``personal`` values are masked until revealed with a reason.
    What is filled in ``needs`` others: blank ones, or a choice other than these, are refused.
    ``counts`` names a kind: the number of the unit's active records of it, kept by the engine.
    """

    type: FieldType = FieldType.TEXT
    required: bool = False
    personal: bool = False
    past: bool = False
    not_before: str = ""
    needs: tuple[Need, ...] = ()
    pattern: str = ""
    example: str = ""
    least: float | None = None
    most: float | None = None
    longest: int = Field(default=200, ge=1, le=2_000)
    counts: str = Field(default="", description="a kind: the unit's active records are counted")
    choices: tuple[Labelled, ...] = ()
    aliases: tuple[str, ...] = ()

    @cached_property
    def is_code(self) -> bool:
        """Whether full-width signs mean the same as plain ones."""
        return self.type is not FieldType.TEXT or bool(self.pattern)


class RuleType(StrEnum):
    """``expiry`` a last valid day; ``interval`` a day plus so many months; ``oldest`` an age not to
    be exceeded; ``youngest`` an age to be reached; ``held`` so many years since a day; ``missing``
    a field that may not be blank; ``at_least`` a number not to fall below; ``staffing`` one that
    grows with other numbers; ``chosen`` a choice that must be one of these.
    """

    EXPIRY = "expiry"
    INTERVAL = "interval"
    OLDEST = "oldest"
    YOUNGEST = "youngest"
    HELD = "held"
    MISSING = "missing"
    AT_LEAST = "at_least"
    STAFFING = "staffing"
    CHOSEN = "chosen"


NUMBERED = frozenset({RuleType.AT_LEAST, RuleType.STAFFING})
DAYLESS = NUMBERED | {RuleType.MISSING, RuleType.CHOSEN}
"""The types that know no day."""
BY_FAULT = DAYLESS | {RuleType.OLDEST, RuleType.YOUNGEST, RuleType.HELD}
"""The types whose rules are called by what is wrong: 年龄超过60周岁."""
_MONTHS = frozenset({RuleType.INTERVAL})
_YEARS = frozenset({RuleType.OLDEST, RuleType.YOUNGEST, RuleType.HELD})
_DATED = frozenset(RuleType) - DAYLESS


class Only(Part):
    """A rule's condition: the field holds one of these values, "" for blank."""

    field: str
    among: tuple[str, ...] = Field(min_length=1)


class CheckRule(Labelled):
    """What must hold of a record; ``source`` names the clause or says "our choice".

    ``warn`` days before the last day it is spoken of; ``case_before`` days before it a case is
    raised (0: on the last day itself). ``blank`` says that a blank field breaks the rule too.
    ``terms`` of a staffing rule add up to the least number of its field. It holds where all of
    ``only`` do.
    """

    type: RuleType
    field: str
    months: int = Field(default=0, ge=0, le=600)
    years: int = Field(default=0, ge=0, le=100)
    warn: int = Field(default=30, ge=0, le=365)
    case_before: int = Field(default=0, ge=0, le=365)
    blank: bool = False
    least: int = Field(default=0, ge=0)
    terms: tuple[Term, ...] = ()
    among: tuple[str, ...] = ()
    only: tuple[Only, ...] = ()
    level: Level = Level.ORDINARY
    measure: str = Field(default="", max_length=200)
    source: Source

    @cached_property
    def span(self) -> int:
        """Return the months of a period."""
        return self.months + 12 * self.years

    @cached_property
    def case_ahead(self) -> timedelta:
        return timedelta(self.case_before)

    @cached_property
    def warned_ahead(self) -> timedelta:
        return timedelta(self.case_before + self.warn)

    @model_validator(mode="after")
    def _has_its_number(self) -> Self:
        given = {
            "months": (self.months, _MONTHS), "years": (self.years, _YEARS),
            "least": (self.least, {RuleType.AT_LEAST}), "terms": (self.terms, {RuleType.STAFFING}),
            "among": (self.among, {RuleType.CHOSEN}),
        }  # fmt: skip
        for name, (value, types) in given.items():
            if bool(value) != (self.type in types):
                raise Unfit(
                    Wording(
                        f"规则 {self.key} 的 {name} 须与其类型相符",
                        f"rule {self.key} needs {name} exactly as its type does",
                    )
                )
        return self


class Kind(Labelled):
    """One kind of register. ``unique`` is the field that names a record, never a personal one.

    ``columns`` are the fields that a list shows. ``personal_files`` says that what is attached to
    a record shows somebody's personal data, and is opened as that is. ``yearly``, ``opens``,
    ``answers``, ``periodic`` and ``reviews`` say which duties come of the kind and end by it.
    """

    schema_version: Literal[1] = Field(alias="schema")
    category: str = Field(pattern=KEY)
    rank: int = Field(default=100, description="where it stands among the kinds")
    unique: str
    unique_within: Literal["all", "unit"] = "all"
    see: frozenset[Role] = Field(min_length=1)
    edit: frozenset[Role] = Field(min_length=1)
    reveal: frozenset[Role] = frozenset()
    columns: tuple[str, ...] = Field(default=(), max_length=6)
    personal_files: bool = False
    fields: tuple[FieldKind, ...] = Field(min_length=1, max_length=60)
    rules: tuple[CheckRule, ...] = ()
    yearly: Yearly | None = None
    opens: Opens | None = None
    answers: Answers | None = None
    periodic: Periodic | None = None
    reviews: Reviews | None = None

    @model_validator(mode="after")
    def _obliges_to_what_is_there(self) -> Self:
        """What a duty hangs on may not be personal: it stands in lists."""
        parts = (self.yearly, self.opens, self.answers, self.periodic, self.reviews)
        named = {name for each in parts if each for name in each.fields}
        if unknown := named - (self.by_key.keys() - self.personal):
            raise Unfit(
                Wording(
                    f"没有字段 {sorted(unknown)}，或是个人信息",
                    f"no such field {sorted(unknown)}, or it is personal",
                )
            )
        days = {self.opens.due if self.opens else "", self.reviewed} - {""}
        if any(self.by_key[each].type is not FieldType.DATE for each in days):
            raise Unfit(Wording("到期字段须是日期", "the field of the due day must be a date"))
        return self

    @model_validator(mode="after")
    def _names_what_is_there(self) -> Self:
        by_key = self.by_key
        named = {self.unique, *self.columns, *(rule.field for rule in self.rules)}
        named |= {each.not_before for each in self.fields if each.not_before}
        named |= {need.field for each in self.fields for need in each.needs}
        named |= {each.field for rule in self.rules for each in rule.only}
        named |= {term.of for rule in self.rules for term in rule.terms}
        if unknown := named - by_key.keys():
            raise Unfit(Wording(f"没有字段 {sorted(unknown)}", f"no such field {sorted(unknown)}"))
        if by_key[self.unique].personal or not by_key[self.unique].required:
            raise Unfit(
                Wording(
                    "名称字段须必填且不是个人信息", "the naming field is required, not personal"
                )
            )
        for rule in self.rules:
            self._require_type(rule, rule.field, _type_for(rule))
            for term in rule.terms:
                self._require_type(rule, term.of, FieldType.NUMBER)
        return self

    def _require_type(self, rule: CheckRule, field: str, type_: FieldType | None) -> None:
        if type_ and self.by_key[field].type is not type_:
            raise Unfit(
                Wording(
                    f"规则 {rule.key} 的字段 {field} 类型不符",
                    f"rule {rule.key} needs a {type_} field, {field} is none",
                )
            )

    @cached_property
    def by_key(self) -> Mapping[str, FieldKind]:
        return {each.key: each for each in self.fields}

    @cached_property
    def personal(self) -> frozenset[str]:
        return frozenset(each.key for each in self.fields if each.personal)

    @cached_property
    def following(self) -> Sequence[FieldKind]:
        """Return the days that may not precede another."""
        return tuple(each for each in self.fields if each.not_before)

    @cached_property
    def needing(self) -> Sequence[FieldKind]:
        """Return the fields that need others filled."""
        return tuple(each for each in self.fields if each.needs)

    @cached_property
    def counting(self) -> Mapping[str, str]:
        """Return the fields that count, each with the kind that is counted."""
        return {each.key: each.counts for each in self.fields if each.counts}

    @property
    def reviewed(self) -> str:
        """Return the field that a review alone sets; '' for none."""
        return self.reviews.field if self.reviews else ""


def _type_for(rule: CheckRule) -> FieldType | None:
    if rule.type in _DATED:
        return FieldType.DATE
    if rule.type in NUMBERED:
        return FieldType.NUMBER
    return FieldType.CHOICE if rule.type is RuleType.CHOSEN else None


def parse_kind(text: str) -> Kind:
    """Return a kind from TOML; raise pydantic's ValidationError, or TOMLDecodeError."""
    kind = Kind.model_validate(tomllib.loads(text))
    for each in kind.fields:
        re.compile(each.pattern)
    return kind


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the shipped kinds by key, in the order of their rank, then of their files."""
    folder = files("rules.registers")
    texts = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    found = [parse_kind((folder / name).read_text(encoding="utf-8")) for name in texts]
    return {kind.key: kind for kind in sorted(found, key=lambda kind: kind.rank)}
