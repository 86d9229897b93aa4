"""The locations of a unit: kept by its own people, offered to whoever reports there."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from casework.errors import Invalid, NotFound, Refused
from casework.events import Happening
from casework.forms import clean
from casework.office import Office
from casework.people import Unit, find_actor, find_unit
from casework.records import Subject, last_entry, write_record
from casework.staffing import PLACE, Hand
from models import Place
from models.tables import CASES, LOCATIONS, ORGANISATIONS
from rules.access import PERMITS, Actor, Verb
from rules.staffing import StaffAct
from rules.wording import Wording

LONGEST = 80  # as models.locations keeps it; a line of a printed sheet
MOST = 300  # a large school has some hundred rooms; a sheet of more is a mistake
_ACTIVE = (
    select(LOCATIONS.c.name)
    .where(LOCATIONS.c.unit_id == bindparam("unit"), LOCATIONS.c.retired_at.is_(None))
    .order_by(LOCATIONS.c.name)
)
_TOLD = (
    select(CASES.c.location)
    .where(CASES.c.unit_id == bindparam("unit"), CASES.c.location != "")
    .group_by(CASES.c.location)
    .having(func.length(CASES.c.location) <= LONGEST)
    .order_by(func.count().desc(), CASES.c.location)
    .limit(20)
)


def list_locations(connection: Connection, unit: Unit) -> Sequence[str]:
    """Return the names of a unit's locations in use."""
    return connection.execute(_ACTIVE, {"unit": unit.id}).scalars().all()


def told_locations(connection: Connection, unit: Unit) -> Sequence[str]:
    """Return where a unit's cases lie and its list does not, the most frequent first."""
    kept = set(list_locations(connection, unit))
    told = connection.execute(_TOLD, {"unit": unit.id}).scalars()
    return [each for each in told if each not in kept]


def require_keeper(connection: Connection, actor: Actor, written: str) -> Unit:
    """Return the unit whose locations ``actor`` may keep; raise NotFound, Refused or Invalid."""
    unit = find_unit(connection, written)
    if not actor.may(Verb.LOCATE, unit.path):
        raise Refused(
            Wording(f"您无权维护“{unit.name}”的地点", "you may not keep its locations"),
            remedy=Wording("请由该单位责任人办理。", "Ask the unit's owner."),
            where="unit",
        )
    if unit.kind is not Place.UNIT:
        raise Invalid(
            Wording(f"“{unit.name}”不是责任单位", f"{unit.name} is not a responsible unit"),
            remedy=Wording("请填学校或其他责任单位。", "Give a school or other unit."),
            where="unit",
        )
    return unit


def add_locations(office: Office, unit: str, names: str, hand: Hand) -> Sequence[str]:
    """Add a location for each line of ``names``; return those that were new.

    A retired one is taken back. Raise as ``require_keeper`` does, Invalid for what is no list.
    """
    wanted = _lines(names)
    with office.writing() as connection:
        keeper, place = _keeping(connection, unit, hand)
        kept = set(list_locations(connection, place))
        fresh = [each for each in wanted if each not in kept]
        if len(kept) + len(fresh) > MOST:
            raise _bad_list(Wording(f"超过 {MOST} 个地点", f"more than {MOST} locations"))
        for each in fresh:
            _add(connection, place, each)
        if fresh:
            _remember(connection, keeper, place, StaffAct.ADD_LOCATION, fresh, hand)
    return fresh


def retire_location(office: Office, unit: str, name: str, hand: Hand) -> None:
    """Offer a location to nobody any more; raise NotFound for one that is not in use."""
    with office.writing() as connection:
        keeper, place = _keeping(connection, unit, hand)
        mine = _called(place, name) & LOCATIONS.c.retired_at.is_(None)
        gone = update(LOCATIONS).where(mine).values(retired_at=hand.at)
        if connection.execute(gone).rowcount != 1:
            raise NotFound(
                Wording("没有这个地点", "there is no such location"),
                remedy=Wording("请刷新页面后再看。", "Look at the page again."),
                where="name",
            )
        _remember(connection, keeper, place, StaffAct.RETIRE_LOCATION, [name], hand)


def _keeping(connection: Connection, unit: str, hand: Hand) -> tuple[Actor, Unit]:
    """Return who keeps and the unit, its row held: its history grows by one at a time."""
    actor = find_actor(connection, hand.by)
    place = require_keeper(connection, actor, unit)
    held = select(ORGANISATIONS.c.id).where(ORGANISATIONS.c.id == place.id)
    connection.execute(held.with_for_update())
    return actor, place


def _add(connection: Connection, place: Unit, name: str) -> None:
    back = update(LOCATIONS).where(_called(place, name)).values(retired_at=None)
    if connection.execute(back).rowcount == 0:
        connection.execute(insert(LOCATIONS).values(unit_id=place.id, name=name))


def _called(place: Unit, name: str) -> Any:  # noqa: ANN401 — a condition
    return (LOCATIONS.c.unit_id == place.id) & (LOCATIONS.c.name == name)


def _remember(
    connection: Connection,
    keeper: Actor,
    place: Unit,
    act: StaffAct,
    names: Sequence[str],
    hand: Hand,
) -> None:
    role = min(keeper.roles_over(place.path) & PERMITS[Verb.LOCATE])
    happening = Happening(
        act.value, keeper.id, role.value, hand.door, hand.at, {"locations": [*names]}
    )
    last = last_entry(connection, PLACE, place.id)
    write_record(connection, Subject(PLACE, place.id, place.code), happening, last)


def _lines(names: str) -> list[str]:
    lines = clean(names, where="names", longest=MOST * (LONGEST + 1)).splitlines()
    found = [clean(each, where="names", longest=LONGEST) for each in lines]
    wanted = [each for each in dict.fromkeys(found) if each]
    if not wanted:
        raise _bad_list(Wording("没有填写地点", "no location is given"))
    return wanted


def _bad_list(problem: Wording) -> Invalid:
    return Invalid(
        problem,
        remedy=Wording("请一行写一个地点。", "Write one location a line."),
        where="names",
    )
