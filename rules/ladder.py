"""The ladder 逐级催办: who hears of a clock, when, and when a supervision order is issued.

A ladder is chosen by the hazard's level and category and by the stage of the clock, so that a
late approver or verifier climbs one as well. Its rungs stand at offsets from the clock's due.
"""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import BeforeValidator, Field, model_validator

from rules.case import Level, Listing
from rules.deadlines import Stage
from rules.deadlines import Unit as TimeUnit
from rules.faults import Unfit
from rules.parts import ParsedLimit, Part, Source
from rules.wording import Wording
from rules.workdays import Calendar, close_of, day_due


class StepKind(StrEnum):
    REMIND = "remind"
    OVERDUE = "overdue"


class Audience(StrEnum):
    """Who is told, by their place relative to whoever the case waits for, or by role."""

    HOLDER = "holder"
    SUPERIOR = "superior"
    SECOND_SUPERIOR = "second_superior"
    OWNER = "owner"
    HEAD = "head"
    CLUSTER = "cluster"
    COMMITTEE = "committee"


class OrderLevel(StrEnum):
    """Who supervises an order 挂牌督办: the cluster, or the committee."""

    CLUSTER = "cluster"
    COMMITTEE = "committee"

    @property
    def label(self) -> Wording:
        cluster = self is OrderLevel.CLUSTER
        return Wording("片区级", "cluster") if cluster else Wording("专委会级", "committee")


class Offset(NamedTuple):
    """A signed distance from a due moment: "-3wd", "0wd", "10d", "-24h"."""

    amount: int
    unit: TimeUnit

    def __str__(self) -> str:
        return f"{self.amount}{_SUFFIXES[self.unit]}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a signed amount and its unit; raise Unfit."""
        found = _OFFSET.fullmatch(text.strip())
        if found is None:
            raise Unfit(
                Wording(f"无法识别的偏移“{text}”", f"{text!r} is not an offset"),
                remedy=Wording(
                    "例如 -3wd（前 3 个工作日）、0wd（到期时）、10d（后 10 日）、-24h。",
                    "For example -3wd, 0wd, 10d or -24h.",
                ),
            )
        return cls(int(found["amount"]), _UNITS[found["unit"]])

    def from_due(self, due_at: datetime, calendar: Calendar) -> datetime:
        """Return the moment it means: before due the first of its day, after due the last.

        "0wd" is the due moment itself, when the case becomes late.
        """
        if self.unit is TimeUnit.HOURS or self.amount == 0:
            return due_at + timedelta(hours=self.amount)
        due_day = day_due(due_at)
        if self.unit is TimeUnit.WORKDAYS:
            day = calendar.estimate(due_day, self.amount).day
        else:
            day = due_day + timedelta(days=self.amount)
        return close_of(day if self.amount > 0 else day - timedelta(days=1))

    def after(self, moment: datetime, calendar: Calendar) -> datetime:
        """Return the moment this far after another; a day's distance keeps the time of day."""
        if self.unit is TimeUnit.HOURS:
            return moment + timedelta(hours=self.amount)
        if self.unit is TimeUnit.DAYS:
            return moment + timedelta(days=self.amount)
        start = day_due(moment)
        return moment + (calendar.estimate(start, self.amount).day - start)


def _offset(value: object) -> Offset:
    return value if isinstance(value, Offset) else Offset.parse(str(value))


ParsedOffset = Annotated[Offset, BeforeValidator(_offset)]


class Repeat(Part):
    """Say it again every so often until somebody acknowledges, at most so many times."""

    every: ParsedLimit
    most: int = Field(strict=True, ge=1, le=50)


class OrderTerms(Part):
    """The supervision order a rung issues."""

    level: OrderLevel
    kind: Listing = Listing.SUPERVISION
    term: ParsedLimit
    demands: str = Field(min_length=1, max_length=500)


class Rung(Part):
    """One rung. ``urgent`` passes quiet hours and holidays."""

    key: str = Field(pattern=r"^[a-z0-9-]{1,20}$")
    offset: ParsedOffset
    tell: tuple[Audience, ...] = Field(min_length=1, max_length=6)
    urgent: bool = False
    repeat: Repeat | None = None
    order: OrderTerms | None = None
    source: Source

    @property
    def kind(self) -> StepKind:
        return StepKind.REMIND if self.offset.amount < 0 else StepKind.OVERDUE

    @model_validator(mode="after")
    def _only_the_late_are_repeated_or_listed(self) -> Self:
        if self.kind is StepKind.REMIND and (self.repeat or self.order):
            raise Unfit(
                Wording(
                    f"到期前的 {self.key} 不能重复，也不能挂牌",
                    f"{self.key} stands before due: it can neither repeat nor list",
                ),
                remedy=Wording("请把 offset 改为 0 或正数。", "Give it an offset of 0 or more."),
            )
        return self


class Ladder(Part):
    """Rungs for some levels, categories and stages; what is left out means all of them."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    levels: tuple[Level, ...] = tuple(Level)
    categories: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = tuple(Stage)
    rungs: tuple[Rung, ...] = Field(min_length=1, max_length=20)

    def fits(self, level: Level, category: str, stage: Stage) -> bool:
        categories = not self.categories or category in self.categories
        return level in self.levels and stage in self.stages and categories

    @property
    def fits_all(self) -> bool:
        whole = set(self.levels) == set(Level) and set(self.stages) == set(Stage)
        return whole and not self.categories

    @model_validator(mode="after")
    def _climbs(self) -> Self:
        keys = [rung.key for rung in self.rungs]
        if len(keys) != len(set(keys)):
            raise Unfit(
                Wording(f"{self.name} 中的 key 重复", f"{self.name}: a key occurs twice"),
                remedy=Wording("每个 key 只能用一次。", "Use each key once."),
            )
        lists = [number for number, rung in enumerate(self.rungs) if rung.order]
        if len(lists) > 1:
            raise Unfit(
                Wording(f"{self.name} 有两级都要挂牌", f"{self.name} lists on two rungs"),
                remedy=Wording("一架梯只能有一级挂牌。", "Keep the order on one rung."),
            )
        return self

    def __hash__(self) -> int:
        return id(self)  # a policy is parsed once; hashing all its fields cost more than a sweep


class Planned(NamedTuple):
    """A rung and the moment it falls due; ``again`` counts its repeats, 0 the first time."""

    rung: Rung
    again: int
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.rung.key}.{self.again}" if self.again else self.rung.key


_SUFFIXES = {TimeUnit.WORKDAYS: "wd", TimeUnit.DAYS: "d", TimeUnit.HOURS: "h"}
_UNITS = {suffix: unit for unit, suffix in _SUFFIXES.items()}
_OFFSET = re.compile(r"(?P<amount>[+-]?\d{1,4})(?P<unit>wd|d|h)")
