"""A policy: limits, steps, numbering and categories, as TOML that is checked before it is adopted.

A policy is frozen and named by the digest of its text. Adopted versions are kept; a running clock
keeps the version it began with.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from rules.bounds import (
    EvidenceBounds,
    ExtensionBounds,
    Numbering,
    OrderBounds,
    PlanBounds,
    Sending,
    SweepBounds,
)
from rules.case import Level
from rules.deadlines import Limit, Stage
from rules.faults import Unfit, key_of, problem_of, remedy_of, toml_problem
from rules.filings.bounds import FilingBounds
from rules.ladder import Ladder
from rules.lookback.bounds import LookbackBounds
from rules.parts import Part, SourcedLimit
from rules.stock.transfers import StockBounds
from rules.wording import NOTHING, Trouble, Wording


class PolicyTrouble(Trouble):
    """A policy file that cannot be adopted; ``where`` is its file and key."""


class StageLimits(Part):
    """How long each stage may take."""

    plan: SourcedLimit
    approval: SourcedLimit
    rectification: SourcedLimit
    verification: SourcedLimit
    close_out: SourcedLimit


class Limits(Part):
    ordinary: StageLimits
    major: StageLimits


class Category(Part):
    key: str = Field(pattern=r"^[a-z_]{2,24}$")
    zh: str = Field(min_length=1, max_length=20)
    en: str = Field(min_length=1, max_length=60)
    aliases: tuple[str, ...] = ()

    @property
    def label(self) -> Wording:
        return Wording(self.zh, self.en)


class Policy(Part):
    """All that may differ from one committee to the next."""

    schema_version: Literal[1] = Field(alias="schema")
    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    title: str = Field(min_length=1, max_length=80)
    effective_from: date = Field(strict=True)
    numbering: Numbering = Numbering()
    limits: Limits
    plan: PlanBounds
    extension: ExtensionBounds
    ladders: tuple[Ladder, ...] = Field(min_length=1, max_length=40)
    sweep: SweepBounds
    orders: OrderBounds
    sending: Sending
    evidence: EvidenceBounds
    lookback: LookbackBounds = LookbackBounds()
    filings: FilingBounds = FilingBounds()
    stock: StockBounds = StockBounds()
    categories: tuple[Category, ...] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _every_case_has_a_ladder_and_keys_are_unique(self) -> Self:
        _require_unique("ladders", [ladder.name for ladder in self.ladders])
        _require_unique("categories", [category.key for category in self.categories])
        known = {category.key for category in self.categories}
        for ladder in self.ladders:
            strange = sorted(set(ladder.categories) - known)
            if strange:
                raise Unfit(
                    Wording(
                        f"{ladder.name} 的品目 {strange[0]} 不存在",
                        f"{ladder.name}: there is no category {strange[0]}",
                    ),
                    remedy=Wording("请用 categories 中的 key。", "Use a key of categories."),
                )
        if not self.ladders[-1].fits_all:
            raise Unfit(
                Wording("最后一架梯不能有限定条件", "the last ladder must fit every case"),
                remedy=Wording(
                    "请去掉它的 levels、categories、stages。",
                    "Leave out its levels, categories and stages.",
                ),
            )
        return self

    def ladder(self, level: Level, category: str, stage: Stage) -> Ladder:
        """Return the ladder of a clock: the first that fits."""
        key = (level, category, stage)
        if key not in self._ladders_by_clock:
            self._ladders_by_clock[key] = next(each for each in self.ladders if each.fits(*key))
        return self._ladders_by_clock[key]

    @cached_property
    def _ladders_by_clock(self) -> dict[tuple[Level, str, Stage], Ladder]:
        return {}

    def limit(self, level: Level, stage: Stage) -> Limit:
        """Return how long ``stage`` may take for a hazard of ``level``."""
        sourced: SourcedLimit = getattr(getattr(self.limits, level.value), stage.value)
        return sourced.limit

    def order_term(self, level: Level) -> Limit:
        """Return the term of a supervision order that was given none."""
        bounds = self.orders
        return (bounds.term_major if level is Level.MAJOR else bounds.term_ordinary).limit

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
