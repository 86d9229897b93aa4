"""The registers of the sample's first cluster: buses with all that belongs to them, guards, 三防.

Days are told from the moment of loading, so that some run out soon and some just have: what there
is to see, no statistics of anything.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from casework.events import Door
from casework.office import Office
from casework.registers.acts import add_record
from casework.sample.chance import dice
from casework.sample.names import People
from casework.sample.organisation import compose
from rules.workdays import china_day

_CLUSTER = "PQ01"
_GUARDS = 2
# Days from now until an insurance ends, by school: one is over, one ends soon.
_INSURED = (-3, 12, 45, 160, 300)
# Days since the last inspection of a bus: half a year is about 182.
_INSPECTED = (30, 100, 165, 120, 60)

Record = tuple[str, Mapping[str, str]]


def keep_sample_registers(office: Office, at: datetime) -> None:
    """Add the records of each school, its head being who keeps them."""
    people = People(dice("registers"))
    teams = [team for team in compose().teams.values() if team.cluster == _CLUSTER]
    for nth, team in enumerate(teams):
        for kind, typed in _records(nth, china_day(at), people):
            add_record(office, kind, team.unit, typed, by=team.head, at=at, door=Door.CLI)


def _records(nth: int, today: date, people: People) -> Iterator[Record]:
    yield from _on_the_road(nth, today, people)
    for number in range(1, _GUARDS + 1):
        yield "guard", _guard(nth, number, today, people.name())
    yield "protection", {
        "campus": "本部", "day_pupils": f"{(90, 640, 1210, 310, 850)[nth]}", "boarders": "0",
        "patrols": "5", "gate_watch": "yes", "escort": "yes",
        "barrier": "no" if nth == 3 else "yes", "fence": "yes", "gear": "yes",
        "video_days": "15" if nth == 4 else "60", "alarm_days": "60", "direct_alarm": "yes",
    }  # fmt: skip


def _on_the_road(nth: int, today: date, people: People) -> Iterator[Record]:
    plate = f"苏E{54321 + nth}"
    yield "bus", {
        "plate": plate, "model": "dedicated", "vehicle_owner": "湖东校车服务公司", "seats": "36",
        "first_registered_on": _day(today, -1500), "inspected_on": _day(today, -_INSPECTED[nth]),
        "insured_until": _day(today, _INSURED[nth]), "permit_until": _day(today, 120),
        "licence_no": f"湖校许字{nth + 1:03d}", "licensed_on": _day(today, -400),
        "equipment": "complete", "contact_phone": f"1380000{1000 + nth}",
    }  # fmt: skip
    yield "driver", {
        "file_no": f"32050000{1000 + nth}", "name": people.name(), "born_on": f"{1970 + nth}-05-01",
        "licence_class": "a1", "licensed_on": "2010-01-01", "approved_on": "2018-01-01",
        "reviewed_on": _day(today, -200 - 40 * nth), "phone": f"1390000{1000 + nth}",
    }  # fmt: skip
    yield "attendant", {
        "staff_no": "Z01", "name": people.name(), "born_on": f"{1975 + nth}-03-08",
        "plate": plate, "employer": "学校", "taught_on": _day(today, -90),
    }  # fmt: skip
    yield "route", {
        "route_no": "1", "line": "东环路—星湖街—学校", "plate": plate,
        "stops": "东环路口；星湖街；湖滨新村", "morning_from": "06:40", "morning_to": "07:40",
        "afternoon_from": "16:20", "afternoon_to": "17:30", "approved_on": _day(today, -300),
        "approved_until": _day(today, 20 + 60 * nth),
    }  # fmt: skip


def _guard(nth: int, number: int, today: date, name: str) -> Mapping[str, str]:
    return {
        "staff_no": f"B{number:02d}", "name": name, "born_on": f"{1967 + 3 * nth}-07-0{number}",
        "company": "湖东保安服务公司", "certificate_no": f"苏保{2000 + 10 * nth + number}",
        "school_certificate_no": "" if (nth, number) == (2, 2) else f"园教{100 + nth}{number}",
        "school_certificate_until": _day(today, 200 + 60 * nth),
        "phone": f"137000{10 * nth + number:05d}",
    }  # fmt: skip


def _day(today: date, days: int) -> str:
    return (today + timedelta(days)).isoformat()
