"""Lists of cases: filtered, in a stable order, one page after another by key, however deep."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, func, or_, select

from casework.forms import clean
from casework.list_pages import Order, page_key, paged
from casework.masking import mask_name, sees_names
from casework.office import Office
from casework.people import find_actor, find_unit
from casework.scope import visible
from models import Place
from models.tables import CASES, ORGANISATIONS
from rules.access import Role
from rules.case import Level, State
from rules.deadlines import Stage, days_late
from rules.workdays import close_of

MOST_PER_PAGE = 500


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


MORE = ("measure", "department", "owner", "source", "cycle")
"""Columns that a list shows when it is asked to."""
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
    more: Collection[str] = (),
) -> Page:
    """Return a page of the cases that the person with the code ``by`` may see.

    ``after`` is the key of the page wanted, from the page before; ``more`` are keys of ``MORE``.
    Each row also says ``days_late`` as of the moment asked for. Raise Invalid for a key that is
    not one of ours or a text that no case can hold.
    """
    size = max(1, min(size, MOST_PER_PAGE))
    with office.reading() as connection:
        statement = _SHOWN.add_columns(*(CASES.c[each] for each in MORE if each in more))
        statement = statement.where(*_conditions(connection, wanted, by, as_of))
        found = connection.execute(paged(statement, order, after).limit(size + 1))
        masked = "owner" in more and not sees_names(find_actor(connection, by))
        rows = [dict(row) for row in found.mappings()]
    shown = [{**row, "days_late": _lateness(row, as_of)} for row in rows[:size]]
    shown = [_masked(row) for row in shown] if masked else shown
    return Page(shown, page_key(rows[size - 1], order) if len(rows) > size else "")


def count_cases(office: Office, wanted: Filter, *, by: str, as_of: datetime) -> int:
    """Return how many cases the filter finds for that person."""
    return count_each(office, [wanted], by=by, as_of=as_of)[0]


def count_each(office: Office, filters: Sequence[Filter], *, by: str, as_of: datetime) -> list[int]:
    """Return how many cases each filter finds for that person, all at one moment."""
    with office.reading() as connection:
        seen = visible(connection, find_actor(connection, by))
        counts = [
            select(func.count())
            .select_from(CASES)
            .where(seen, *matching(connection, wanted, CASES, as_of))
            .scalar_subquery()
            for wanted in filters
        ]
        return list(connection.execute(select(*counts)).one())


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


def _masked(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "owner": mask_name(row["owner"])}


def _lateness(row: Mapping[str, Any], as_of: datetime) -> int:
    return days_late(row["due_at"], as_of) if row["due_at"] else 0
