"""A policy: limits, steps, numbering and categories, as TOML that is checked before it is adopted.

A policy is frozen and named by the digest of its text. Adopted versions are kept; a running clock
keeps the version it began with.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from rules.case import Level
from rules.deadlines import Limit, Stage
from rules.faults import Unfit, key_of, problem_of, remedy_of, toml_problem
from rules.wording import NOTHING, Trouble, Wording


class PolicyTrouble(Trouble):
    """A policy file that cannot be adopted; ``where`` is its file and key."""


def _limit(value: object) -> Limit:
    return value if isinstance(value, Limit) else Limit.parse(str(value))


ParsedLimit = Annotated[Limit, BeforeValidator(_limit)]
Source = Annotated[str, Field(min_length=3)]

_NUMBER_FIELD = re.compile(r"\{year\}|\{n(?::0[1-9]d)?\}")
# A case's number stands in addresses and file names.
_UNFIT_FOR_NUMBERS = re.compile(r"""[\s\x00-\x1f\x7f{}/\\?#%:*"'<>|&]""")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class SourcedLimit(_Part):
    limit: ParsedLimit
    source: Source


class SourcedCount(_Part):
    count: int = Field(strict=True, ge=0, le=1_000)
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
    """How a case's number is written: "{year}", "{n}" or, with leading zeros, "{n:06d}"."""

    case: str = Field(default="YH{year}-{n:06d}", max_length=30)

    @model_validator(mode="after")
    def _numbers_differ_and_fit_an_address(self) -> Self:
        fields = _NUMBER_FIELD.findall(self.case)
        around = _NUMBER_FIELD.sub("", self.case)
        if sorted(field[1] for field in fields) != ["n", "y"] or _UNFIT_FOR_NUMBERS.search(around):
            raise Unfit(
                Wording(f"编号格式“{self.case}”不可用", f"{self.case!r} cannot number cases"),
                remedy=Wording(
                    "须含 {year} 和 {n}（可写 {n:06d}）各一次，不得含空格和 / \\ ? # % 等符号。",
                    r"It takes {year} and {n} (or {n:06d}) once each, no spaces and no / \ ? # %.",
                ),
            )
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
            raise Unfit(
                Wording(
                    f"{self.kind.value} 与偏移 {self.offset} 不符",
                    f"a step of kind {self.kind.value} cannot stand at {self.offset}",
                ),
                remedy=Wording(
                    "提醒（remind）在到期前，偏移为负；逾期（overdue）为 0 或正数。",
                    "A remind step has a negative offset, an overdue step none or a positive one.",
                ),
            )
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
    effective_from: date = Field(strict=True)
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
            raise Unfit(
                Wording("steps 的偏移重复或顺序不对", "the offsets of steps repeat or go back"),
                remedy=Wording("请按偏移从小到大排列。", "Put them in the order of their offsets."),
            )
        _require_unique("steps", [step.key for step in self.steps])
        _require_unique("categories", [category.key for category in self.categories])
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
        return Policy.model_validate(tomllib.loads(text.removeprefix(_BYTE_ORDER_MARK)))
    except ValidationError as fault:
        raise _unadoptable(fault, where) from fault
    except (ValueError, RecursionError) as fault:
        # ValueError: TOMLDecodeError, and a number of thousands of digits. RecursionError: "[[[[…".
        raise PolicyTrouble(
            toml_problem(fault),
            remedy=Wording("请按提示的行列修改。", "Mend the line and column named."),
            where=where,
        ) from fault


def digest(text: str) -> str:
    """Return the version of a policy text: the first 12 hexadecimal digits of its SHA-256."""
    return sha256(text.encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def default_text() -> str:
    """Return the policy for schools that ships with the product."""
    return files("rules").joinpath("policies/school.toml").read_text(encoding="utf-8")


_BYTE_ORDER_MARK = "\ufeff"  # Windows' Notepad writes one


def _require_unique(what: str, keys: Sequence[str]) -> None:
    twice = [key for key in keys if keys.count(key) > 1]
    if twice:
        raise Unfit(
            Wording(f"{what} 中的 key “{twice[0]}”重复", f"{what}: the key {twice[0]!r} twice"),
            remedy=Wording("每个 key 只能用一次。", "Use each key once."),
        )


def _unadoptable(fault: ValidationError, where: str) -> PolicyTrouble:
    first, *more = fault.errors(include_url=False)
    problem, remedy = problem_of(first), remedy_of(first)
    others = Wording(f"另有 {len(more)} 处。", f" {len(more)} more to mend.") if more else NOTHING
    return PolicyTrouble(
        Wording(f"不能采用：{problem.zh}", f"cannot be adopted: {problem.en}"),
        remedy=Wording(
            f"{remedy.zh}{others.zh}完整示例见 bihuan policy show。",
            f"{remedy.en}{others.en} `bihuan policy show` prints a complete example.".strip(),
        ),
        where=f"{where}: {key_of(first)}",
    )
