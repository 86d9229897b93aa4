"""A stand-in for the city's platform: plausible days of the registered buses, as its CSV says them.

School runs in the permitted times, now and then too fast, now and then out on a day off. The same
seed, fleet and days give the same file.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from casework.buses.feeding import require_committee
from casework.buses.fleet import Bus, read_fleet
from casework.buses.reading import COLUMNS
from casework.office import Office
from casework.sample.chance import dice
from rules.buses.sightings import Road, Run, Seen
from rules.workdays import CHINA, Calendar, china_day

_EVERY = timedelta(minutes=5)
_OFFENDS, _STRAYS = 0.02, 0.01
"""Share of runs with an offence, of buses and days with a movement outside; our choice."""
_OFFENCES = ("超员", "未按规定路线行驶", "闯红灯", "未系安全带")
_DAY = timedelta(days=1)


def simulate(
    office: Office, *, days: int, seed: int, by: str, at: datetime
) -> Iterator[Sequence[str]]:
    """Yield a heading and the rows of the days before ``at``; raise Refused as feeding does."""
    with office.reading() as connection:
        require_committee(connection, by)
        fleet, book = read_fleet(connection), office.rulebooks.at(connection, at)
    yield list(COLUMNS.values())
    for back in range(days, 0, -1):
        day = china_day(at) - back * _DAY
        yield from simulate_day(fleet, book.calendar, day, seed)


def simulate_day(
    fleet: Mapping[str, Bus], calendar: Calendar, day: date, seed: int
) -> Iterator[Sequence[str]]:
    """Yield the rows of one day."""
    chance = dice(f"buses {day}", seed)
    for plate in sorted(fleet):
        if calendar.likely_school_day(day) and not fleet[plate].vetoed:
            for run in fleet[plate].runs:
                yield from _run(chance, plate, day, run)
        if chance.random() < _STRAYS:
            yield _row(plate, _at(day, time(20, chance.randrange(60))), speed=35, place="环路")


def _run(chance: Random, plate: str, day: date, run: Run) -> Iterator[Sequence[str]]:
    moment, end = _at(day, run.start), _at(day, run.end)
    while moment <= end:
        yield _row(plate, moment, speed=chance.randrange(0, 58), place="接送线路")
        moment += _EVERY
    if chance.random() < _OFFENDS:
        speed = 61 + chance.randrange(25)
        yield _row(plate, _at(day, run.start) + _EVERY / 2, speed=speed, place="快速路口")
    if chance.random() < _OFFENDS:
        what = chance.choice(_OFFENCES)
        yield _row(plate, end - _EVERY / 2, kind=Seen.VIOLATION, what=what, place="校门口")


def _row(plate: str, at: datetime, **told: Any) -> Sequence[str]:  # noqa: ANN401 — words and numbers alike
    kind = told.get("kind", Seen.POSITION)
    number = f"SIM/{plate}/{at:%Y%m%d%H%M%S}/{kind.value}"
    return [
        number, plate, f"{at:%Y-%m-%d %H:%M:%S}", kind.label.zh, str(told.get("speed", "")),
        Road.ORDINARY.label.zh, told.get("what", ""), told.get("place", ""), "",
    ]  # fmt: skip


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, CHINA)
