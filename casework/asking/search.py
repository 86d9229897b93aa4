"""Search: the cases a query finds, a page at a time, and how many there are."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, select

from casework.asking.asked import Asked
from casework.asking.conditions import conditions, of_open
from casework.asking.hits import driven, id_rows
from casework.asking.index import GRAM_INDEX, catch_up, how_many_pending, pending_texts
from casework.asking.narrowing import few_by_clauses, smallest
from casework.asking.pages import Id, after_key, has_place, key_of, ordered
from casework.asking.phrases import Words, candidates, few_with, fits, index_query, word_conditions
from casework.errors import Unavailable
from casework.office import Office
from casework.people import find_actor
from casework.scope import visible
from models.tables import CASES, ORGANISATIONS
from rules.deadlines import days_late
from rules.query import Query, Sort, parse

MOST_PER_PAGE = 500
MOST_COUNTED = 10_000
_WORTH_INDEXING = 200
_MOST_INDEXED = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """A page: rows as a list shows them, the key of the page after it ('' on the last), and the
    query as it was understood.
    """

    query: str
    rows: Sequence[Mapping[str, Any]]
    after: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases were found; ``more`` when counting stopped there."""

    number: int
    more: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """A query made ready for one database at one moment, within what the asker may see.

    ``few`` are the only cases that can fulfil it, when they are few; ``index`` is what the index
    of words is asked for, '' when it cannot narrow.
    """

    connection: Connection
    query: Query
    conditions: Sequence[ColumnElement[bool]]
    few: frozenset[int] | None
    index: str
    as_of: datetime

    @property
    def sort(self) -> Sort:
        return self.query.sort or Sort.NEWEST

    @property
    def streams(self) -> bool:
        """Whether the index of words itself gives its rows in the order asked for: FTS5 does."""
        by_age = self.sort in {Sort.NEWEST, Sort.OLDEST}
        return self.few is None and bool(self.index) and by_age and self.on_sqlite

    @property
    def on_sqlite(self) -> bool:
        return self.connection.dialect.name == "sqlite"

    @property
    def age(self) -> Id:
        """Return the column that a page takes a case's id from."""
        return GRAM_INDEX.c.rowid if self.streams else CASES.c.id

    def source(self, *, paged: bool) -> FromClause:
        """Return what to read cases from, so that either database begins at the right end."""
        if self.few is not None:
            rows = id_rows(self.connection, self.few)
            return driven(rows, CASES, CASES.c.id == rows.c.value)
        if paged and self.streams:
            return driven(GRAM_INDEX, CASES, CASES.c.id == GRAM_INDEX.c.rowid)
        return CASES

    def fulfilled(self, *, paged: bool) -> list[ColumnElement[bool]]:
        """Return the conditions, with what narrows them when all is read, or the index walked."""
        if self.few is not None or not self.index or (paged and not self.streams):
            return list(self.conditions)
        if paged:
            return [fits(self.connection, self.index), *self.conditions]
        return [CASES.c.id.in_(candidates(self.connection, self.index)), *self.conditions]


def search(
    office: Office, text: str, *, by: str, as_of: datetime, after: str = "", size: int = 50
) -> Found:
    """Return a page of the cases that ``text`` finds among those that ``by`` may see.

    Raise QueryTrouble pointing at the word, Invalid for a key, NotFound for the person.
    """
    query = parse(text)
    size = max(1, min(size, MOST_PER_PAGE))
    _index_what_waits(office, query)
    with office.auditing() as connection:
        asking = make_ready(office, connection, query, by=by, as_of=as_of)
        rows = _read_page(asking, after, size + 1)
    shown = [_shown(row, as_of) for row in rows[:size]]
    return Found(str(query), shown, key_of(rows[size - 1], asking.sort) if rows[size:] else "")


def count_found(office: Office, text: str, *, by: str, as_of: datetime) -> Count:
    """Return how many cases ``text`` finds, up to ``MOST_COUNTED``."""
    query = parse(text)
    with office.auditing() as connection:
        asking = make_ready(office, connection, query, by=by, as_of=as_of)
        ids = select(CASES.c.id).select_from(asking.source(paged=True))
        some = ids.where(*asking.fulfilled(paged=True)).limit(MOST_COUNTED + 1).subquery()
        number = connection.execute(select(func.count()).select_from(some)).scalar_one()
    return Count(min(number, MOST_COUNTED), more=number > MOST_COUNTED)


def make_ready(
    office: Office, connection: Connection, query: Query, *, by: str, as_of: datetime
) -> Asking:
    """Look up the names in a query and the reach of the asker."""
    policy = office.rulebooks.at(connection, as_of).policy
    words = Words.of(query.phrases)
    pending = pending_texts(connection) if words else {}
    asked = Asked(connection, as_of, policy)
    by_words = few_with(connection, words, pending) if words.wanted else None
    by_clauses = few_by_clauses(asked, query)
    few = smallest(each for each in (by_words, by_clauses) if each is not None)
    found = [visible(connection, find_actor(connection, by))]
    found += has_place(query.sort or Sort.NEWEST)
    found += conditions(asked, query, unseen=_walks_in_order(asked, query))
    # Those few were compared already; told so again, PostgreSQL walks all texts for a page of them.
    left = words if by_words is None else Words((), words.unwanted)
    found += word_conditions(connection, left, pending)
    index = index_query(connection.dialect.name, words.wanted) if not pending else ""
    return Asking(connection, query, found, None if few is None else frozenset(few), index, as_of)


def _walks_in_order(asked: Asked, query: Query) -> bool:
    """Whether SQLite must walk the index of the order, checking each case it comes by.

    Left to itself it fetches and sorts all that have a state or level, which is most of them. Where
    few cases lie it does well to begin there.
    """
    wanted = [each for each in query.clauses if not each.negated]
    names = {each.name for each in wanted}
    few_open = any(map(of_open, wanted)) and not _PARTS.isdisjoint(names)
    in_order = query.sort in {Sort.CLOSED, Sort.FOUND}
    return asked.dialect == "sqlite" and in_order and _NARROW.isdisjoint(names) and not few_open


_NARROW = frozenset(("unit", "number", "by", "due", "overdue"))
_PARTS = frozenset(("cluster", "type", "category"))  # of open cases, a part is few
CLUSTERS = ORGANISATIONS.alias("cluster")
SHOWN = (
    CASES.c.id, CASES.c.number, ORGANISATIONS.c.name.label("unit"),
    CLUSTERS.c.name.label("cluster"), CASES.c.category, CASES.c.level, CASES.c.risk,
    CASES.c.description, CASES.c.location, CASES.c.found_on, CASES.c.state, CASES.c.claimed,
    CASES.c.listed, CASES.c.stage, CASES.c.holder, CASES.c.due_at, CASES.c.reported_at,
    CASES.c.closed_at,
)  # fmt: skip


def rows_of(asking: Asking, columns: Sequence[Any], *, paged: bool) -> Select[Any]:
    """Return a select of cases with their unit and cluster."""
    source = asking.source(paged=paged)
    units = driven(source, ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    joined = units.outerjoin(CLUSTERS, CLUSTERS.c.id == CASES.c.cluster_id)
    return select(*columns).select_from(joined).where(*asking.fulfilled(paged=paged))


def _read_page(asking: Asking, after: str, most: int) -> list[dict[str, Any]]:
    statement = ordered(rows_of(asking, SHOWN, paged=True), asking.sort, asking.age)
    if after:
        statement = statement.where(after_key(asking.sort, after, asking.age))
    rows = asking.connection.execute(statement.limit(most)).mappings()
    return [dict(row) for row in rows]


def _shown(row: Mapping[str, Any], as_of: datetime) -> dict[str, Any]:
    return {**row, "days_late": days_late(row["due_at"], as_of) if row["due_at"] else 0}


def _index_what_waits(office: Office, query: Query) -> None:
    """Index some of what waits before many searches look through it; none of it is needed."""
    if not query.phrases:
        return
    with office.auditing() as connection:
        waiting = how_many_pending(connection)
    if waiting >= _WORTH_INDEXING:
        with suppress(Unavailable):  # busy, or opened for reading only
            catch_up(office, most=_MOST_INDEXED)
