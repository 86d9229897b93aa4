"""Whole histories, many at a time: the database words the events, they are hashed here.

What is not whole at this glance is read again row by row, which names the place. So this may err
towards doubt, and never the other way: each event's text is made from all of its columns, and each
column that is not in it is compared.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    case,
    func,
    null,
    select,
)

from casework.proving.sequencer import CASE
from casework.proving.worded import Words, words_of
from models.tables import CASES, EVENTS, LEAVES, RECORD_EVENTS
from rules.proof import ALGORITHM, follow

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_FIRST: BindParameter[int] = bindparam("first")
_LAST: BindParameter[int] = bindparam("last")
_SUBJECT: BindParameter[str] = bindparam("subject")


class Span(NamedTuple):
    """Histories that should be there, by id, and between which ids to look for others."""

    ids: Sequence[int]
    first: int
    last: int

    @classmethod
    def of(cls, ids: Sequence[int]) -> Self:
        return cls(ids, ids[0], ids[-1])


class Glanced(NamedTuple):
    """The histories that are not whole at a glance, and what the whole ones hold."""

    doubtful: list[int]
    events: int
    leaves: int


class _History(NamedTuple):
    """A history as the database sums it up; ``seq`` and ``head`` are what a case says of it."""

    id: int
    name: str | None
    seq: int | None
    head: str | None
    events: int
    first: Any
    last: Any
    alike: int
    lines: bytes
    previous: str
    hashes: str


class _Sealed(NamedTuple):
    """The leaves of a history, likewise."""

    id: int
    leaves: int
    first: Any
    last: Any
    numbers: str
    hashes: str


_NONE = _Sealed(0, 0, None, None, "", "")


class Glance:
    """Looks at the histories of one kind of subject."""

    def __init__(self, connection: Connection, subject: str, since: int) -> None:
        self._connection, self._subject, self._since = connection, subject, since
        sqlite = connection.dialect.name == "sqlite"
        table = EVENTS if subject == CASE else RECORD_EVENTS
        self._histories = _histories(table, words_of(sqlite=sqlite), some=bool(since))
        self._leaves = _leaves(words_of(sqlite=sqlite), some=bool(since))

    def look(self, span: Span) -> Glanced:
        """Look at these, and in a run over all at whatever else lies in the span.

        Raise DBAPIError, or the driver's own Error, for what the database cannot word.
        """
        sealed = {each.id: each for each in map(_Sealed._make, self._rows(self._leaves, span))}
        doubtful, events, leaves = set(span.ids), 0, 0
        for row in map(_History._make, self._rows(self._histories, span)):
            numbers = _numbers(row, sealed.get(row.id, _NONE))
            if numbers is None:
                doubtful.add(row.id)
                continue
            doubtful.discard(row.id)
            events += row.events
            leaves += sum(each >= self._since for each in numbers) if self._since else len(numbers)
        return Glanced(sorted(doubtful), events, leaves)

    def _rows(self, statement: Select[Any], span: Span) -> Sequence[tuple[Any, ...]]:
        which = {"ids": span.ids} if self._since else {"first": span.first, "last": span.last}
        found = self._connection.execute(statement, {**which, "subject": self._subject})
        rows: Sequence[tuple[Any, ...]] = found.cursor.fetchall()
        return rows


def _numbers(history: _History, sealed: _Sealed) -> list[int] | None:
    """Return the numbers of a whole history's leaves, None when there is any doubt."""
    count = history.events
    if (history.first, history.last, history.alike) != (1, count, count):
        return None
    if (sealed.first, sealed.last, sealed.leaves) != (1, count, count):
        return None
    if history.name is None or history.seq not in (None, count):
        return None
    if sealed.hashes != history.hashes.upper():
        return None
    numbers = [*map(int, sealed.numbers.split(","))]
    in_order = numbers == sorted(numbers)  # no two are the same: it is the table's key
    lines = history.lines.split(b"\n")
    whole = in_order and follow(lines, history.previous, history.hashes, history.head)
    return numbers if whole else None


def _histories(table: Table, said: Words, *, some: bool) -> Select[Any]:
    """Return the histories of ``some`` subjects, or of a span of all, as ``_History``."""
    column, of_case = table.c, table is EVENTS
    id_ = column.case_id if of_case else column.subject_id
    name = CASES.c.number if of_case else column.subject.concat(":").concat(column.name)
    of_it = (func.min(name), func.min(CASES.c.seq), func.min(CASES.c.head))
    ends = of_it if of_case else (_one_of(name), null(), null())
    alike = func.sum(case((column.algorithm == ALGORITHM, 1), else_=0))
    statement = (
        select(
            id_, *ends, func.count(), func.min(column.seq), func.max(column.seq), alike,
            said.lines(said.event(column, name), column.seq),
            said.joined(column.previous, column.seq), said.joined(column.hash, column.seq),
        )
        .select_from(table.outerjoin(CASES, CASES.c.id == id_) if of_case else table)
        .where(id_.in_(_IDS) if some else id_.between(_FIRST, _LAST))
        .group_by(id_)
        .order_by(id_)
    )  # fmt: skip
    return statement if of_case else statement.where(column.subject == _SUBJECT)


def _leaves(said: Words, *, some: bool) -> Select[Any]:
    """Return the leaves of ``some`` subjects, or of a span of all, as ``_Sealed``."""
    id_, seq = LEAVES.c.subject_id, LEAVES.c.seq
    return (
        select(
            id_, func.count(), func.min(seq), func.max(seq),
            said.numbers(LEAVES.c.number, seq), said.hashes(LEAVES.c.hash, seq),
        )
        .where(LEAVES.c.subject == _SUBJECT)
        .where(id_.in_(_IDS) if some else id_.between(_FIRST, _LAST))
        .group_by(id_)
        .order_by(id_)
    )  # fmt: skip


def _one_of(name: ColumnElement[str]) -> ColumnElement[Any]:
    """Return what a record is called, NULL when its events do not agree."""
    return case((func.min(name) == func.max(name), func.min(name)))
