"""Whole histories, many at a time: told by the database in few rows, and hashed here.

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
    and_,
    bindparam,
    case,
    func,
    null,
    select,
)

from casework.proving.sequencer import CASE
from casework.proving.worded import Words, words_of
from models.tables import CASES, EVENTS, LEAVES, RECORD_EVENTS
from rules.proof import ALGORITHM, GENESIS, Told, hashes_of

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
    """A history as the database sums it up."""

    id: int
    name: str | None
    events: int
    first: Any
    last: Any
    alike: int
    previous: str
    hashes: str

    def told(self, name: str | None, columns: Sequence[Any]) -> Told:
        return Told(name or "", self.events, self.previous, columns)


class _End(NamedTuple):
    """What a case says of its history."""

    name: str | None
    seq: int
    head: str


class _Sealed(NamedTuple):
    """The leaves of a history, as the database sums them up."""

    id: int
    leaves: int
    first: Any
    last: Any
    shortest: int
    longest: int
    numbers: str
    hashes: bytes


_NONE = _Sealed(0, 0, None, None, 0, 0, "", b"")
_OWN = len(_History._fields)


class Glance:
    """Looks at the histories of one kind of subject."""

    def __init__(self, connection: Connection, subject: str, since: int) -> None:
        self._connection, self._subject, self._since = connection, subject, since
        sqlite = connection.dialect.name == "sqlite"
        table = EVENTS if subject == CASE else RECORD_EVENTS
        self._said, self._of_case = words_of(sqlite=sqlite), subject == CASE
        some = bool(since)
        self._histories = _histories(table, self._said, some=some, sqlite=sqlite)
        self._ends, self._leaves = _ends(some=some), _leaves(self._said, some=some)

    def look(self, span: Span) -> Glanced:
        """Look at these, and in a run over all at whatever else lies in the span.

        Raise DBAPIError, or the driver's own Error, for what the database cannot word.
        """
        rows = self._rows(self._histories, span)
        histories = [_History(*row[:_OWN]) for row in rows]
        ends = self._read_ends(span, histories)
        told = [
            history.told(end.name, row[_OWN:])
            for history, end, row in zip(histories, ends, rows, strict=True)
        ]
        found = self._hash(told)
        sealed = {each.id: each for each in map(_Sealed._make, self._rows(self._leaves, span))}
        doubtful, events, leaves, at = set(span.ids), 0, 0, 0
        for history, end in zip(histories, ends, strict=True):
            own, at = found[at : at + _DIGITS * history.events], at + _DIGITS * history.events
            numbers = _numbers(history, end, own, sealed.get(history.id, _NONE))
            if numbers is None:
                doubtful.add(history.id)
                continue
            doubtful.discard(history.id)
            events += history.events
            leaves += sum(each >= self._since for each in numbers) if self._since else len(numbers)
        return Glanced(sorted(doubtful), events, leaves)

    def _hash(self, told: Sequence[Told]) -> str:
        """Return the hashes of all their events, some that are none where one cannot be told."""
        try:
            texts = self._said.texts(told) if told else []
        except ValueError:
            texts = []
        events = sum(each.events for each in told)
        if len(texts) == events:
            return hashes_of(texts)
        if len(told) == 1:
            return "?" * _DIGITS * events
        return "".join(self._hash([each]) for each in told)

    def _read_ends(self, span: Span, histories: Sequence[_History]) -> list[_End]:
        """Return what each is called and, where it is a case, where it says that it ends."""
        if not self._of_case:
            return [_End(each.name, each.events, each.hashes[-_DIGITS:]) for each in histories]
        ends = {id_: _End(*end) for id_, *end in self._rows(self._ends, span)}
        return [ends.get(each.id, _NO_CASE) for each in histories]

    def _rows(self, statement: Select[Any], span: Span) -> Sequence[tuple[Any, ...]]:
        which = {"ids": span.ids} if self._since else {"first": span.first, "last": span.last}
        found = self._connection.execute(statement, {**which, "subject": self._subject})
        rows: Sequence[tuple[Any, ...]] = found.cursor.fetchall()
        return rows


_DIGITS = len(GENESIS)
_NO_CASE = _End(None, 0, "")


def _numbers(history: _History, end: _End, found: str, sealed: _Sealed) -> list[int] | None:
    """Return the numbers of a whole history's leaves, None when there is any doubt.

    ``found`` are its events' hashes as they should be.
    """
    count, hashes = history.events, history.hashes
    if (history.first, history.last, history.alike) != (1, count, count):
        return None
    if found != hashes or history.previous != GENESIS + hashes[:-_DIGITS]:
        return None
    if end.name is None or (end.seq, end.head) != (count, hashes[-_DIGITS:]):
        return None
    if sealed[1:6] != (count, 1, count, 32, 32) or sealed.hashes != bytes.fromhex(hashes):
        return None
    numbers = [*map(int, sealed.numbers.split(","))]
    return numbers if numbers == sorted(numbers) else None  # none are the same: it is the key


def _histories(table: Table, said: Words, *, some: bool, sqlite: bool) -> Select[Any]:
    """Return ``some`` histories, or a span of all: ``_History``, and what tells their events."""
    column, of_case = table.c, table is EVENTS
    id_ = column.case_id if of_case else column.subject_id
    name = CASES.c.number if of_case else column.subject.concat(":").concat(column.name)
    # PostgreSQL's cases are read apart: joined, their texts would be aggregated with each event.
    joined = of_case and sqlite
    statement = (
        select(
            id_, null() if of_case else _one_of(name), func.count(), func.min(column.seq),
            func.max(column.seq), _alike(column),
            said.joined(column.previous, column.seq), said.joined(column.hash, column.seq),
            *said.told(column, name),
        )
        .select_from(table.outerjoin(CASES, CASES.c.id == id_) if joined else table)
        .where(id_.in_(_IDS) if some else id_.between(_FIRST, _LAST))
        .group_by(id_)
        .order_by(id_)
    )  # fmt: skip
    return statement if of_case else statement.where(column.subject == _SUBJECT)


def _alike(column: Any) -> ColumnElement[Any]:  # noqa: ANN401 — a table's columns
    """Count the events that are as all should be: nothing is left out or shifted by joining."""
    told = (column.at, column.body, column.door, column.kind, column.role)
    whole = and_(
        column.algorithm == ALGORITHM,
        func.length(column.hash) == _DIGITS,
        func.length(column.previous) == _DIGITS,
        *(each.is_not(None) for each in told),
    )
    return func.sum(case((whole, 1), else_=0))


def _ends(*, some: bool) -> Select[Any]:
    """Return what ``some`` cases, or those of a span, say of their histories: id and ``_End``."""
    id_ = CASES.c.id
    statement = select(id_, CASES.c.number, CASES.c.seq, CASES.c.head)
    return statement.where(id_.in_(_IDS) if some else id_.between(_FIRST, _LAST))


def _leaves(said: Words, *, some: bool) -> Select[Any]:
    """Return the leaves of ``some`` subjects, or of a span of all, as ``_Sealed``."""
    id_, seq = LEAVES.c.subject_id, LEAVES.c.seq
    return (
        select(
            id_, func.count(), func.min(seq), func.max(seq),
            func.min(func.length(LEAVES.c.hash)), func.max(func.length(LEAVES.c.hash)),
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
