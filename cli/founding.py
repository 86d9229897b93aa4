"""Founding an installation: database, policy in force, organisation, somebody to administer it."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from casework.errors import Invalid
from casework.forms import clean
from casework.home import found_office
from casework.office import Office
from casework.organisations import PersonEntry, PlaceEntry, list_people, list_places, set_up
from casework.settings import adopt_policy, list_policies
from cli import reading
from cli.desk import Desk
from cli.printing import Answer, lines
from cli.roster import Roster, read_people, read_places
from cli.troubles import Usage
from models import Place
from rules.access import Role
from rules.policy import default_text
from rules.wording import Trouble, Wording

_COMMITTEE = PlaceEntry(Place.COMMITTEE, "ZWH", "学校安全专委会")


@dataclass(frozen=True, slots=True)
class Founders:
    """What was given to found an installation with."""

    organisation: Path | None
    people: Path | None
    admin: str
    admin_name: str
    sample: bool


class _Counts(NamedTuple):
    places: int
    people: int


def found(desk: Desk, founders: Founders) -> Answer:
    roster = _roster(founders)
    office = found_office(desk.home)
    try:
        before = _count(office)
        _adopt_default(office, desk)
        if founders.sample:
            _load_sample(office, desk)
        elif roster.places:
            _set_up(office, roster)
        else:
            _set_up_admin(office, founders)
        return _answer(desk, before, _count(office))
    finally:
        office.engine.dispose()


def _roster(founders: Founders) -> Roster:
    """Read the files before anything is made, so that a bad one leaves nothing behind."""
    if founders.people and not founders.organisation:
        raise Usage(
            Wording("--people 须与 --organisation 同用", "--people comes with --organisation"),
            where="--people",
        )
    places = _read(founders.organisation, "--organisation")
    people = _read(founders.people, "--people")
    return Roster(read_places(places) if places else [], read_people(people) if people else [])


def _read(path: Path | None, option: str) -> Path | None:
    return reading.existing(path, option) if path else None


def _adopt_default(office: Office, desk: Desk) -> None:
    with office.reading() as connection:
        known = list_policies(connection)
    if not known:
        adopt_policy(office, default_text(), by=None, at=desk.at)


def _load_sample(office: Office, desk: Desk) -> None:
    from casework.sample.loading import load_sample  # noqa: PLC0415 — only when it is asked for

    load_sample(office, at=desk.at)


def _set_up(office: Office, roster: Roster) -> None:
    try:
        set_up(
            office, [each.entry for each in roster.places], [each.entry for each in roster.people]
        )
    except Trouble as trouble:
        raise Invalid(
            trouble.problem, remedy=trouble.remedy, where=roster.where_is(trouble.where)
        ) from trouble


def _set_up_admin(office: Office, founders: Founders) -> None:
    """Make a committee and its admin, unless there is a committee."""
    with office.reading() as connection:
        roots = [row for row in list_places(connection) if row["kind"] is Place.COMMITTEE]
    if roots:
        return
    code = clean(founders.admin, where="--admin", longest=40)
    name = clean(founders.admin_name, where="--admin-name", longest=80)
    if not code or not name:
        raise Usage(
            Wording("管理员须有代码和姓名", "the admin needs a code and a name"), where="--admin"
        )
    set_up(office, [_COMMITTEE], [PersonEntry(code, name, [(Role.ADMIN, _COMMITTEE.code)])])


def _count(office: Office) -> _Counts:
    with office.reading() as connection:
        people = {row["code"] for row in list_people(connection)}
        return _Counts(len(list_places(connection)), len(people))


def _answer(desk: Desk, before: _Counts, after: _Counts) -> Answer:
    folder = desk.home.folder
    places, people = after.places - before.places, after.people - before.people
    told = (
        Wording(f"已就绪：{folder}", f"ready: {folder}"),
        Wording(
            f"新增单位 {places} 个、人员 {people} 人；现有单位 {after.places} 个、"
            f"人员 {after.people} 人",
            f"added {places} places and {people} people; now {after.places} and {after.people}",
        ),
        Wording("接下来：bihuan people 查看人员代码", "next: `bihuan people` lists the codes"),
    )
    data = {
        "home": folder, "places_added": places, "people_added": people,
        "places": after.places, "people": after.people,
    }  # fmt: skip
    return Answer(data, lines(*(desk.say(each) for each in told)))
