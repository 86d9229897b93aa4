"""How a figure is taken and shown: medians of runs that alternate, as ratios against a floor."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from sqlalchemy import Engine


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


def processor_seconds(engine: Engine, work: Callable[[], object]) -> float:
    """Return the processor time that ``work`` takes, of this process and of PostgreSQL's.

    On a machine that does other work it tells more than the clock on the wall.
    """
    begun = process_time() + _of_the_server(engine)
    work()
    return process_time() + _of_the_server(engine) - begun


def _of_the_server(engine: Engine) -> float:
    """Return what the server's processes have taken that are there, and of those that are gone."""
    if engine.dialect.name != "postgresql":
        return 0.0
    with engine.connect() as connection:
        folder = connection.exec_driver_sql("SHOW data_directory").scalar_one()
    postmaster = int((Path(folder) / "postmaster.pid").read_text(encoding="ascii").split()[0])
    found = [_stat(each) for each in Path("/proc").iterdir() if each.name.isdigit()]
    ticks = sum(sum(each[11:13]) for each in found if each and each[1] == postmaster)
    ticks += sum(_stat(Path(f"/proc/{postmaster}"))[13:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(process: Path) -> list[int]:
    """Return the numbers of proc(5) stat behind the name, 0 being the state; none when it ended."""
    with suppress(OSError):
        rest = (process / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2]
        return [0, *(int(each) for each in rest.split()[1:])]
    return []


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
