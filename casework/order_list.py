"""Supervision orders as they are read: found by number, listed, and published without names."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, RowMapping, bindparam, or_, select

from casework.errors import NotFound
from casework.forms import LONGEST_NAME, clean
from casework.office import Office
from casework.people import find_actor, find_unit, names_of
from casework.rulebook import Rulebook
from casework.scope import visible
from models.tables import CASES, ORDERS, ORGANISATIONS
from rules.access import Verb
from rules.deadlines import days_late, due
from rules.ladder import OrderLevel
from rules.wording import Wording

_CLUSTERS = ORGANISATIONS.alias("cluster")
SHOWN = (
    select(
        ORDERS, CASES.c.number.label("case"), CASES.c.category, CASES.c.level.label("hazard"),
        CASES.c.state, ORGANISATIONS.c.name.label("unit"), ORGANISATIONS.c.path,
        _CLUSTERS.c.name.label("cluster"),
    )
    .join(CASES, CASES.c.id == ORDERS.c.case_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .outerjoin(_CLUSTERS, _CLUSTERS.c.id == CASES.c.cluster_id)
)  # fmt: skip
_CALLED = SHOWN.where(ORDERS.c.number.in_([bindparam("written"), bindparam("plain")]))
_OF_CASE = SHOWN.where(CASES.c.number == bindparam("plain")).order_by(ORDERS.c.id.desc())
_BY_ID = SHOWN.where(ORDERS.c.id == bindparam("order"))
_ISSUED = (
    select(ORDERS.c.number, CASES.c.number.label("case"), ORDERS.c.level)
    .join(CASES, CASES.c.id == ORDERS.c.case_id)
    .where(ORDERS.c.issued_at == bindparam("at"), ORDERS.c.issued_by_id.is_(None))
    .order_by(ORDERS.c.id)
)
# What may leave us: no text that somebody typed, no person.
_PUBLIC = (
    "number", "kind", "level", "unit", "category", "hazard", "issued_at", "due_at", "published_at",
    "released_at",
)  # fmt: skip


class Issued(NamedTuple):
    """An order, by its number, its case's and its level."""

    number: str
    case: str
    level: OrderLevel


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """``in_force`` leaves out released orders; ``unpublished`` keeps those not yet published."""

    place: str = ""
    case: str = ""
    level: OrderLevel | None = None
    in_force: bool = False
    overdue: bool = False
    unpublished: bool = False


def find_order(connection: Connection, written: str) -> Row[Any]:
    """Return the order called ``written``, in whatever brackets, or the newest of that case.

    Raise NotFound or Invalid.
    """
    written = clean(written, where="order", longest=LONGEST_NAME)
    values = {"written": written, "plain": _in_our_brackets(written)}
    row = connection.execute(_CALLED, values).first()
    row = row or connection.execute(_OF_CASE, {"plain": written}).first()
    if row is None:
        raise no_such_order(written)
    return row


def order_by_id(connection: Connection, order_id: int) -> Row[Any]:
    return connection.execute(_BY_ID, {"order": order_id}).one()


def open_order(office: Office, written: str, *, by: str, as_of: datetime) -> Mapping[str, Any]:
    """Return all about an order to somebody who may see its case; raise NotFound otherwise."""
    with office.reading() as connection:
        found = find_order(connection, written)
        if not find_actor(connection, by).may(Verb.VIEW, found.path):
            raise no_such_order(written)
        row = connection.execute(_BY_ID, {"order": found.id}).mappings().one()
        return told_orders(office, connection, [row], as_of)[0]


def list_orders(
    office: Office, wanted: OrderFilter, *, by: str, as_of: datetime
) -> Sequence[Mapping[str, Any]]:
    """Return the orders that the person with the code ``by`` may see, newest first.

    Each says ``days_late``, and until when it is to be published (and an extension decided on).
    """
    with office.reading() as connection:
        conditions = conditions_of(connection, wanted, by, as_of)
        found = connection.execute(SHOWN.where(*conditions).order_by(ORDERS.c.id.desc()))
        return told_orders(office, connection, found.mappings().all(), as_of)


def list_published(office: Office) -> Sequence[Mapping[str, Any]]:
    """Return what anybody may read of the published orders, newest first: no personal data."""
    published = SHOWN.where(ORDERS.c.published_at.is_not(None)).order_by(ORDERS.c.id.desc())
    with office.reading() as connection:
        rows = connection.execute(published).mappings().all()
    return [{name: row[name] for name in _PUBLIC} for row in rows]


def list_issued(office: Office, at: datetime) -> Sequence[Issued]:
    """Return the orders that the ladder issued at a moment, which is that of a sweep."""
    with office.reading() as connection:
        return [Issued(*row) for row in connection.execute(_ISSUED, {"at": at})]


def no_such_order(written: str) -> NotFound:
    return NotFound(
        Wording(f"没有督办令 {written}", f"there is no order {written}"),
        remedy=Wording("可用 bihuan order list 查找。", "`bihuan order list` finds orders."),
        where="order",
    )


def _in_our_brackets(written: str) -> str:
    return unicodedata.normalize("NFKC", written).translate(_BRACKETS).replace(" ", "")


_BRACKETS = str.maketrans("[【({]】)}", "〔〔〔〔〕〕〕〕")


def conditions_of(
    connection: Connection, wanted: OrderFilter, by: str, as_of: datetime
) -> list[ColumnElement[bool]]:
    found = [visible(connection, find_actor(connection, by))]
    if wanted.place:
        place = find_unit(connection, wanted.place, where="place")
        found.append(ORGANISATIONS.c.path.startswith(place.path, autoescape=True))
    if wanted.case:
        found.append(CASES.c.number == clean(wanted.case, where="case", longest=LONGEST_NAME))
    if wanted.level:
        found.append(ORDERS.c.level == wanted.level)
    if wanted.in_force:
        found.append(ORDERS.c.released_at.is_(None))
    if wanted.overdue:
        late = or_(ORDERS.c.released_at.is_(None), ORDERS.c.released_at >= ORDERS.c.due_at)
        found += [ORDERS.c.due_at <= as_of, late]
    if wanted.unpublished:
        found.append(ORDERS.c.published_at.is_(None))
    return found


def told_orders(
    office: Office, connection: Connection, rows: Sequence[RowMapping], as_of: datetime
) -> list[dict[str, Any]]:
    book = office.rulebooks.at(connection, as_of)
    names = names_of(connection, [row[each] for row in rows for each in _PEOPLE])
    return [_one(row, names, book, as_of) for row in rows]


def _one(
    row: RowMapping, names: Mapping[int, str], book: Rulebook, as_of: datetime
) -> dict[str, Any]:
    bounds, calendar = book.policy.orders, book.calendar
    asked_at, released_at = row["extension_asked_at"], row["released_at"]
    answer = due(asked_at, bounds.decision_within.limit, calendar).at if asked_at else None
    return {
        **{name: value for name, value in row.items() if name not in _INNER},
        **{each.removesuffix("_id"): names.get(row[each] or 0, "") for each in _PEOPLE},
        "days_late": days_late(row["due_at"], min(as_of, released_at or as_of)),
        "publish_by": due(row["issued_at"], bounds.publish_within.limit, calendar).at,
        "decide_by": answer,
    }


_PEOPLE = ("issued_by_id", "acknowledged_by_id", "extension_asked_by_id", "released_by_id")
_INNER = {"id", "case_id", "year", "n", "path", *_PEOPLE}
