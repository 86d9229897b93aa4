"""What a unit's number is made of when it is no count of cases: funds, filings, inspections."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from sqlalchemy import select

from casework.asking.asked import Asked
from casework.filings.counting import filed, funded, inspected
from casework.filings.places import Named
from models.tables import (
    CASES,
    FILING_FIGURES,
    FILINGS,
    INSPECTION_TASKS,
    INSPECTIONS,
    PLANS,
)
from rules.filings.funds import yuan_in
from rules.filings.templates import Figure, FigureType
from rules.wording import Wording


class Item(NamedTuple):
    """One of what a number counts or adds up; ``link`` is '' where it has no page of its own."""

    name: Wording
    link: str
    value: int


def list_items(asked: Asked, figure: Figure, named: Named) -> list[Item]:
    """Return what makes up a unit's number now, in order; nothing for a count of cases."""
    match figure.type:
        case FigureType.FUNDS:
            return list(_funds(asked, figure, named))
        case FigureType.SUM | FigureType.COUNT:
            return list(_filings(asked, figure, named))
        case FigureType.INSPECTIONS:
            return list(_inspections(asked, named))
        case _:
            return []


def _funds(asked: Asked, figure: Figure, named: Named) -> Iterator[Item]:
    rows = asked.connection.execute(
        select(CASES.c.number, PLANS.c.funds)
        .join(PLANS, PLANS.c.case_id == CASES.c.id)
        .where(*funded(asked, figure, named.period), CASES.c.unit_id == named.unit.id)
        .order_by(CASES.c.id)
    )
    for number, written in rows:
        name = Wording(f"{number} {written}", f"{number} {written}")
        yield Item(name, f"/case/{quote(number, safe='')}", yuan_in(written) or 0)


def _filings(asked: Asked, figure: Figure, named: Named) -> Iterator[Item]:
    value = FILING_FIGURES.c.value
    kept = (FILING_FIGURES.c.filing_id == FILINGS.c.id) & (FILING_FIGURES.c.key == figure.summed)
    rows = asked.connection.execute(
        select(FILINGS.c.template, FILINGS.c.period, FILINGS.c.number, value)
        .outerjoin(FILING_FIGURES, kept)
        .where(*filed(figure, named.period), FILINGS.c.unit_id == named.unit.id)
        .order_by(FILINGS.c.first_day)
    )
    for template, period, number, added in rows:
        link = f"/filings/{template}/{period}/{quote(named.unit.code, safe='')}"
        yield Item(Wording(number, number), link, (added or 0) if figure.summed else 1)


def _inspections(asked: Asked, named: Named) -> Iterator[Item]:
    held, task = INSPECTIONS.c, INSPECTION_TASKS.c
    rows = asked.connection.execute(
        select(held.held_on, held.kind, task.number)
        .outerjoin(INSPECTION_TASKS, task.inspection_id == held.id)
        .where(*inspected(named.period), held.unit_id == named.unit.id)
        .order_by(held.held_on, held.id)
    )
    for day, kind, number in rows:
        of = f" {number}" if number else ""
        name = Wording(f"{day} {kind.label.zh}{of}", f"{day} {kind.label.en}{of}")
        yield Item(name, f"/inspections/{quote(number, safe='')}" if number else "", 1)
