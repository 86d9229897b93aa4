"""Facets: how the cases that a query finds are spread over units, states, levels and the rest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, FromClause, case, cast, func, select, text
from sqlalchemy import Text as SAText

from casework.asking.search import Asking
from casework.asking.wanted import ready_for
from casework.auditing.tallies import add_some, closed_by
from casework.case_list import Filter
from casework.office import Office
from models import Dimension
from models.tables import CASES, ORGANISATIONS
from rules.case import State
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
_FACETS = (*_GROUPED, *_OF_OPEN, "overdue")
_SUMMED = {
    Dimension.CLUSTER: "cluster_id", Dimension.UNIT: "unit_id",
    Dimension.CATEGORY: "category", Dimension.LEVEL: "level",
}  # fmt: skip
_Counts = Counter[tuple[str, str | None]]
"""How many cases have a value of a facet."""
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
    if wanted in ("", Filter()):
        add_some(office)
    with office.auditing() as connection:
        asking = ready_for(office, connection, wanted, by=by, as_of=as_of)
        everything = asking.few is None and len(asking.conditions) == 1 and _sees_all(asking)
        counts = _from_sums(connection, as_of) if everything else None
        if counts is None:
            found = asking.source(paged=False), asking.fulfilled(paged=False)
            counts = _in_one_pass(connection, *found, as_of)
        names = _place_names(connection, counts)
    facets: dict[str, list[Facet]] = {_NAMES.get(name, name): [] for name in _FACETS}
    for (name, value), count in sorted(counts.items(), key=lambda each: (-each[1], str(each[0]))):
        if value is not None and count:
            code, called = names.get((name, value), (value, ""))
            facets[_NAMES.get(name, name)].append(Facet(code, called, count))
    return {name: each[:MOST_SHOWN] for name, each in facets.items()}


def _sees_all(asking: Asking) -> bool:
    return str(asking.conditions[0].compile()) in {"true", "1"}


def _from_sums(connection: Connection, as_of: datetime) -> _Counts | None:
    """Count all cases: the closed ones are summed up, only the open ones are read.

    None when too many closings are not in the sums yet.
    """
    closed = closed_by(connection, _SUMMED)
    if closed is None:
        return None
    counts = _in_one_pass(connection, CASES, [CASES.c.due_at.is_not(None)], as_of)
    for (dimension, key), number in closed.items():
        of_none = dimension is Dimension.CLUSTER and key == "0"
        counts[_SUMMED[dimension], None if of_none else key] += number
        if dimension is Dimension.LEVEL:
            counts["state", State.CLOSED.value] += number
    return counts


def _in_one_pass(
    connection: Connection,
    source: FromClause,
    fulfilled: Sequence[ColumnElement[bool]],
    as_of: datetime,
) -> _Counts:
    """Group what is found by everything at once, and add up each facet of it."""
    values = [cast(CASES.c[name], SAText) for name in (*_GROUPED, *_OF_OPEN)]
    is_open = CASES.c.due_at.is_not(None)
    grouped = [*values, case((is_open, _band(CASES.c.due_at, as_of)))]
    found = (
        select(*grouped, func.count())
        .select_from(source)
        .where(*fulfilled)
        .group_by(*(text(str(place)) for place in range(1, len(grouped) + 1)))
    )
    counts: _Counts = Counter()
    for *group, number in connection.execute(found):
        for name, value in zip(_FACETS, group, strict=True):
            counts[name, value] += number
    return counts


def _band(due_at: ColumnElement[datetime], as_of: datetime) -> ColumnElement[str]:
    today = china_day(as_of)
    bands = [(due_at <= close_of(today - timedelta(days=days)), said) for days, said in _BANDS]
    return case(*bands, (due_at <= as_of, "0d"), else_=ON_TIME)


def _place_names(
    connection: Connection, counts: _Counts
) -> Mapping[tuple[str, str | None], tuple[str, str]]:
    places = {(name, value) for name, value in counts if name in _NAMES and value is not None}
    ids = {int(value) for _, value in places if value}
    columns = select(ORGANISATIONS.c.id, ORGANISATIONS.c.code, ORGANISATIONS.c.name)
    found = {
        str(row.id): (row.code, row.name)
        for row in connection.execute(columns.where(ORGANISATIONS.c.id.in_(ids)))
    }
    return {(name, value): found[value] for name, value in places if value}
