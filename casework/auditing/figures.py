"""The figures of one group of cases, being put together: counts, and stays by stage."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.deadlines import Stage
from rules.statistics import Stays, rate, together

COUNTED = ("reported", "closed", "voided", "open", "listed", "finished", "relapsed")
"""What is counted of cases, in the order in which it is read."""


@dataclass(slots=True)
class Figures:
    """The figures of one group. ``counts`` are cases, ``stages`` their stays by stage."""

    key: str
    name: str = ""
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    stages: Mapping[Stage, Stays] = field(default_factory=lambda: defaultdict(Stays))

    def count(self, **more: int) -> None:
        for name, number in more.items():
            self.counts[name] += number

    def prune(self) -> bool:
        """Drop what came to nothing in adding and taking away; return whether anything is left."""
        for stays in self.stages.values():
            stays.prune()
        counted = any(each.decided or each.running for each in self.stages.values())
        return counted or any(self.counts.values())

    @property
    def listing_rate(self) -> float | None:
        return rate(self.counts["listed"], self.counts["reported"] - self.counts["voided"])

    @property
    def relapse_rate(self) -> float | None:
        return rate(self.counts["relapsed"], self.counts["finished"])

    @property
    def on_time_rate(self) -> float | None:
        return together(self.stages.values()).on_time_rate

    def plain(self) -> dict[str, Any]:
        shown = {name: self.counts[name] for name in ("reported", "closed", "voided", "open")}
        return {
            "key": self.key, "name": self.name, **shown, "on_time_rate": self.on_time_rate,
            "listing_rate": self.listing_rate, "relapse_rate": self.relapse_rate,
            "stages": {stage.value: _plain(self.stages[stage]) for stage in Stage},
        }  # fmt: skip


def _plain(stays: Stays) -> dict[str, Any]:
    return {
        "ended": stays.ended.total(), "running": stays.running.total(), "late": stays.late,
        "late_running": stays.late_running, "on_time_rate": stays.on_time_rate,
        "median_days": stays.quantile(0.5), "p90_days": stays.quantile(0.9),
    }  # fmt: skip
