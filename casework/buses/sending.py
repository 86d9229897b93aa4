"""Whom a bulletin is sent to: the head of each unit it names, and the committee."""

from datetime import datetime

from sqlalchemy import Connection, select

from casework import notices
from casework.buses.summing import Day
from casework.directory import read_directory
from casework.duties.telling import about
from casework.people import Unit
from models import Place
from models.tables import ORGANISATIONS
from rules.access import Role
from rules.wording import Wording
from rules.workdays import china_day

NOTICE = "bus_bulletin"
_ROOT = select(
    ORGANISATIONS.c.id, ORGANISATIONS.c.code, ORGANISATIONS.c.name, ORGANISATIONS.c.kind,
    ORGANISATIONS.c.path,
).where(ORGANISATIONS.c.kind == Place.COMMITTEE)  # fmt: skip


def send_bulletin(
    connection: Connection, summed: Day, number: str, receipt: str, at: datetime
) -> int:
    """Owe the notices of a bulletin, none of an empty one; return how many."""
    if not summed.rows:
        return 0
    directory = read_directory(connection, china_day(at))
    root = Unit(*connection.execute(_ROOT).one())
    buses: dict[Unit, int] = {root: len(summed.rows)}
    for each in summed.rows:
        if each.held:
            buses[each.held.unit] = buses.get(each.held.unit, 0) + 1
    owed = []
    for unit, count in buses.items():
        role = Role.COMMITTEE if unit == root else Role.HEAD
        title = Wording(f"{number}：{count} 辆校车违规", f"{number}: {count} school buses at fault")
        body = about(title, f"/buses/bulletin/{summed.day}")
        owed.append(notices.Owed(
            f"{NOTICE}:{summed.day}:{unit.id}", None, 0, directory.who(unit.path, role), NOTICE,
            body, urgent=False, receipt=receipt, unit_id=unit.id,
        ))  # fmt: skip
    return notices.owe(connection, owed, at)
