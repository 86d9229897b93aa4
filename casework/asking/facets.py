"""Facets: how the cases that a query finds are spread over units, states, levels and the rest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    case,
    cast,
    func,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy import Text as SAText

from casework.asking.search import Asking
from casework.asking.wanted import ready_for
from casework.case_list import Filter
from casework.office import Office
from models.tables import CASES, ORGANISATIONS
from rules.workdays import china_day, close_of

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Facet:
    """A value as a query takes it, its name ('' for a code), and how many cases have it."""

    value: str
    name: str
    count: int


_GROUPED = ("cluster_id", "unit_id", "category", "level", "state")
_OF_OPEN = ("holder",)
_OVERDUE = "overdue"
_FACETS = (*_GROUPED, *_OF_OPEN, _OVERDUE)
_Row = tuple[str, str | None, int]
_NAMES = {"cluster_id": "cluster", "unit_id": "unit"}
# The bands of the ladder a reader asks for; each is a query's own words for itself.
_BANDS = ((31, ">=31d"), (11, "11..30d"), (4, "4..10d"), (1, "1..3d"))
ON_TIME = "no"


def count_facets(
    office: Office, wanted: str | Filter, *, by: str, as_of: datetime
) -> Mapping[str, Sequence[Facet]]:
    """Return the facets of what a query or filter finds, each with its most frequent values first.

    ``holder`` and ``overdue`` tell of open cases only. Raise as ``search`` does.
    """
    with office.auditing() as connection:
        asking = ready_for(office, connection, wanted, by=by, as_of=as_of)
        everything = len(asking.conditions) == 1 and _sees_all(asking)
        rows = _by_indexes(connection, as_of) if everything else _in_one_pass(asking, as_of)
        names = _place_names(asking, rows)
    found: dict[str, list[Facet]] = {_NAMES.get(name, name): [] for name in _FACETS}
    for name, value, count in sorted(rows, key=lambda row: (-row[2], str(row[1]))):
        if value is not None:
            code, called = names.get((name, value), (value, ""))
            found[_NAMES.get(name, name)].append(Facet(code, called, count))
    return {name: facets[:MOST_SHOWN] for name, facets in found.items()}


def _sees_all(asking: Asking) -> bool:
    return str(asking.conditions[0].compile()) in {"true", "1"}


def _in_one_pass(asking: Asking, as_of: datetime) -> list[_Row]:
    """Group what is found by everything at once, and add up each facet of it."""
    values = [cast(CASES.c[name], SAText) for name in (*_GROUPED, *_OF_OPEN)]
    is_open = CASES.c.due_at.is_not(None)
    grouped = [*values, case((is_open, _band(CASES.c.due_at, as_of)))]
    found = (
        select(*grouped, func.count())
        .select_from(asking.source(paged=False))
        .where(*asking.fulfilled(paged=False))
        .group_by(*(text(str(place)) for place in range(1, len(grouped) + 1)))
    )
    counts: Counter[tuple[str, str | None]] = Counter()
    for *group, number in asking.connection.execute(found):
        for name, value in zip(_FACETS, group, strict=True):
            counts[name, value] += number
    return [(name, value, number) for (name, value), number in counts.items()]


def _by_indexes(connection: Connection, as_of: datetime) -> list[_Row]:
    """Count all cases: for each facet there is an index that answers alone."""
    is_open = CASES.c.due_at.is_not(None)
    counts = [
        *(_count(name, CASES.c[name]) for name in _GROUPED),
        *(_count(name, CASES.c[name]).where(is_open) for name in _OF_OPEN),
        _count(_OVERDUE, _band(CASES.c.due_at, as_of)).where(is_open),
    ]
    return [tuple(row) for row in connection.execute(union_all(*counts))]


def _count(name: str, column: ColumnElement[Any]) -> Select[Any]:
    value = cast(column, SAText).label("value")
    counted = select(literal(name).label("name"), value, func.count().label("count"))
    return counted.select_from(CASES).group_by(column)


def _band(due_at: ColumnElement[datetime], as_of: datetime) -> ColumnElement[str]:
    today = china_day(as_of)
    bands = [(due_at <= close_of(today - timedelta(days=days)), said) for days, said in _BANDS]
    return case(*bands, (due_at <= as_of, "0d"), else_=ON_TIME)


def _place_names(asking: Asking, rows: Sequence[Any]) -> Mapping[tuple[str, str], tuple[str, str]]:
    places = {(name, value) for name, value, _ in rows if name in _NAMES and value is not None}
    ids = {int(value) for _, value in places}
    columns = select(ORGANISATIONS.c.id, ORGANISATIONS.c.code, ORGANISATIONS.c.name)
    found = {
        str(row.id): (row.code, row.name)
        for row in asking.connection.execute(columns.where(ORGANISATIONS.c.id.in_(ids)))
    }
    return {(name, value): found[value] for name, value in places}
