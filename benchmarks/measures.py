"""How a figure is taken and shown: medians of runs that alternate, as ratios against a floor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured ratio with the goal it is held against (None: shown only)."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool:
        return self.goal is None or self.value <= self.goal

    def line(self) -> str:
        goal = f"≤ {self.goal:g}" if self.goal is not None else ""
        mark = "" if self.goal is None else ("ok" if self.holds else "MISSED")
        return f"{self.name:<58} {self.value:>10.3f} {self.unit:<6} {goal:<8} {mark:<7} {self.note}"


def seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def alternate(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Return the median seconds of each piece of work, run in turn so that drift hits all."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for kept, work in zip(taken, works, strict=True):
            kept.append(seconds(work))
    return [median(each) for each in taken]


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
