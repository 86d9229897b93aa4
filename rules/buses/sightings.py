"""What the city's platform tells of a bus, and what is wrong with it: when it moves, and how fast.

校车安全管理条例 第35条: 80 km/h on expressways, 60 elsewhere, 20 on sharp bends, steep, narrow or
slippery roads and in low visibility; a lower posted limit prevails, which the platform reports.
专项整治方案 二.6: outside school runs, on days off and in breaks a bus 原则上一律不得移动.
"""

from collections.abc import Sequence
from datetime import datetime, time
from enum import StrEnum
from typing import NamedTuple

from rules.wording import Wording
from rules.workdays import CHINA, Calendar

MOVING = 5
"""km/h from which a bus moves, our choice: a parked receiver drifts by less."""


class Seen(StrEnum):
    """What a sighting is."""

    POSITION = "position"
    VIOLATION = "violation"

    @property
    def label(self) -> Wording:
        return _SEEN[self]


_SEEN = {
    Seen.POSITION: Wording("定位", "position"),
    Seen.VIOLATION: Wording("违法", "violation"),
}


class Road(StrEnum):
    EXPRESSWAY = "expressway"
    ORDINARY = "ordinary"
    SPECIAL = "special"

    @property
    def label(self) -> Wording:
        return _ROADS[self]

    @property
    def limit(self) -> int:
        """Return the highest speed allowed, in km/h."""
        return _LIMITS[self]


_ROADS = {
    Road.EXPRESSWAY: Wording("高速公路", "expressway"),
    Road.ORDINARY: Wording("其他道路", "other road"),
    Road.SPECIAL: Wording("急弯、陡坡、窄路等", "bend, slope or narrow road"),
}
_LIMITS = {Road.EXPRESSWAY: 80, Road.ORDINARY: 60, Road.SPECIAL: 20}


class Stray(StrEnum):
    """Why a movement was not allowed."""

    OUTSIDE = "outside"
    OFF_DAY = "off_day"
    VETOED = "vetoed"

    @property
    def label(self) -> Wording:
        return _FAULTS[self]


_FAULTS = {
    Stray.OUTSIDE: Wording("在准许时段外移动", "moved outside its permitted times"),
    Stray.OFF_DAY: Wording("在节假日或假期移动", "moved on a day off or in a break"),
    Stray.VETOED: Wording("已被一概否决仍移动", "moved although it is vetoed"),
}


class Run(NamedTuple):
    """A stretch of the day in which a bus may run, first and last minute included."""

    start: time
    end: time

    def holds(self, moment: time) -> bool:
        return self.start <= moment.replace(second=0, microsecond=0) <= self.end


USUAL = (Run(time(6, 0), time(8, 30)), Run(time(15, 0), time(18, 30)))
"""Of a bus whose route names no times, our choice: that the times lack is a case of its own."""


def is_speeding(speed: int | None, road: Road) -> bool:
    """Return whether a speed in km/h is over the limit; at the limit it is not."""
    return speed is not None and speed > road.limit


def is_moving(speed: int | None) -> bool:
    """Return whether a bus moves; without a speed nobody can tell, and it is left alone."""
    return speed is not None and speed >= MOVING


def movement_fault(
    at: datetime, runs: Sequence[Run], calendar: Calendar, *, vetoed: bool
) -> Stray | None:
    """Return why a bus may not move at a moment, the gravest reason first; None when it may."""
    local = at.astimezone(CHINA)
    if vetoed:
        return Stray.VETOED
    if not calendar.likely_school_day(local.date()):
        return Stray.OFF_DAY
    return None if any(run.holds(local.time()) for run in runs) else Stray.OUTSIDE


def runs_of(*ends: str) -> list[Run]:
    """Return the runs between pairs of times as a route names them; a pair half blank is none."""
    pairs = zip(ends[::2], ends[1::2], strict=True)
    return [Run(time.fromisoformat(a), time.fromisoformat(b)) for a, b in pairs if a and b]
