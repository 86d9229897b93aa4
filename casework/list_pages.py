"""One page of a list after another, by key, however deep: the orders a list may stand in."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Select, literal, tuple_

from casework.errors import Invalid
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
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def bad_key() -> Invalid:
    """Return the fault of a page key that no page of ours gave."""
    return Invalid(
        Wording("翻页标记无效", "this page key is not one of ours"),
        remedy=Wording("请从第一页开始。", "Start from the first page."),
        where="after",
    )


def _values(after: str, by: Column[Any] | None) -> list[ColumnElement[Any]]:
    parts = _read_key(after, 1 if by is None else 2)
    first = [] if by is None else [literal(_value(by, parts[0]), by.type)]
    return [*first, literal(parts[-1])]


def _read_key(after: str, length: int) -> list[Any]:
    try:
        parts = json.loads(urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (ValueError, RecursionError) as fault:
        raise bad_key() from fault
    if not isinstance(parts, list) or len(parts) != length or not _is_id(parts[-1]):
        raise bad_key()
    return parts


def _is_id(value: object) -> bool:
    """Whether a column of 64 bits may be compared with it; true is no number here."""
    return type(value) is int and 0 <= value < 2**63


def _value(by: Column[Any], text: Any) -> date:  # noqa: ANN401 — it came from outside
    try:
        if by is CASES.c.found_on:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        in_utc = moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as fault:
        raise bad_key() from fault
    if moment.utcoffset() is None:
        raise bad_key()
    return in_utc
