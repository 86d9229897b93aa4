"""What happens by the calendar and not by case: patrols and the committee's meeting."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from casework.case_list import Filter, list_cases
from casework.errors import Refused
from casework.events import Door
from casework.list_pages import Order
from casework.office import Office
from casework.reports import Report, report
from casework.sample import turns
from casework.sample.hazards import Hazard, read_hazards
from casework.sample.lives import begin
from casework.sample.news import Item
from casework.sample.organisation import AUDITOR, INSPECTORS, Team
from casework.sample.rows import fitting_team
from casework.sample.turns import Turn
from casework.sample.world import World
from models import Shows
from rules.actions import Action
from rules.case import Level
from rules.deadlines import Stage
from rules.workdays import china_day

# Our choices, none of them measured.
_TWICE = 0.08  # the share of reports that tell what is open already
_PHOTOGRAPHED = 0.5  # the share of reports that come with a photo
_LISTED_FROM = 7  # days late: the ladder lists later, at ten working days
_MOST_LISTED = 1  # in one meeting


def patrol(world: World, at: datetime) -> None:
    """A school's reporter or an inspector finds one of the sample's hazards at a fitting school."""
    chance = world.chance
    again = chance.random() < _TWICE and [life for life in world.lives.values() if not life.done]
    if again:
        life = chance.choice(again)
        hazard, team = life.hazard, life.team
    else:
        hazard = chance.choice(read_hazards())
        team = fitting_team(hazard, world.organisation, chance)
    by = team.reporter if chance.random() < 0.7 else chance.choice(INSPECTORS)
    _report(world, hazard, team, by, at)


def meet(world: World, at: datetime) -> None:
    """The committee lists what schools let lie, before the ladder does, and guides one that cannot
    be done at once.
    """
    overdue = every_case(world.office, Filter(overdue=True), at, Order.DUE)
    for row in [row for row in overdue if _lies(row)][:_MOST_LISTED]:
        _list(world, row, turns.supervise(f"逾期 {row['days_late']} 天，情况严重"), at)
    heavy = every_case(world.office, Filter(level=Level.MAJOR, stage=Stage.RECTIFICATION), at)
    for row in [row for row in heavy if _cannot_be_done_at_once(world, row)][:1]:
        _list(world, row, turns.guide(), at)


def every_case(
    office: Office, wanted: Filter, at: datetime, order: Order = Order.NEWEST
) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of ``list_cases``, page after page, as the auditor sees them."""
    after = ""
    while True:
        page = list_cases(office, wanted, by=AUDITOR, as_of=at, order=order, after=after, size=500)
        yield from page.rows
        after = page.after
        if not after:
            return


def _report(world: World, hazard: Hazard, team: Team, by: str, at: datetime) -> None:
    told = Report(
        team.unit, hazard.hazard, hazard.category, china_day(at), hazard.location,
        level=hazard.level, owner=world.organisation.names[team.owner], source=hazard.source_url,
    )  # fmt: skip
    shows = [Shows.BEFORE] if world.chance.random() < _PHOTOGRAPHED else []
    files = [world.album.photograph(each, china_day(at)) for each in shows]
    item = Item(
        at, "", team.name, world.organisation.names[by], Action.REPORT,
        is_major=hazard.level is Level.MAJOR, said=hazard.hazard,
    )  # fmt: skip
    try:
        number = report(world.office, told, by=by, at=at, door=Door.PAGE, files=files).number
    except Refused as refusal:
        world.news.items.append(replace(item, refused=refusal.problem))
        return
    world.news.items.append(replace(item, number=number))
    world.take_up(begin(number, hazard, team, world.chance), at)


def _lies(row: Mapping[str, Any]) -> bool:
    with_school = row["stage"] in (Stage.PLAN, Stage.RECTIFICATION)
    return with_school and not row["listed"] and row["days_late"] >= _LISTED_FROM


def _cannot_be_done_at_once(world: World, row: Mapping[str, Any]) -> bool:
    life = world.lives.get(row["number"])
    return bool(life and life.hazard.obstacle and not row["listed"])


def _list(world: World, row: Mapping[str, Any], turn: Turn, at: datetime) -> None:
    life = world.lives.get(row["number"])
    if life is not None:
        world.play(world.look_at(life, at), turn)
