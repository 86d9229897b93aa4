"""Lists of cases: filtered, in a stable order, one page after another by key, however deep."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from casework.errors import Invalid
from casework.forms import clean
from casework.office import Office
from casework.people import find_actor, find_unit
from casework.scope import visible
from models import Place
from models.tables import CASES, ORGANISATIONS
from rules.access import Role
from rules.case import Level, State
from rules.deadlines import Stage, days_late
from rules.wording import Wording
from rules.workdays import close_of

MOST_PER_PAGE = 500


class Order(StrEnum):
    """How a list is sorted: the newest first, or what is due first (open cases only)."""

    NEWEST = "newest"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list; everything left out does not restrict. ``place`` is a code or name of a
    cluster or unit; ``text`` is looked for in numbers, descriptions and locations; ``due_to`` is
    the last due day; ``asking`` keeps those for which an extension is asked, ``is_open``
    those that a clock runs for.
    """

    place: str = ""
    state: State | None = None
    stage: Stage | None = None
    level: Level | None = None
    category: str = ""
    holder: Role | None = None
    overdue: bool = False
    listed: bool = False
    text: str = ""
    found_from: date | None = None
    found_to: date | None = None
    due_to: date | None = None
    asking: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list, and the key of the page after it ('' on the last)."""

    rows: Sequence[Mapping[str, Any]]
    after: str


_CLUSTERS = ORGANISATIONS.alias("cluster")
_SHOWN = (
    select(
        CASES.c.id, CASES.c.number, ORGANISATIONS.c.name.label("unit"),
        _CLUSTERS.c.name.label("cluster"), CASES.c.category, CASES.c.level, CASES.c.risk,
        CASES.c.description, CASES.c.location, CASES.c.found_on, CASES.c.state, CASES.c.claimed,
        CASES.c.listed, CASES.c.stage, CASES.c.holder, CASES.c.due_at, CASES.c.reported_at,
        CASES.c.closed_at,
    )
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .outerjoin(_CLUSTERS, _CLUSTERS.c.id == CASES.c.cluster_id)
)  # fmt: skip


def list_cases(
    office: Office,
    wanted: Filter,
    *,
    by: str,
    as_of: datetime,
    order: Order = Order.NEWEST,
    after: str = "",
    size: int = 50,
) -> Page:
    """Return a page of the cases that the person with the code ``by`` may see.

    ``after`` is the key of the page wanted, from the page before. Each row also says
    ``days_late`` as of the moment asked for. Raise Invalid for a key that is not one of ours or
    a text that no case can hold.
    """
    size = max(1, min(size, MOST_PER_PAGE))
    with office.reading() as connection:
        statement = _SHOWN.where(*_conditions(connection, wanted, by, as_of))
        found = connection.execute(_paged(statement, order, after).limit(size + 1))
        rows = [dict(row) for row in found.mappings()]
    shown = [{**row, "days_late": _lateness(row, as_of)} for row in rows[:size]]
    return Page(shown, page_key(rows[size - 1], order) if len(rows) > size else "")


def count_cases(office: Office, wanted: Filter, *, by: str, as_of: datetime) -> int:
    """Return how many cases the filter finds for that person."""
    with office.reading() as connection:
        conditions = _conditions(connection, wanted, by, as_of)
        return connection.execute(
            select(func.count()).select_from(CASES).where(*conditions)
        ).scalar_one()


def page_key(row: Mapping[str, Any], order: Order) -> str:
    """Return the key of the page that follows ``row``."""
    parts = [row["id"]] if order is Order.NEWEST else [row["due_at"].isoformat(), row["id"]]
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def id_after(after: str) -> int:
    """Return the id that a page of the newest first comes after; raise Invalid for no such key."""
    found: int = _read_key(after, 1)[0]
    return found


def _conditions(
    connection: Connection, wanted: Filter, by: str, as_of: datetime
) -> list[ColumnElement[bool]]:
    seen = visible(connection, find_actor(connection, by))
    return [seen, *matching(connection, wanted, CASES, as_of)]


def matching(
    connection: Connection, wanted: Filter, cases: FromClause, as_of: datetime
) -> list[ColumnElement[bool]]:
    """Return the filter as conditions on ``cases``: the table, or what has its columns.

    Raise Invalid for a text that no case can hold, NotFound for a place that is none.
    """
    equal = {
        cases.c.state: wanted.state, cases.c.stage: wanted.stage, cases.c.level: wanted.level,
        cases.c.category: clean(wanted.category, where="category") or None,
        cases.c.holder: wanted.holder,
    }  # fmt: skip
    text = clean(wanted.text, where="text")
    found = [column == value for column, value in equal.items() if value is not None]
    if wanted.place:
        found.append(_at(connection, wanted.place, cases))
    if wanted.overdue:
        found.append(cases.c.due_at <= as_of)
    if wanted.listed:
        found.append(cases.c.listed.is_not(None))
    if wanted.found_from:
        found.append(cases.c.found_on >= wanted.found_from)
    if wanted.found_to:
        found.append(cases.c.found_on <= wanted.found_to)
    if wanted.due_to:
        found.append(cases.c.due_at <= close_of(wanted.due_to))
    if wanted.is_open:
        found.append(cases.c.due_at.is_not(None))
    if wanted.asking:
        found.append(cases.c.extension_asked_by_id.is_not(None))
    if text:
        # Without regard to case: SQLite's LIKE has none for ASCII, PostgreSQL's has.
        searched = (cases.c.number, cases.c.description, cases.c.location)
        found.append(or_(*(each.icontains(text, autoescape=True) for each in searched)))
    return found


def _at(connection: Connection, place: str, cases: FromClause) -> ColumnElement[bool]:
    unit = find_unit(connection, place, where="place")
    if unit.kind is Place.COMMITTEE:
        return cases.c.id.is_not(None)
    column = cases.c.cluster_id if unit.kind is Place.CLUSTER else cases.c.unit_id
    return column == unit.id


def _paged(statement: Select[Any], order: Order, after: str) -> Select[Any]:
    if order is Order.NEWEST:
        ordered = statement.order_by(CASES.c.id.desc())
        return ordered.where(CASES.c.id < id_after(after)) if after else ordered
    ordered = statement.where(CASES.c.due_at.is_not(None)).order_by(CASES.c.due_at, CASES.c.id)
    if not after:
        return ordered
    due_at, case_id = _read_key(after, 2)
    return ordered.where(
        tuple_(CASES.c.due_at, CASES.c.id) > tuple_(_literal(due_at), literal(case_id))
    )


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


def _literal(text: Any) -> ColumnElement[datetime]:  # noqa: ANN401 — it came from outside
    try:
        moment = datetime.fromisoformat(text)
        in_utc = moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as fault:
        raise bad_key() from fault
    if moment.utcoffset() is None:
        raise bad_key()
    return literal(in_utc, CASES.c.due_at.type)


def bad_key() -> Invalid:
    """Return the fault of a page key that no page of ours gave."""
    return Invalid(
        Wording("翻页标记无效", "this page key is not one of ours"),
        remedy=Wording("请从第一页开始。", "Start from the first page."),
        where="after",
    )


def _lateness(row: Mapping[str, Any], as_of: datetime) -> int:
    return days_late(row["due_at"], as_of) if row["due_at"] else 0
