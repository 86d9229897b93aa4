"""Stage clocks: how long a stage may take, when that is over, and whether it is late.

A period is counted as 《民法典》 Art. 201 and 203 count it: by days, the starting day is not
counted and the last day ends at twenty-four hours; by hours, it runs from the moment itself.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Generic, Self, TypeVar

from rules.wording import Trouble, Wording
from rules.workdays import Calendar, china_day, close_of, day_due

Answer = TypeVar("Answer")


class LimitTrouble(Trouble, ValueError):
    """A limit that cannot be read; a ValueError too, so that validators pass it on."""


class Stage(StrEnum):
    PLAN = "plan"
    APPROVAL = "approval"
    RECTIFICATION = "rectification"
    VERIFICATION = "verification"
    CLOSE_OUT = "close_out"

    @property
    def label(self) -> Wording:
        return _STAGE_LABELS[self]


class Unit(StrEnum):
    WORKDAYS = "workdays"
    DAYS = "days"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Limit:
    """A positive amount of one unit, written "3wd", "10d" or "24h"."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 < self.amount <= _LONGEST:
            raise _unreadable(f"{self.amount}{_SUFFIXES[self.unit]}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "3wd", "10d", "24h", "3个工作日", "10日" or "24小时". Raises LimitTrouble."""
        found = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip().lower())
        unit = _UNITS.get(found["unit"]) if found else None
        if found is None or unit is None:
            raise _unreadable(text)
        return cls(int(found["amount"]), unit)

    def __str__(self) -> str:
        return f"{self.amount}{_SUFFIXES[self.unit]}"

    @property
    def label(self) -> Wording:
        zh, en = _UNIT_LABELS[self.unit]
        return Wording(f"{self.amount}{zh}", f"{self.amount} {en}{'' if self.amount == 1 else 's'}")


@dataclass(frozen=True, slots=True)
class Due:
    """The first moment that is late, whether it was estimated, and by which calendar version."""

    at: datetime
    estimated: bool
    calendar: str


@dataclass(frozen=True, slots=True)
class Threshold(Generic[Answer]):
    """What applies from ``bound`` upwards, the bound included: 以上 includes the number, as
    Art. 3 of 《生产安全事故报告和调查处理条例》 defines it.
    """

    bound: int
    answer: Answer


def due(started_at: datetime, limit: Limit, calendar: Calendar, *, roll: bool = True) -> Due:
    """When a clock started at an aware moment runs out.

    A last calendar day that is not worked moves to the next working day (《民法典》 Art. 203)
    unless ``roll`` is off. Past the calendar's end the answer is an estimate. Raises CalendarEnds
    before the calendar's beginning.
    """
    start = china_day(started_at)
    if limit.unit is Unit.HOURS:
        at = started_at + timedelta(hours=limit.amount)
        return Due(at, estimated=False, calendar=calendar.version)
    if limit.unit is Unit.WORKDAYS:
        last = calendar.estimate(start, limit.amount)
        return Due(close_of(last.day), last.estimated, calendar.version)
    day = start + timedelta(days=limit.amount)
    if roll and not calendar.likely_workday(day):
        day = calendar.estimate(day, 1).day
    return Due(close_of(day), roll and not calendar.covers(day), calendar.version)


def is_overdue(due_at: datetime, at: datetime) -> bool:
    return at >= due_at


def days_late(due_at: datetime, at: datetime) -> int:
    """Calendar days past the due day: a case is late the day after, not one second after.

    0 on time, 1 from the first midnight. A limit in hours is overdue at once, a day late tomorrow.
    """
    return max(0, (china_day(at) - day_due(due_at)).days)


def days_left(due_at: datetime, at: datetime) -> int:
    """Calendar days to the due day: 0 on that day and after it."""
    return max(0, (day_due(due_at) - china_day(at)).days)


def band(value: int | Decimal, bands: Sequence[Threshold[Answer]]) -> Answer:
    """The answer of the highest bound that ``value`` reaches, in whatever order they stand.

    Raises ValueError for a value below every bound.
    """
    reached = [each for each in bands if value >= each.bound]
    if not reached:
        raise ValueError(f"{value} is below every band")
    return max(reached, key=lambda each: each.bound).answer


# Long enough for any treatment, short enough that every date stays on the calendar.
_LONGEST = 9999
_WRITTEN = re.compile(r"(?P<amount>[0-9]{1,4})\s*(?P<unit>[a-z个工作自然日天小时]+)")
_SUFFIXES = {Unit.WORKDAYS: "wd", Unit.DAYS: "d", Unit.HOURS: "h"}
_UNITS = {
    **{suffix: unit for unit, suffix in _SUFFIXES.items()},
    **dict.fromkeys(("个工作日", "工作日"), Unit.WORKDAYS),
    **dict.fromkeys(("日", "天", "个自然日", "自然日"), Unit.DAYS),
    **dict.fromkeys(("小时", "个小时"), Unit.HOURS),
}
_UNIT_LABELS = {
    Unit.WORKDAYS: ("个工作日", "working day"),
    Unit.DAYS: ("日", "day"),
    Unit.HOURS: ("小时", "hour"),
}
_STAGE_LABELS = {
    Stage.PLAN: Wording("报方案", "plan"),
    Stage.APPROVAL: Wording("审批", "approval"),
    Stage.RECTIFICATION: Wording("整改", "rectification"),
    Stage.VERIFICATION: Wording("验收", "verification"),
    Stage.CLOSE_OUT: Wording("销号", "close-out"),
}


def _unreadable(text: str) -> LimitTrouble:
    return LimitTrouble(
        Wording(f"无法识别的期限“{text}”。", f"'{text}' is not a limit."),
        remedy=Wording(
            "请写 1 到 9999 的整数加单位，如 3wd（3个工作日）、10d（10日）、24h（24小时）。",
            "Write 1 to 9999 and a unit: 3wd (working days), 10d (days) or 24h (hours).",
        ),
    )
