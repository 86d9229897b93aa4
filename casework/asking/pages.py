"""One page after another by key, in every order a query may ask for, however deep."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, literal, tuple_

from casework.page_keys import bad_key, is_id, read_key, read_time, write_key
from models.tables import CASES
from rules.query import Sort

Id = ColumnElement[int]


@dataclass(frozen=True, slots=True)
class _Order:
    """Sorted by a column that not every case has (None: by age alone), then by id."""

    by: str | None
    falling: bool


_ORDERS = {
    Sort.NEWEST: _Order(None, falling=True),
    Sort.OLDEST: _Order(None, falling=False),
    Sort.DUE: _Order("due_at", falling=False),
    Sort.CLOSED: _Order("closed_at", falling=True),
    Sort.FOUND: _Order("found_on", falling=True),
}


def has_place(sort: Sort, cases: FromClause = CASES) -> list[ColumnElement[bool]]:
    """Return the condition that a case has what it is sorted by."""
    by = _ORDERS[sort].by
    return [cases.c[by].is_not(None)] if by and CASES.c[by].nullable else []


def ordered(
    statement: Select[Any], sort: Sort, age: Id = CASES.c.id, cases: FromClause = CASES
) -> Select[Any]:
    """Return the statement in order. ``age`` is the column to take a case's id from."""
    order = _ORDERS[sort]
    columns = [age] if order.by is None else [cases.c[order.by], age]
    return statement.order_by(*(each.desc() if order.falling else each for each in columns))


def after_key(
    sort: Sort, after: str, age: Id = CASES.c.id, cases: FromClause = CASES
) -> ColumnElement[bool]:
    """Return the condition of the rows behind a key; raise Invalid for one that is not ours."""
    order = _ORDERS[sort]
    case_id, *rest = _read(after, sort)
    here: Any = age
    there: Any = literal(case_id)
    if order.by is not None:
        value = literal(read_time(rest[0], is_day=order.by == "found_on"), CASES.c[order.by].type)
        here, there = tuple_(cases.c[order.by], here), tuple_(value, there)
    behind: ColumnElement[bool] = here < there if order.falling else here > there
    return behind


def key_of(row: Mapping[str, Any], sort: Sort) -> str:
    """Return the key of the page that follows ``row``."""
    by = _ORDERS[sort].by
    parts = [sort.value, row["id"], *([] if by is None else [row[by].isoformat()])]
    return write_key(parts)


def _read(after: str, sort: Sort) -> list[Any]:
    length = 2 if _ORDERS[sort].by is None else 3
    parts = read_key(after, length)
    if parts[0] != sort.value or not is_id(parts[1]):
        raise bad_key()
    return parts[1:]
