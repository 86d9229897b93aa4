"""A run of giving out: for which day, by nobody, and which units a place holds."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from casework.events import Door, Happening
from casework.people import Unit, find_unit
from models import Place
from models.tables import ORGANISATIONS
from notifications.sealing import Keys
from rules.access import Role
from rules.inspections.acts import PlanAct
from rules.workdays import Calendar

_UNITS = select(
    ORGANISATIONS.c.id, ORGANISATIONS.c.code, ORGANISATIONS.c.name, ORGANISATIONS.c.kind,
    ORGANISATIONS.c.path,
).where(ORGANISATIONS.c.kind == Place.UNIT).order_by(ORGANISATIONS.c.path)  # fmt: skip


class Run(NamedTuple):
    """A run: the day it gives out for, when it ran, through which door, with which keys."""

    today: date
    at: datetime
    door: Door
    keys: Keys
    calendar: Calendar


def happening(
    act: PlanAct, run: Run, body: dict[str, Any], private: dict[str, str] | None = None
) -> Happening:
    """Return what the engine does to a plan."""
    return Happening(act.value, None, Role.LADDER.value, run.door, run.at, body, private or {})


def units_under(connection: Connection, code: str) -> list[Unit]:
    """Return the responsible units at or below a place; raise NotFound."""
    place = find_unit(connection, code)
    under = _UNITS.where(ORGANISATIONS.c.path.startswith(place.path, autoescape=True))
    return [Unit(*row) for row in connection.execute(under)]
