"""What the statistics count, defined once in words, and the arithmetic on what was counted.

A stay is a case's time in one stage, from entering to leaving it, extensions and new starts of its
clock included. A rate whose denominator is 0 is None, never 0.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rules.access import Role
from rules.deadlines import Stage
from rules.wording import Wording

CONTINUING = ("grant_extension", "grade", "transfer", "no_access")
"""What starts a clock within the stage it is in; every other cause enters a stage."""


class Grouping(StrEnum):
    """What the figures are broken down by; months and quarters are those of the beginning."""

    NONE = "none"
    UNIT = "unit"
    CLUSTER = "cluster"
    CATEGORY = "category"
    LEVEL = "level"
    MONTH = "month"
    QUARTER = "quarter"

    @property
    def label(self) -> Wording:
        return _GROUPINGS[self]


@dataclass(slots=True)
class Stays:
    """The stays in one stage: how many took how many days, apart from those still running.

    ``late`` counts those whose clock had run over, ended or not; ``late_running`` those of them
    that still run.
    """

    ended: Counter[int] = field(default_factory=Counter)
    running: Counter[int] = field(default_factory=Counter)
    late: int = 0
    late_running: int = 0

    def add(self, days: int, *, running: bool, late: bool, count: int) -> None:
        (self.running if running else self.ended)[days] += count
        self.late += count * late
        self.late_running += count * (late and running)

    def prune(self) -> None:
        """Drop days that none took in the end: what was added there was taken away again."""
        self.ended, self.running = +self.ended, +self.running

    @property
    def decided(self) -> int:
        """Return how many were on time or late for good: ended, or already run over."""
        return self.ended.total() + self.late_running

    @property
    def on_time_rate(self) -> float | None:
        return rate(self.decided - self.late, self.decided)

    def quantile(self, share: float) -> int | None:
        """Return the days by which ``share`` of stays have ended; None when not reached yet."""
        return survival_quantile(self.ended, self.running, share)


def rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def survival_quantile(
    ended: Mapping[int, int], running: Mapping[int, int], share: float
) -> int | None:
    """Return the Kaplan–Meier estimate of the days by which ``share`` of stays have ended.

    Stays that still run count among those at risk up to their present length and no longer: left
    out, the longest would be missing and every stage look faster than it is.
    Source: Kaplan, Meier, JASA 53 (1958) 457–481.
    """
    at_risk, surviving = sum(ended.values()) + sum(running.values()), 1.0
    for days in sorted({*ended, *running}):
        surviving *= 1 - ended.get(days, 0) / at_risk
        # A hair's breadth for the products of fractions: 1/3 · 3/2 is a half.
        if surviving <= 1 - share + 1e-12:
            return days
        at_risk -= ended.get(days, 0) + running.get(days, 0)
    return None


def together(stays: Iterable[Stays]) -> Stays:
    """Return stays of several stages or groups as one."""
    found = Stays()
    for each in stays:
        found.ended += each.ended
        found.running += each.running
        found.late += each.late
        found.late_running += each.late_running
    return found


LET_IT_LIE: dict[Stage, tuple[Role, ...]] = {
    Stage.PLAN: (Role.OWNER,),
    Stage.APPROVAL: (Role.HEAD, Role.CLUSTER),
    Stage.RECTIFICATION: (Role.OWNER,),
    Stage.VERIFICATION: (Role.VERIFIER,),
    Stage.CLOSE_OUT: (Role.CLUSTER, Role.COMMITTEE),
}
"""Who holds a case in each stage, as ``rules.case.Facts.holder`` decides."""

DEFINITIONS: dict[str, Wording] = {
    "reported": Wording("期间内上报的案件数", "cases reported in the period"),
    "closed": Wording(
        "其中到截止时已销号（不含撤销）", "of these, closed by its end, voided ones apart"
    ),
    "voided": Wording("其中撤销（误报、重复）", "of these, voided: misreports and duplicates"),
    "open": Wording("其中到截止时未销号", "of these, not closed by its end"),
    "listing_rate": Wording(
        "挂牌率 = 曾挂牌的案件 ÷ 上报的案件（不含撤销）",
        "listing rate = cases ever listed ÷ cases reported, voided ones apart",
    ),
    "relapse_rate": Wording(
        "复发率 = 验收或销号后被重开的案件 ÷ 曾验收或销号的案件",
        "relapse rate = cases opened again ÷ cases ever verified or closed",
    ),
    "ended": Wording(
        "期间内进入该环节、到截止时已离开的次数", "stays begun in the period and ended by its end"
    ),
    "running": Wording(
        "到截止时仍在该环节的次数（右删失）", "stays still running at its end (right-censored)"
    ),
    "late": Wording(
        "该环节时限曾被超过的次数，延期获准前未超的不算；责任在当时持有案件的人",
        "stays whose due date was passed before it was extended or met; whoever held the case "
        "let it lie",
    ),
    "on_time_rate": Wording(
        "按期率 = 未超时限而离开的 ÷（已离开的 + 仍在且已超时限的）",
        "on-time rate = left before the due date ÷ (left + still there and already late)",
    ),
    "median_days": Wording(
        "中位天数：半数已离开所需的日历天数，Kaplan–Meier 估计，仍在的按删失计；未到则空",
        "median: calendar days by which half have left, by Kaplan–Meier with those still there "
        "as censored; blank when not reached",
    ),
    "p90_days": Wording(
        "90% 分位天数：同上，九成已离开", "90th percentile: the same for nine in ten"
    ),
}
_GROUPINGS = {
    Grouping.NONE: Wording("全部", "all"),
    Grouping.UNIT: Wording("单位", "unit"),
    Grouping.CLUSTER: Wording("片区", "cluster"),
    Grouping.CATEGORY: Wording("品目", "category"),
    Grouping.LEVEL: Wording("等级", "level"),
    Grouping.MONTH: Wording("月份", "month"),
    Grouping.QUARTER: Wording("季度", "quarter"),
}
