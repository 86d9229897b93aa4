"""Training plans and responsibility letters of the sample's first cluster, and the year's duties.

Days are told from the moment of loading, so that something is done, something is due soon, and
something is late: what there is to see, no statistics of anything.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from casework.events import Door
from casework.office import Office
from casework.registers.acts import add_record
from casework.registers.periodic import open_periodic
from casework.registers.yearly import open_yearly
from casework.sample.chance import dice
from casework.sample.names import People
from casework.sample.organisation import compose
from rules.workdays import china_day

_CLUSTER = "PQ01"
# Days from now until the second item of a plan is due, by school; the last one has no plan.
_DUE = (-2, 6, 20, 45)
_POSTS = (("主要负责人", "学校安全工作全面负责"), ("总务处", "消防设施、用电用气、校舍"))

Record = tuple[str, Mapping[str, str]]


def oblige_sample(office: Office, at: datetime) -> None:
    """Add what each school keeps, its head being who does, then ask every unit for the rest."""
    people = People(dice("obligations"))
    teams = [team for team in compose().teams.values() if team.cluster == _CLUSTER]
    for nth, team in enumerate(teams[: len(_DUE)]):
        for kind, typed in _records(nth, china_day(at), people):
            add_record(office, kind, team.unit, typed, by=team.head, at=at, door=Door.CLI)
    open_yearly(office, as_of=at, at=at, door=Door.FLOW)
    open_periodic(office, as_of=at, at=at, door=Door.FLOW)


def _records(nth: int, today: date, people: People) -> Iterator[Record]:
    first, second = _day(today, -20), _day(today, _DUE[nth])
    plan = {"year": f"{today.year}", "audience": "everybody", "hours": "2"}
    yield "training_plan", {**plan, "plan_no": "01", "topic": "消防疏散演练", "due_on": first}
    yield "training_plan", {**plan, "plan_no": "02", "topic": "防溺水和交通安全", "due_on": second}
    yield "training_session", {
        "session_no": "01", "plan_no": "01", "held_on": _day(today, -22), "topic": "消防疏散演练",
        "audience": "everybody", "hours": "2", "attended": f"{38 + nth}",
        "attendees": "、".join(people.name() for _ in range(3)), "result": "passed",
        "trainer": people.name(),
    }  # fmt: skip
    for number, (post, scope) in enumerate(_POSTS, start=1):
        yield "responsibility", {
            "item_no": f"{number:02d}", "year": f"{today.year}", "post": post,
            "person": people.name(), "scope": scope,
            "signed_on": "" if (nth, number) == (2, 2) else _day(today, -60),
        }  # fmt: skip


def _day(today: date, days: int) -> str:
    return (today + timedelta(days)).isoformat()
