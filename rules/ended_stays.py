"""The stays of a closed case, each made of the clocks that follow each other in one stage."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import accumulate, groupby
from typing import NamedTuple, Protocol

from rules.deadlines import Stage
from rules.workdays import china_day

CONTINUING = ("grant_extension", "grade", "transfer", "no_access")
"""What starts a clock within the stage it is in; every other cause enters a stage."""


class Stopped(Protocol):
    """What is read of a clock that stopped, in the order of ``no``."""

    @property
    def stage(self) -> Stage: ...
    @property
    def cause(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def stopped_at(self) -> datetime: ...


class EndedStay(NamedTuple):
    """A stage from entering to leaving it; ``days`` are calendar days in China."""

    stage: Stage
    began: datetime
    days: int
    late: bool


def ended_stays(clocks: Sequence[Stopped]) -> Iterator[EndedStay]:
    """Yield the stays of a case all of whose clocks have stopped, in order."""
    entries = accumulate(each.cause not in CONTINUING for each in clocks)
    numbered = zip(entries, clocks, strict=True)
    for (_, stage), group in groupby(numbered, key=lambda each: (each[0], each[1].stage)):
        own = [clock for _, clock in group]
        began = min(each.started_at for each in own)
        ended = max(each.stopped_at for each in own)
        days = (china_day(ended) - china_day(began)).days
        yield EndedStay(stage, began, days, any(each.due_at <= each.stopped_at for each in own))
