"""Some days of the sample's buses: positions, offences, bulletins, and one vetoed at last."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from casework.buses.bulletins import make_bulletins
from casework.buses.feeding import feed_buses
from casework.buses.fleet import read_fleet
from casework.buses.reading import COLUMNS, read_events
from casework.buses.simulating import simulate_day
from casework.events import Door
from casework.office import Office
from casework.sample.organisation import ADMIN
from rules.workdays import CHINA, china_day

_DAYS = 3
_SEED = 5
_DAY = timedelta(days=1)
_LATELY = timedelta(minutes=30)
_STRANGER = "苏E0X999"
# Of the first bus on the days before: enough for a veto, 屡教不改.
_OFFENCES = ("超员", "未按规定路线行驶", "未系安全带")


def drive_sample_buses(office: Office, at: datetime) -> None:
    """Feed the last days of every registered bus and make their bulletins, as of ``at``."""
    events = (dict(zip(COLUMNS, row, strict=True)) for row in _rows(office, at))
    told = read_events(events, now=at)
    feed_buses(office, told, source="模拟平台", by=ADMIN, at=at, door=Door.CLI)
    make_bulletins(office, as_of=at, ran_at=at, door=Door.CLI)


def _rows(office: Office, at: datetime) -> Iterator[Sequence[str]]:
    today = china_day(at)
    with office.reading() as connection:
        fleet, book = read_fleet(connection), office.rulebooks.at(connection, at)
    for back in range(_DAYS, 0, -1):
        yield from simulate_day(fleet, book.calendar, today - back * _DAY, _SEED)
    first, second, third, *_ = sorted(fleet)
    for back, what in enumerate(_OFFENCES, 1):
        yield _violation(first, _on(today - back * _DAY, 7), what)
    yield _violation(_STRANGER, _on(today - _DAY, 7), "超员")
    yield _position(second, _on(today - 2 * _DAY, 16), 76)
    yield _position(third, _on(today - _DAY, 20), 35)
    yield _violation(_STRANGER, at - _LATELY, "闯红灯")
    yield _position(second, at - _LATELY, 68)


def _violation(plate: str, at: datetime, what: str) -> Sequence[str]:
    return ["", plate, f"{at:%Y-%m-%d %H:%M%z}", "违法", "", "", what, "校门口", ""]


def _position(plate: str, at: datetime, speed: int) -> Sequence[str]:
    return ["", plate, f"{at:%Y-%m-%d %H:%M%z}", "定位", f"{speed}", "", "", "东环路", ""]


def _on(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 20), CHINA)
