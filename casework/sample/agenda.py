"""When people of the story come back to something: in working hours, on working days."""

import heapq
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from rules.workdays import CHINA, china_day, published

# 08:30-11:30 and 14:00-17:30, our choice; the last visit begins half an hour before closing.
_HOURS = (8, 9, 10, 14, 15, 16)
_OPEN = ((time(8, 30), time(11, 0)), (time(14, 0), time(17, 0)))
_SOON = (20, 100)  # minutes


class Agenda:
    """What is to be looked at when. A key has one entry: putting it again moves it."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, str]] = []
        self._valid: dict[str, int] = {}
        self._serial = 0

    def put(self, key: str, at: datetime) -> None:
        self._serial += 1
        self._valid[key] = self._serial
        heapq.heappush(self._heap, (at, self._serial, key))

    def due(self, until: datetime) -> Iterator[tuple[datetime, str]]:
        """Yield what falls before ``until``, in order, with what is put there meanwhile."""
        while self._heap and self._heap[0][0] < until:
            at, serial, key = heapq.heappop(self._heap)
            if self._valid[key] == serial:
                yield at, key


def is_workday(moment: datetime) -> bool:
    return published().likely_workday(china_day(moment))


def working_moment(after: datetime, workdays: int, chance: Random) -> datetime:
    """Return a moment in working hours ``workdays`` on; 0 is later the same working day."""
    today = china_day(after)
    soon = after.astimezone(CHINA) + timedelta(minutes=chance.randint(*_SOON))
    if workdays == 0 and is_workday(after) and soon.date() == today and _is_open(soon.time()):
        return soon
    day = published().estimate(today, max(1, workdays)).day
    minute = time(chance.choice(_HOURS), chance.randint(30, 59), tzinfo=CHINA)
    return datetime.combine(day, minute)


def later_today(morning: datetime, chance: Random) -> datetime:
    """Return a moment of the same day in working hours, from nine o'clock on."""
    minute = time(chance.choice(_HOURS[1:]), chance.randint(0, 59), tzinfo=CHINA)
    return datetime.combine(china_day(morning), minute)


def _is_open(moment: time) -> bool:
    return any(opened <= moment <= closes for opened, closes in _OPEN)
