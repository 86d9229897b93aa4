"""每日自查 by phone: what the day asks of each of somebody's units, with all prefilled."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.filings import store
from casework.filings.counting import count_place
from casework.filings.places import Named
from casework.filings.templates import find_template
from casework.office import Office
from casework.people import Unit, find_actor
from models import Place
from models.tables import (
    FILING_FIGURES,
    FILINGS,
    INSPECTION_TASKS,
    INSPECTIONS,
    ORGANISATIONS,
)
from rules.access import Actor
from rules.filings.acts import FilingState
from rules.filings.periods import PeriodKind, period_on
from rules.filings.templates import query_of
from rules.filings.tiers import FILLS, Tier
from rules.inspections.acts import TaskState
from rules.workdays import china_day

TEMPLATE = "daily"
_PEOPLE, _FOUND = "participants", "found"


def show_today(office: Office, *, by: str, at: datetime) -> Sequence[dict[str, Any]]:
    """Return the units whose daily filing ``by`` may send, each with its state of the day.

    ``participants`` is how many the day's recorded checklist names, else that of the last filing,
    '' for none; ``checklist`` is the day's checklist ('' for none) and ``checked`` whether it was
    recorded; ``found`` counts the hazards that were reported today, and ``query`` finds them.
    """
    period = period_on(PeriodKind.DAY, china_day(at))
    with office.reading() as connection:
        template = find_template(connection, TEMPLATE)
        policy = office.rulebooks.at(connection, at).policy
        shown = []
        for unit in units_filled_by(connection, find_actor(connection, by)):
            named = Named(template, period, unit)
            held = store.newest(connection, named)
            found = count_place(connection, policy, named, at=at)[_FOUND]
            task = _checklist(connection, unit, period.first)
            people = task.participants if task else None
            shown.append({
                "unit": unit.name, "unit_code": unit.code, "period": period.key,
                "day": period.label, "found": found,
                "query": query_of(template.by_key[_FOUND], period, unit=unit.code),
                "participants": _last_people(connection, unit) if people is None else f"{people}",
                "checklist": task.number if task else "",
                "checked": task is None or task.state is TaskState.RECORDED,
                "number": held.number if held and held.state is FilingState.FROZEN else "",
                "frozen_at": held.frozen_at if held else None,
            })  # fmt: skip
    return shown


def units_filled_by(connection: Connection, actor: Actor) -> list[Unit]:
    """Return the units whose own filings somebody fills in."""
    fillers = FILLS[Tier.UNIT]
    paths = [grant.path for grant in actor.grants if grant.role in fillers]
    places = ORGANISATIONS.c
    rows = connection.execute(
        select(places.id, places.code, places.name, places.kind, places.path)
        .where(places.path.in_(paths), places.kind == Place.UNIT)
        .order_by(places.path)
    )
    return [Unit(*row) for row in rows]


def _checklist(connection: Connection, unit: Unit, day: date) -> Any:  # noqa: ANN401 — a row
    """Return the unit's daily checklist of a day that its school may see; None for none."""
    tasks = INSPECTION_TASKS.c
    found = (
        select(tasks.number, tasks.state, INSPECTIONS.c.participants)
        .outerjoin(INSPECTIONS, INSPECTIONS.c.id == tasks.inspection_id)
        .where(
            tasks.unit_id == unit.id, tasks.checklist == TEMPLATE, tasks.hidden.is_(False),
            tasks.opens_on <= day, tasks.due_on >= day, tasks.state != TaskState.DROPPED,
        )
        .order_by(tasks.id.desc())
        .limit(1)
    )  # fmt: skip
    return connection.execute(found).first()


def _last_people(connection: Connection, unit: Unit) -> str:
    last = (
        select(FILING_FIGURES.c.value)
        .join(FILINGS, FILINGS.c.id == FILING_FIGURES.c.filing_id)
        .where(
            FILINGS.c.template == TEMPLATE, FILINGS.c.unit_id == unit.id,
            FILINGS.c.state == FilingState.FROZEN, FILING_FIGURES.c.key == _PEOPLE,
        )
        .order_by(FILINGS.c.last_day.desc())
        .limit(1)
    )  # fmt: skip
    found = connection.execute(last).scalar()
    return "" if found is None else str(found)
