"""Duties to test with, opened for the first school."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from casework.duties.chasing import chase
from casework.duties.opening import Wanted, open_duties
from casework.events import Door
from models.tables import DUTIES, NOTICES, PEOPLE
from rules.wording import Wording
from tests.offices import MONDAY_9AM, ORGANISATION

MONDAY = date(2026, 3, 2)
FRIDAY = date(2026, 3, 6)
"""The day on which what ``wanted`` makes is due."""


def wanted(kind="report", key="weekly/2026-W10/S1", *, unit="S1", due=FRIDAY, person=None):
    title = Wording("每周安全汇总", "weekly summary")
    return Wanted(kind, key, ORGANISATION[unit], due, title, "/reports/weekly", person)


def opened(office, *duties, at=MONDAY_9AM):
    """Open these duties, or one report; return how many were new."""
    with office.writing() as connection:
        return open_duties(connection, duties or [wanted()], at)


def chased(office, day, **asked):
    at = datetime.fromisoformat(f"{day}T07:30+08:00")
    return chase(office, as_of=at, ran_at=at, door=Door.FLOW, **asked)


def after(days):
    """So many days after the Friday."""
    return FRIDAY + timedelta(days)


def told(office):
    """Who was told what: codes, sorted, of all notices of duties."""
    with office.reading() as connection:
        rows = connection.execute(
            select(PEOPLE.c.code)
            .join(NOTICES, NOTICES.c.person_id == PEOPLE.c.id)
            .where(NOTICES.c.kind == "duty")
            .order_by(PEOPLE.c.code)
        )
        return list(rows.scalars())


def duties(office):
    with office.reading() as connection:
        return connection.execute(select(DUTIES).order_by(DUTIES.c.id)).all()
