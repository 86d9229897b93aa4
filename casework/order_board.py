"""The board of supervision orders: where each stands, how many stand there, a page of them.

Orders in force are read by the partial index of open orders; the released ones, which only grow,
are counted and paged.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, case, func, select
from sqlalchemy.sql.elements import True_

from casework.office import Office
from casework.order_list import (
    SHOWN,
    OrderFilter,
    conditions_of,
    find_order,
    no_such_order,
    told_orders,
)
from casework.people import find_actor
from models.tables import CASES, ORDERS, ORGANISATIONS
from rules.access import Verb
from rules.case import State
from rules.standing import Stand

MOST_PAGES = 10_000
_KEPT = ORDERS.c
# The first that holds decides.
_STAND: ColumnElement[str] = case(
    (_KEPT.released_at.is_not(None), Stand.RELEASED.value),
    (CASES.c.state == State.VERIFIED, Stand.READY.value),
    (_KEPT.extension_asked_at.is_not(None), Stand.ASKED.value),
    (_KEPT.served_at.is_(None), Stand.ISSUED.value),
    else_=Stand.IN_FORCE.value,
)
_ROWS = SHOWN.add_columns(CASES.c.description, _STAND.label("stand"))
_ADDRESS = re.compile(r"([0-9]{4})-([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Standing:
    """Orders that stand alike: how many, how many of them late or without a report, and some."""

    stand: Stand
    n: int
    late: int
    missed: int
    rows: Sequence[Mapping[str, Any]]


def read_board(
    office: Office, wanted: OrderFilter, *, by: str, as_of: datetime, size: int
) -> list[Standing]:
    """Return every stand with its first orders that ``by`` may see, as ``list_standing`` does."""
    with office.reading() as connection:
        conditions = conditions_of(connection, wanted, by, as_of)
        counted = _count(connection, conditions, as_of)
        return [
            Standing(stand, *counted.get(stand, (0, 0, 0)),
                     _page(office, connection, stand, conditions, as_of, (0, size)))
            for stand in Stand
        ]  # fmt: skip


def list_standing(
    office: Office,
    stand: Stand,
    wanted: OrderFilter,
    *,
    by: str,
    as_of: datetime,
    page: int,
    size: int,
) -> Standing:
    """Return a page (from 1) of the orders that stand there: first what is due first, of the
    released the last issued. Each row says its ``stand``, ``address`` and ``publish_by``.
    """  # fmt: skip
    with office.reading() as connection:
        conditions = conditions_of(connection, wanted, by, as_of)
        counted = _count(connection, conditions, as_of).get(stand, (0, 0, 0))
        span = ((min(page, MOST_PAGES) - 1) * size, size)
        return Standing(stand, *counted, _page(office, connection, stand, conditions, as_of, span))


def count_standing(office: Office, *, by: str, as_of: datetime) -> Mapping[Stand, int]:
    """Return how many orders that ``by`` may see stand where; the released are not counted."""
    with office.reading() as connection:
        conditions = conditions_of(connection, OrderFilter(in_force=True), by, as_of)
        return {stand: n for stand, (n, _, _) in _in_force(connection, conditions, as_of).items()}


def open_from_board(office: Office, written: str, *, by: str, as_of: datetime) -> Mapping[str, Any]:
    """Return an order by its address (``2026-12``), its number, or its case's; raise NotFound."""
    with office.reading() as connection:
        where = _called(connection, written)
        row = connection.execute(_ROWS.where(where)).mappings().first()
        if row is None or not find_actor(connection, by).may(Verb.VIEW, row["path"]):
            raise no_such_order(written)
        return _told(office, connection, [row], as_of)[0]


def _called(connection: Connection, written: str) -> ColumnElement[bool]:
    if found := _ADDRESS.fullmatch(written):
        year, n = (int(part) for part in found.groups())
        return (_KEPT.year == year) & (_KEPT.n == n)
    by_id: ColumnElement[bool] = _KEPT.id == find_order(connection, written).id
    return by_id


def _count(
    connection: Connection, conditions: Sequence[ColumnElement[bool]], as_of: datetime
) -> dict[Stand, tuple[int, int, int]]:
    all_seen = all(isinstance(each, True_) for each in conditions)  # then no case need be read
    counted = select(func.count()) if all_seen else _joined(func.count(), conditions)
    n = connection.execute(counted.where(_KEPT.released_at.is_not(None))).scalar_one()
    return {**_in_force(connection, conditions, as_of), Stand.RELEASED: (n, 0, 0)}


def _in_force(
    connection: Connection, conditions: Sequence[ColumnElement[bool]], as_of: datetime
) -> dict[Stand, tuple[int, int, int]]:
    late, missed = (_KEPT.due_at <= as_of, 1), (_KEPT.missed_reports > 0, 1)
    counted = _joined(_STAND.label("stand"), conditions).add_columns(
        func.count(), func.count(case(late)), func.count(case(missed))
    )
    rows = connection.execute(counted.where(_KEPT.released_at.is_(None)).group_by("stand"))
    return {Stand(stand): (n, late_n, missed_n) for stand, n, late_n, missed_n in rows}


def _joined(column: ColumnElement[Any], conditions: Sequence[ColumnElement[bool]]) -> Any:  # noqa: ANN401 — a Select whose columns grow
    return (
        select(column).select_from(ORDERS)
        .join(CASES, CASES.c.id == _KEPT.case_id)
        .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
        .where(*conditions)
    )  # fmt: skip


def _page(
    office: Office, connection: Connection, stand: Stand,
    conditions: Sequence[ColumnElement[bool]], as_of: datetime, span: tuple[int, int],
) -> list[dict[str, Any]]:  # fmt: skip
    released = stand is Stand.RELEASED
    in_force = _KEPT.released_at.is_not(None) if released else _KEPT.released_at.is_(None)
    order = () if released else (_KEPT.due_at,)
    found = _ROWS.where(*conditions, in_force, _STAND.in_([stand.value]))
    start, size = span
    paged = found.order_by(*order, _KEPT.id.desc()).offset(start).limit(size)
    return _told(office, connection, connection.execute(paged).mappings().all(), as_of)


def _told(
    office: Office, connection: Connection, rows: Sequence[RowMapping], as_of: datetime
) -> list[dict[str, Any]]:
    told = told_orders(office, connection, rows, as_of)
    return [
        {**each, "stand": Stand(row["stand"]), "address": f"{row['year']}-{row['n']}"}
        for each, row in zip(told, rows, strict=True)
    ]
