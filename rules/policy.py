"""A policy: limits, steps, numbering and categories, as TOML that is checked before it is adopted.

A policy is frozen and named by the digest of its text. Adopted versions are kept; a running clock
keeps the version it began with.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from rules.case import Level
from rules.deadlines import Limit, Stage
from rules.wording import Trouble, Wording


class PolicyTrouble(Trouble):
    """A policy file that cannot be adopted; ``where`` is its file and key."""


def _limit(value: object) -> Limit:
    return value if isinstance(value, Limit) else Limit.parse(str(value))


ParsedLimit = Annotated[Limit, BeforeValidator(_limit)]
Source = Annotated[str, Field(min_length=3)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class SourcedLimit(_Part):
    limit: ParsedLimit
    source: Source


class SourcedCount(_Part):
    count: int = Field(ge=0, le=1_000)
    source: Source


class StageLimits(_Part):
    """How long each stage may take."""

    plan: SourcedLimit
    approval: SourcedLimit
    rectification: SourcedLimit
    verification: SourcedLimit
    close_out: SourcedLimit


class Limits(_Part):
    ordinary: StageLimits
    major: StageLimits


class Numbering(_Part):
    case: str = "YH{year}-{n:06d}"

    @model_validator(mode="after")
    def _numbers_differ(self) -> Self:
        try:
            distinct = {self.case.format(year=y, n=n) for y in (2026, 2027) for n in (1, 2)}
        except (KeyError, IndexError, ValueError) as fault:
            message = f"only {{year}} and {{n}} may be used ({fault!r})"
            raise ValueError(message) from fault
        if len(distinct) != 4:
            message = "both {year} and {n} must occur, else numbers repeat"
            raise ValueError(message)
        return self


class PlanBounds(_Part):
    longest_ordinary: SourcedLimit
    longest_major: SourcedLimit


class ExtensionBounds(_Part):
    most: SourcedCount
    longest: SourcedLimit


class StepKind(StrEnum):
    REMIND = "remind"
    OVERDUE = "overdue"


class Step(_Part):
    """Something said at a working-day ``offset`` from a clock's due day: "-3wd", "0wd", "10wd"."""

    key: str = Field(pattern=r"^[a-z0-9-]{1,24}$")
    offset: str = Field(pattern=r"^-?\d{1,3}wd$")
    kind: StepKind
    source: Source

    @property
    def workdays(self) -> int:
        return int(self.offset.removesuffix("wd"))

    @model_validator(mode="after")
    def _reminds_before_and_warns_after(self) -> Self:
        if (self.workdays < 0) is not (self.kind is StepKind.REMIND):
            message = "a remind step has a negative offset, an overdue step none or a positive one"
            raise ValueError(message)
        return self


class EvidenceBounds(_Part):
    most_megabytes: SourcedCount


class Category(_Part):
    key: str = Field(pattern=r"^[a-z_]{2,24}$")
    zh: str = Field(min_length=1, max_length=20)
    en: str = Field(min_length=1, max_length=60)
    aliases: tuple[str, ...] = ()

    @property
    def label(self) -> Wording:
        return Wording(self.zh, self.en)


class Policy(_Part):
    """All that may differ from one committee to the next."""

    schema_version: Literal[1] = Field(alias="schema")
    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    title: str = Field(min_length=1, max_length=80)
    effective_from: date
    numbering: Numbering = Numbering()
    limits: Limits
    plan: PlanBounds
    extension: ExtensionBounds
    steps: tuple[Step, ...] = Field(min_length=1, max_length=20)
    evidence: EvidenceBounds
    categories: tuple[Category, ...] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _steps_climb_and_keys_are_unique(self) -> Self:
        offsets = [step.workdays for step in self.steps]
        if offsets != sorted(set(offsets)):
            message = "steps must stand in the order of their offsets, each offset once"
            raise ValueError(message)
        for what, keys in (
            ("steps", [step.key for step in self.steps]),
            ("categories", [category.key for category in self.categories]),
        ):
            if len(keys) != len(set(keys)):
                message = f"{what}: the same key twice"
                raise ValueError(message)
        return self

    def limit(self, level: Level, stage: Stage) -> Limit:
        """Return how long ``stage`` may take for a hazard of ``level``."""
        sourced: SourcedLimit = getattr(getattr(self.limits, level.value), stage.value)
        return sourced.limit

    def longest_plan(self, level: Level) -> Limit:
        """Return how far ahead a plan's deadline may lie."""
        bounds = self.plan
        return (bounds.longest_major if level is Level.MAJOR else bounds.longest_ordinary).limit

    def category(self, written: str) -> Category | None:
        """Return the category a ledger means by ``written``, by key, label or alias."""
        return self._categories_by_name.get(written.strip())

    @cached_property
    def _categories_by_name(self) -> Mapping[str, Category]:
        found: dict[str, Category] = {}
        for category in self.categories:
            for name in (category.key, category.zh, category.en, *category.aliases):
                found.setdefault(name, category)
        return found


def read_policy(text: str, *, where: str = "policy") -> Policy:
    """Parse and check a policy file.

    Raise PolicyTrouble naming the file and key, with a remedy, for the first fault found.
    """
    try:
        return Policy.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise PolicyTrouble(
            Wording(f"不是有效的 TOML:{fault}", f"not valid TOML: {fault}"),
            remedy=Wording("请按提示的行列修改。", "Mend the line and column named."),
            where=where,
        ) from fault
    except ValidationError as fault:
        raise _trouble(fault, where) from fault


def digest(text: str) -> str:
    """Return the version of a policy text: the first 12 hexadecimal digits of its SHA-256."""
    return sha256(text.encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def default_text() -> str:
    """Return the policy for schools that ships with the product."""
    return files("rules").joinpath("policies/school.toml").read_text(encoding="utf-8")


def _trouble(fault: ValidationError, where: str) -> PolicyTrouble:
    first = fault.errors()[0]
    key = ".".join(str(part) for part in first["loc"]) or "(file)"
    message = first["msg"].removeprefix("Value error, ")
    more = len(fault.errors()) - 1
    return PolicyTrouble(
        Wording(f"不能采用:{message}", f"cannot be adopted: {message}"),
        remedy=Wording(
            f"请改正该键{f'(另有 {more} 处)' if more else ''};完整示例见 bihuan policy show。",
            f"Mend this key{f' (and {more} more)' if more else ''}; "
            "`bihuan policy show` prints a complete example.",
        ),
        where=f"{where}: {key}",
    )
