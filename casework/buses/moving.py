"""A bus that moved when it may not: a case, one a bus and day, a graver one when it is vetoed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select

from casework.buses.telling import tell_buses
from casework.events import Door
from casework.intake import Intake, Report
from casework.raising import Hazard, category_of, raise_cases
from casework.registers.store import Held
from casework.rulebook import Rulebook
from models.prepared import Prepared
from models.tables import BUS_CASES
from rules.buses.sightings import Stray
from rules.case import Level
from rules.registers.acts import RegisterAct
from rules.workdays import CHINA

CATEGORY = "school_bus"
SOURCE = "校车安全管理条例 第16条；专项整治方案 二.6：节假日、非上下学时段原则上一律不得移动"
_ADD = Prepared(insert(BUS_CASES))
_RAISED = select(BUS_CASES.c.record_id, BUS_CASES.c.on_day, BUS_CASES.c.vetoed).where(
    BUS_CASES.c.record_id.in_(bindparam("records", expanding=True))
)


class Moved(NamedTuple):
    """A movement that was not allowed: the first one known of its bus and day."""

    held: Held
    day: date
    fault: Stray
    at: datetime
    place: str

    @property
    def vetoed(self) -> bool:
        return self.fault is Stray.VETOED


def raise_moves(
    connection: Connection, book: Rulebook, moved: Sequence[Moved], at: datetime, door: Door
) -> Sequence[str]:
    """Raise a case for each that has none of its bus and day; return the numbers of the new."""
    ids = list({each.held.id for each in moved})
    raised = {tuple(row) for row in connection.execute(_RAISED, {"records": ids})} if ids else set()
    fresh = [each for each in moved if (each.held.id, each.day, each.vetoed) not in raised]
    if not fresh:
        return ()
    hazards = [_hazard(each, book) for each in fresh]
    found = raise_cases(connection, Intake(book, None, at, door), hazards)
    rows, said = [], []
    for each, (case_id, number) in zip(fresh, found.cases, strict=True):
        rows.append({
            "record_id": each.held.id, "on_day": each.day, "vetoed": each.vetoed,
            "case_id": case_id, "raised_at": at,
        })  # fmt: skip
        said.append((each.held, RegisterAct.RAISE_CASE, {"cases": {each.fault.value: number}}))
    _ADD.run_all(connection, rows)
    tell_buses(connection, said, at, door)
    return found.opened


def _hazard(each: Moved, book: Rulebook) -> Hazard:
    local = each.at.astimezone(CHINA)
    told = Report(
        each.held.unit.code,
        f"校车“{each.held.key}”{local:%Y-%m-%d %H:%M} {each.fault.label.zh}",
        category_of(CATEGORY, book).key,
        location=each.place,
        measure="停驶并查明去向、用途和驾驶人，落实停放与钥匙管理",
        level=Level.MAJOR if each.vetoed else Level.ORDINARY,
        source=SOURCE,
    )
    said = {"bus": {"key": each.held.key, "day": each.day.isoformat(), "fault": each.fault.value}}
    return Hazard(each.held.unit, told, said)
