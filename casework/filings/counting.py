"""The numbers of filings, counted for all units at once: one statement for all that cases tell.

What a figure counts is its query in the one grammar; the list behind a number asks the same query,
so that they cannot disagree.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    exists,
    func,
    not_,
    select,
)

from casework.asking.asked import Asked
from casework.asking.conditions import conditions
from casework.filings.campaigns import scope_of
from casework.filings.places import Named
from casework.people import Unit
from models import Place
from models.tables import CASES, FILING_FIGURES, FILINGS, INSPECTIONS, ORGANISATIONS, PLANS
from rules.filings.acts import FilingState
from rules.filings.funds import yuan_in
from rules.filings.periods import Period
from rules.filings.templates import Figure, FigureType, Template, query_of
from rules.filings.tiers import Tier
from rules.policy import Policy
from rules.query import parse

Numbers = Mapping[str, int]
_NEWER = FILINGS.alias("newer")
NEWEST = and_(
    FILINGS.c.state == FilingState.FROZEN,
    ~exists().where(
        _NEWER.c.template == FILINGS.c.template,
        _NEWER.c.period == FILINGS.c.period,
        _NEWER.c.unit_id == FILINGS.c.unit_id,
        _NEWER.c.version > FILINGS.c.version,
        _NEWER.c.state == FilingState.FROZEN,
    ),
)
"""The filing that counts: frozen, and not corrected by another."""

_OF_THE_PERIOD = and_(
    FILINGS.c.template == bindparam("of_template"), FILINGS.c.period == bindparam("of_period")
)
_SUMMED = (
    select(FILING_FIGURES.c.key, func.sum(FILING_FIGURES.c.value))
    .join(FILINGS, FILINGS.c.id == FILING_FIGURES.c.filing_id)
    .where(_OF_THE_PERIOD, FILINGS.c.level == Tier.UNIT, NEWEST)
)
_FILED = select(FILINGS.c.unit_id).where(_OF_THE_PERIOD, FILINGS.c.level == Tier.UNIT, NEWEST)


def count_units(
    connection: Connection,
    policy: Policy,
    template: Template,
    period: Period,
    *,
    at: datetime,
    units: Collection[int] | None = None,
) -> Mapping[int, Numbers]:
    """Return the numbers of each unit (None: of all), 0 where there is nothing; by figure's key.

    ``at`` matters to queries on what is late now.
    """
    found: dict[int, dict[str, int]] = defaultdict(
        lambda: {
            each.key: int(each.type is FigureType.UNITS)
            for each in template.numbers
            if each.computed
        }
    )
    asked = Asked(connection, at, policy)
    _add_cases(found, asked, template, period, units)
    for figure in template.numbers:
        if figure.type is FigureType.FUNDS:
            _add_funds(found, asked, figure, period, units)
        elif figure.type in {FigureType.SUM, FigureType.COUNT}:
            _add_filings(found, connection, figure, period, units)
        elif figure.type is FigureType.INSPECTIONS:
            _add_inspections(found, connection, figure, period, units)
    return found


def count_place(
    connection: Connection, policy: Policy, named: Named, *, at: datetime
) -> Mapping[str, int]:
    """Return the numbers of one filing: a unit's from the cases, else the sum of the units'."""
    template, period, unit = named
    if not named.level.sums_up:
        return count_units(connection, policy, template, period, at=at, units=[unit.id])[unit.id]
    of = {"of_template": template.key, "of_period": period.key}
    rows = connection.execute(_SUMMED.where(_below(unit)).group_by(FILING_FIGURES.c.key), of)
    sums = {key: int(total) for key, total in rows if total is not None}
    return {each.key: sums.get(each.key, 0) for each in template.numbers}


def count_cases(
    connection: Connection, policy: Policy, figure: Figure, named: Named, *, at: datetime
) -> int:
    """Return how many cases of a cluster or of all a figure's query finds, whoever filed or not."""
    found = _found(Asked(connection, at, policy), figure, named.period)
    places = [] if named.unit.kind is Place.COMMITTEE else [_of_place(named.unit)]
    statement = select(func.count()).select_from(CASES).where(found, *places)
    return connection.execute(statement).scalar_one()


def funded(asked: Asked, figure: Figure, period: Period) -> list[ColumnElement[bool]]:
    """Return the conditions on cases with plans that a figure adds the last approved funds of."""
    later = PLANS.alias("later")
    newer = and_(
        later.c.case_id == PLANS.c.case_id, later.c.no > PLANS.c.no, later.c.approved.is_(True)
    )
    return [PLANS.c.approved.is_(True), ~exists().where(newer), _found(asked, figure, period)]


def filed(figure: Figure, period: Period) -> list[ColumnElement[bool]]:
    """Return the conditions on the units' filings that a figure counts, or adds figures of."""
    template = figure.of.partition(".")[0]
    return [
        FILINGS.c.template == template, FILINGS.c.level == Tier.UNIT, NEWEST,
        FILINGS.c.first_day >= period.first, FILINGS.c.last_day <= period.last,
    ]  # fmt: skip


def inspected(period: Period) -> list[ColumnElement[bool]]:
    """Return the conditions on the inspections that were made in a period."""
    return [INSPECTIONS.c.held_on.between(period.first, period.last)]


def missing_units(connection: Connection, named: Named) -> list[str]:
    """Return the names of the units below whose filing is not there yet, in order."""
    if not named.level.sums_up:
        return []
    of = {"of_template": named.template.key, "of_period": named.period.key}
    places = ORGANISATIONS.c
    below = places.path.startswith(named.unit.path, autoescape=True)
    missing = select(places.name, places.kind, places.path).where(
        places.kind == Place.UNIT, below, places.id.not_in(_FILED.where(_below(named.unit)))
    )
    scope = scope_of(connection, named.template, named.period)
    rows = connection.execute(missing.order_by(places.path), of)
    return [row.name for row in rows if scope.holds(row)]


def _add_cases(
    found: dict[int, dict[str, int]],
    asked: Asked,
    template: Template,
    period: Period,
    units: Collection[int] | None,
) -> None:
    figures = [each for each in template.numbers if each.type is FigureType.CASES]
    counted = [func.sum(case((_found(asked, each, period), 1), else_=0)) for each in figures]
    if not counted:
        return
    statement = select(CASES.c.unit_id, *counted).group_by(CASES.c.unit_id)
    for unit, *numbers in asked.connection.execute(
        statement.where(*_among(CASES.c.unit_id, units))
    ):
        of_unit = found[unit]
        for figure, number in zip(figures, numbers, strict=True):
            of_unit[figure.key] = int(number)


def _add_funds(
    found: dict[int, dict[str, int]],
    asked: Asked,
    figure: Figure,
    period: Period,
    units: Collection[int] | None,
) -> None:
    """Add what the last approved plan of each case says; a text is read once however often it is
    there, and one without a single amount counts for nothing.
    """
    statement = (
        select(CASES.c.unit_id, PLANS.c.funds, func.count())
        .join(PLANS, PLANS.c.case_id == CASES.c.id)
        .where(*funded(asked, figure, period), *_among(CASES.c.unit_id, units))
        .group_by(CASES.c.unit_id, PLANS.c.funds)
    )
    for unit, written, count in asked.connection.execute(statement):
        found[unit][figure.key] += (yuan_in(written) or 0) * count


def _add_filings(
    found: dict[int, dict[str, int]],
    connection: Connection,
    figure: Figure,
    period: Period,
    units: Collection[int] | None,
) -> None:
    within = (*filed(figure, period), *_among(FILINGS.c.unit_id, units))
    statement = select(FILINGS.c.unit_id, func.count()).where(*within)
    if figure.type is FigureType.SUM:
        statement = (
            select(FILINGS.c.unit_id, func.sum(FILING_FIGURES.c.value))
            .join(FILING_FIGURES, FILING_FIGURES.c.filing_id == FILINGS.c.id)
            .where(*within, FILING_FIGURES.c.key == figure.summed)
        )
    for unit, number in connection.execute(statement.group_by(FILINGS.c.unit_id)):
        found[unit][figure.key] = int(number or 0)


def _add_inspections(
    found: dict[int, dict[str, int]],
    connection: Connection,
    figure: Figure,
    period: Period,
    units: Collection[int] | None,
) -> None:
    unit_id = INSPECTIONS.c.unit_id
    within = (*inspected(period), *_among(unit_id, units))
    counted = select(unit_id, func.count()).where(*within).group_by(unit_id)
    for unit, number in connection.execute(counted):
        found[unit][figure.key] = int(number)


def _found(asked: Asked, figure: Figure, period: Period) -> ColumnElement[bool]:
    return and_(*conditions(asked, parse(query_of(figure, period))))


def _among(column: ColumnElement[int], units: Collection[int] | None) -> list[ColumnElement[bool]]:
    return [] if units is None else [column.in_(units)]


def _below(unit: Unit) -> ColumnElement[bool]:
    if unit.kind is Place.COMMITTEE:
        return not_(FILINGS.c.unit_id == unit.id)
    return FILINGS.c.cluster_id == unit.id


def _of_place(unit: Unit) -> ColumnElement[bool]:
    return (CASES.c.cluster_id if unit.kind is Place.CLUSTER else CASES.c.unit_id) == unit.id
