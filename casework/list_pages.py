"""One page of a list after another, by key, however deep: the orders a list may stand in."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Select, literal, tuple_

from casework.page_keys import bad_key, is_id, read_key, read_time, write_key
from models.tables import CASES
from rules.wording import Wording


class Order(StrEnum):
    """How a list is sorted. By due date stand only open cases, by closing only closed ones."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"
    FOUND = "found"
    CLOSED = "closed"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    Order.NEWEST: Wording("最新上报在前", "newest first"),
    Order.OLDEST: Wording("最早上报在前", "oldest first"),
    Order.DUE: Wording("先到期在前", "due first"),
    Order.FOUND: Wording("最近发现在前", "last found first"),
    Order.CLOSED: Wording("最近销号在前", "last closed first"),
}


class _Sorted(NamedTuple):
    """Sorted by a column (None: by age alone), then by id."""

    by: Column[Any] | None
    falling: bool


_SORTED = {
    Order.NEWEST: _Sorted(None, falling=True),
    Order.OLDEST: _Sorted(None, falling=False),
    Order.DUE: _Sorted(CASES.c.due_at, falling=False),
    Order.FOUND: _Sorted(CASES.c.found_on, falling=True),
    Order.CLOSED: _Sorted(CASES.c.closed_at, falling=True),
}


def paged(statement: Select[Any], order: Order, after: str) -> Select[Any]:
    """Return a select of cases in order, from behind the key; raise Invalid for no such key."""
    by, falling = _SORTED[order]
    columns: list[Column[Any]] = [CASES.c.id] if by is None else [by, CASES.c.id]
    if by is not None and by.nullable:
        statement = statement.where(by.is_not(None))
    statement = statement.order_by(*(each.desc() if falling else each for each in columns))
    if not after:
        return statement
    here = tuple_(*columns)
    there = tuple_(*_values(after, by))
    return statement.where(here < there if falling else here > there)


def page_key(row: Mapping[str, Any], order: Order) -> str:
    """Return the key of the page that follows ``row``."""
    by = _SORTED[order].by
    parts = [row["id"]] if by is None else [row[by.name].isoformat(), row["id"]]
    return write_key(parts)


def _values(after: str, by: Column[Any] | None) -> list[ColumnElement[Any]]:
    parts = read_key(after, 1 if by is None else 2)
    if not is_id(parts[-1]):
        raise bad_key()
    if by is None:
        return [literal(parts[-1])]
    first = literal(read_time(parts[0], is_day=by is CASES.c.found_on), by.type)
    return [first, literal(parts[-1])]
