"""Search: the cases a query finds, a page at a time, and how many there are."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from casework.asking.conditions import Asked, conditions
from casework.asking.hits import driven, id_rows
from casework.asking.index import catch_up, how_many_pending, pending_texts
from casework.asking.pages import after_key, has_place, key_of, ordered
from casework.asking.phrases import Words, candidates, few_with, index_query, word_conditions
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

    def source(self, *, paged: bool) -> Any:  # noqa: ANN401 — a FROM clause of several kinds
        """Return what to read cases from, so that either database begins at the right end."""
        if self.few is not None:
            rows = id_rows(self.connection, self.few)
            return driven(rows, CASES, CASES.c.id == rows.c.value)
        sqlite = self.connection.dialect.name == "sqlite"
        if self.index and sqlite and paged and self.sort in {Sort.NEWEST, Sort.OLDEST}:
            # FTS5 gives its rows in the order of their ids, and stops when the page is full.
            hits = candidates(self.connection, self.index).subquery("hit")
            return driven(hits, CASES, CASES.c.id == hits.c.rowid)
        return CASES

    def narrowed(self) -> list[ColumnElement[bool]]:
        """Return the conditions for reading all that is found rather than a page of it."""
        if self.few is not None or not self.index:
            return list(self.conditions)
        among = CASES.c.id.in_(candidates(self.connection, self.index))
        return [among, *self.conditions]


def search(
    office: Office, text: str, *, by: str, as_of: datetime, after: str = "", size: int = 50
) -> Found:
    """Return a page of the cases that ``text`` finds among those that ``by`` may see.

    Raise QueryTrouble pointing at the word, Invalid for a key, NotFound for the person.
    """
    query = parse(text)
    size = max(1, min(size, MOST_PER_PAGE))
    _index_what_waits(office, query)
    with office.reading() as connection:
        asking = make_ready(office, connection, query, by=by, as_of=as_of)
        rows = _read_page(asking, after, size + 1)
    shown = [_shown(row, as_of) for row in rows[:size]]
    return Found(str(query), shown, key_of(rows[size - 1], asking.sort) if rows[size:] else "")


def count_found(office: Office, text: str, *, by: str, as_of: datetime) -> Count:
    """Return how many cases ``text`` finds, up to ``MOST_COUNTED``."""
    query = parse(text)
    with office.reading() as connection:
        asking = make_ready(office, connection, query, by=by, as_of=as_of)
        ids = select(CASES.c.id).select_from(asking.source(paged=True)).where(*asking.conditions)
        some = ids.limit(MOST_COUNTED + 1).subquery()
        number = connection.execute(select(func.count()).select_from(some)).scalar_one()
    return Count(min(number, MOST_COUNTED), more=number > MOST_COUNTED)


def make_ready(
    office: Office, connection: Connection, query: Query, *, by: str, as_of: datetime
) -> Asking:
    """Look up the names in a query and the reach of the asker."""
    policy = office.rulebooks.at(connection, as_of).policy
    words = Words.of(query.phrases)
    pending = pending_texts(connection) if words else {}
    few = few_with(connection, words, pending) if words.wanted else None
    found = [visible(connection, find_actor(connection, by))]
    found += has_place(query.sort or Sort.NEWEST)
    found += conditions(Asked(connection, as_of, policy), query)
    found += word_conditions(connection, words, pending)
    index = index_query(connection.dialect.name, words.wanted) if not pending else ""
    return Asking(connection, query, found, None if few is None else frozenset(few), index, as_of)


_CLUSTERS = ORGANISATIONS.alias("cluster")
SHOWN = (
    CASES.c.id, CASES.c.number, ORGANISATIONS.c.name.label("unit"),
    _CLUSTERS.c.name.label("cluster"), CASES.c.category, CASES.c.level, CASES.c.risk,
    CASES.c.description, CASES.c.location, CASES.c.found_on, CASES.c.state, CASES.c.claimed,
    CASES.c.listed, CASES.c.stage, CASES.c.holder, CASES.c.due_at, CASES.c.reported_at,
    CASES.c.closed_at,
)  # fmt: skip


def rows_of(asking: Asking, columns: Sequence[Any], *, paged: bool) -> Select[Any]:
    """Return a select of cases with their unit and cluster."""
    source = asking.source(paged=paged)
    units = driven(source, ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    joined = units.outerjoin(_CLUSTERS, _CLUSTERS.c.id == CASES.c.cluster_id)
    wanted = asking.conditions if paged else asking.narrowed()
    return select(*columns).select_from(joined).where(*wanted)


def _read_page(asking: Asking, after: str, most: int) -> list[dict[str, Any]]:
    statement = ordered(rows_of(asking, SHOWN, paged=True), asking.sort)
    if after:
        statement = statement.where(after_key(asking.sort, after))
    rows = asking.connection.execute(statement.limit(most)).mappings()
    return [dict(row) for row in rows]


def _shown(row: Mapping[str, Any], as_of: datetime) -> dict[str, Any]:
    return {**row, "days_late": days_late(row["due_at"], as_of) if row["due_at"] else 0}


def _index_what_waits(office: Office, query: Query) -> None:
    """Index some of what waits before many searches look through it; none of it is needed."""
    if not query.phrases:
        return
    with office.reading() as connection:
        waiting = how_many_pending(connection)
    if waiting >= _WORTH_INDEXING:
        with suppress(Unavailable):  # busy, or opened for reading only
            catch_up(office, most=_MOST_INDEXED)
