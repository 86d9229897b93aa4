"""What a policy says of filings: on which day after its period each is due, level by level."""

from datetime import date, timedelta

from pydantic import Field

from rules.filings.periods import Period
from rules.filings.tiers import Tier
from rules.parts import Part, Source

_OUR_CHOICE = "our choice"


class DueDays(Part):
    """Days after the last one of the period; a legal day is not moved by weekends or holidays."""

    unit: int = Field(strict=True, ge=0, le=120)
    cluster: int = Field(strict=True, ge=0, le=120)
    committee: int = Field(strict=True, ge=0, le=120)
    source: Source


def _days(unit: int, cluster: int, committee: int, source: str) -> DueDays:
    return DueDays(unit=unit, cluster=cluster, committee=committee, source=source)


# 总局令第16号 Art. 14 binds the unit: statistics of each quarter by the 15th of the month after it,
# of each year by 31 January. When clusters and the committee have summed them up is our choice.
_ART_14 = "安全生产事故隐患排查治理暂行规定（总局令第16号）Art. 14: "


class FilingBounds(Part):
    """Filings 定期报告, by the kind of their period."""

    day: DueDays = _days(0, 0, 0, "苏州工业园区专项整治方案 2020 二.5：每日一自查")
    week: DueDays = _days(1, 2, 3, "苏州工业园区专项整治方案 2020 二.5：每周一汇总, read as Monday")
    month: DueDays = _days(5, 7, 10, "二.5: 每月一上报 names no day; the days are our choice")
    quarter: DueDays = _days(15, 18, 20, _ART_14 + "次季首月 15 日前; above the unit our choice")
    year: DueDays = _days(31, 35, 40, _ART_14 + "次年 1 月 31 日前; above the unit our choice")
    campaign: DueDays = _days(5, 7, 10, _OUR_CHOICE)

    def due_on(self, period: Period, level: Tier) -> date:
        """Return the last day on which a filing of this period is in time."""
        days: DueDays = getattr(self, period.kind.value)
        after: int = getattr(days, level.value)
        return period.last + timedelta(days=after)

    def source_of(self, period: Period) -> str:
        found: DueDays = getattr(self, period.kind.value)
        return found.source
