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
    first, second, *_ = sorted(fleet)
    for back, what in enumerate(_OFFENCES, 1):
        yield _violation(first, _morning(today - back * _DAY), what)
    yield _violation(_STRANGER, _morning(today - _DAY), "超员")
    yield _violation(_STRANGER, at - _LATELY, "闯红灯")
    yield _violation(second, at - _LATELY, "超速 20% 以上")


def _violation(plate: str, at: datetime, what: str) -> Sequence[str]:
    local = at.astimezone(CHINA)
    return ["", plate, f"{local:%Y-%m-%d %H:%M}", "违法", "", "", what, "东环路", ""]


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(7, 20), CHINA)
