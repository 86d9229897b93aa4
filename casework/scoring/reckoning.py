"""What cases and duties say of a school: the figures of a sheet's automatic items and vetoes.

An item counts by its query in the one grammar; the list behind a number asks the same query.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, select

from casework.asking.asked import Asked
from casework.asking.conditions import conditions
from casework.duties.counting import counted
from casework.scoring.places import Named
from models.tables import CASES, DUTIES
from rules.duties.acts import Counted
from rules.policy import Policy
from rules.query import parse
from rules.scoring.points import Mark, reckoned
from rules.scoring.sheets import AutoType, asked, days_of, good_of
from rules.workdays import china_day

Figures = Mapping[str, tuple[int, int]]


def reckon(
    connection: Connection, policy: Policy, named: Named, marks: Mapping[str, Mark], at: datetime
) -> dict[str, Mark]:
    """Return the marks with those that are automatic as the data say at ``at``."""
    found = find_figures(connection, policy, named, at)
    after = dict(marks)
    for item in named.sheet.items:
        if item.key in found:
            pair = found[item.key]
            after[item.key] = marks[item.key]._replace(school=reckoned(item, pair), figures=pair)
    for veto in named.sheet.vetoes:
        if veto.key in found:
            pair = found[veto.key]
            after[veto.key] = marks[veto.key]._replace(school=min(1, pair[1]), figures=pair)
    return after


def find_figures(connection: Connection, policy: Policy, named: Named, at: datetime) -> Figures:
    """Return the good ones and all, by the key of an item or veto that is automatic.

    All that cases tell is one statement, all that duties tell another.
    """
    days = days_of(named.year, china_day(at))
    return {
        **_of_cases(Asked(connection, at, policy), named, days),
        **_of_duties(connection, named, days),
    }


def _of_cases(on: Asked, named: Named, days: tuple[date, date]) -> Figures:
    pairs = _queries(named)
    columns = [
        func.coalesce(func.sum(case((_found(on, each, days, named), 1), else_=0)), 0)
        if each
        else literal(0)
        for pair in pairs.values()
        for each in pair
    ]
    whose = CASES.c.unit_id == named.unit.id
    if not columns:
        return {}
    numbers = on.connection.execute(select(*columns).select_from(CASES).where(whose)).one()
    counted = [int(each) for each in numbers]
    return dict(zip(pairs, zip(counted[::2], counted[1::2], strict=True), strict=True))


def _queries(named: Named) -> dict[str, tuple[str, str]]:
    """Return the queries of the good ones ('' for none) and of all, by key."""
    autos = {each.key: each.auto for each in named.sheet.items if each.auto}
    found = {key: (good_of(auto), auto.query) for key, auto in autos.items() if auto.query}
    return {**found, **{each.key: ("", each.query) for each in named.sheet.vetoes if each.query}}


def _found(on: Asked, query: str, days: tuple[date, date], named: Named) -> ColumnElement[bool]:
    return and_(*conditions(on, parse(asked(query, days, named.unit.code))))


def _of_duties(connection: Connection, named: Named, days: tuple[date, date]) -> Figures:
    autos = {
        each.key: each.auto
        for each in named.sheet.items
        if each.auto and each.auto.type is AutoType.DUTIES
    }
    every, kept = (
        counted(how, sqlite=connection.dialect.name == "sqlite")
        for how in (Counted.OWED, Counted.KEPT)
    )
    rows = connection.execute(
        select(DUTIES.c.kind, func.count(), func.sum(case((kept, 1), else_=0)))
        .where(
            DUTIES.c.unit_id == named.unit.id,
            DUTIES.c.kind.in_({kind for auto in autos.values() for kind in auto.kinds}),
            DUTIES.c.due_on.between(*days),
            every,
        )
        .group_by(DUTIES.c.kind)
    )
    found = {kind: (int(good), count) for kind, count, good in rows}
    return {key: _added(found[kind] for kind in auto.kinds if kind in found)
            for key, auto in autos.items()}  # fmt: skip


def _added(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    listed = list(pairs)
    return sum(good for good, _ in listed), sum(every for _, every in listed)
