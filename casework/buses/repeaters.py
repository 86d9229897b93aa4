"""屡教不改: who offended too often in the days before is vetoed, and a case says so."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from casework.buses.fleet import BUS
from casework.buses.moving import CATEGORY
from casework.buses.summing import BusDay, Day
from casework.buses.vetoing import put_veto, standing
from casework.events import Door
from casework.intake import Intake, Report
from casework.raising import Hazard, category_of, raise_cases
from casework.registers.store import Hand, Held
from casework.rulebook import Rulebook
from models.tables import BUS_SIGHTINGS, BUS_VETOES
from rules.access import Role
from rules.buses.repeating import DAYS, TIMES, first_counted, offences_counted
from rules.buses.sightings import Seen
from rules.case import Level
from rules.workdays import china_day

_SIGHTINGS, _VETOES = BUS_SIGHTINGS.c, BUS_VETOES.c


class Vetoes(NamedTuple):
    """Newly vetoed plates with their case, and which cases were opened for it."""

    said: dict[str, str]
    cases: Sequence[str]


def veto_repeaters(
    connection: Connection, book: Rulebook, summed: Day, at: datetime, door: Door
) -> Vetoes:
    """Veto each bus of the day that offended too often; note on each how often it did."""
    offenders = {each.held.id: each for each in summed.rows if each.held and each.offences}
    days = _days(connection, list(offenders), summed.day)
    lifted = _lifted(connection, list(offenders))
    for number, each in offenders.items():
        each.repeats = offences_counted(days.get(number, ()), summed.day, lifted.get(number))
    repeaters = [
        (each, each.held) for each in offenders.values()
        if each.held and each.repeats >= TIMES and not standing(connection, each.held.id)
    ]  # fmt: skip
    hazards = [_hazard(each, held, book, summed.day) for each, held in repeaters]
    raised = raise_cases(connection, Intake(book, None, at, door), hazards)
    hand = Hand(None, Role.LADDER, at, door)
    said: dict[str, str] = {}
    for (each, held), (case, case_no) in zip(repeaters, raised.cases, strict=True):
        put_veto(connection, BUS, held, hand, f"{DAYS} 日内违法 {each.repeats} 起", case)
        each.cases.append(case_no)
        said[each.plate] = case_no
    return Vetoes(said, raised.opened)


def _days(connection: Connection, ids: Sequence[int], day: date) -> dict[int, list[date]]:
    """Return the days of each bus's offences; what positions show of a day counts once."""
    rows = connection.execute(
        select(_SIGHTINGS.record_id, _SIGHTINGS.on_day, _SIGHTINGS.kind, func.count().label("n"))
        .where(
            _SIGHTINGS.record_id.in_(ids), _SIGHTINGS.offence,
            _SIGHTINGS.on_day >= first_counted(day), _SIGHTINGS.on_day <= day,
        )
        .group_by(_SIGHTINGS.record_id, _SIGHTINGS.on_day, _SIGHTINGS.kind)
    ).all()  # fmt: skip
    found: dict[int, list[date]] = {}
    for row in rows:
        times = row.n if row.kind is Seen.VIOLATION else 1
        found.setdefault(row.record_id, []).extend([row.on_day] * times)
    return found


def _lifted(connection: Connection, ids: Sequence[int]) -> dict[int, date]:
    rows = connection.execute(
        select(_VETOES.record_id, func.max(_VETOES.lifted_at).label("at"))
        .where(_VETOES.record_id.in_(ids), _VETOES.lifted_at.is_not(None))
        .group_by(_VETOES.record_id)
    ).all()
    return {row.record_id: china_day(row.at) for row in rows}


def _hazard(each: BusDay, held: Held, book: Rulebook, day: date) -> Hazard:
    told = Report(
        held.unit.code,
        f"校车“{held.key}”屡教不改：至 {day} 的 {DAYS} 日内违法 {each.repeats} 起，一概否决",
        category_of(CATEGORY, book).key,
        measure="停止承运学生，更换车辆和驾驶人；整改经专委会解除后恢复",
        level=Level.MAJOR,
        source="专项整治方案 二.6：每日违法通报，屡教不改一概否决",
    )
    said = {"bus": {"key": held.key, "day": day.isoformat(), "repeats": each.repeats}}
    return Hazard(held.unit, told, said)
