"""Whole histories, many at a time: told by the database in one row, and hashed here.

What is not whole at this glance is looked at in halves, and at last read again row by row, which
names the place. So this may err towards doubt, and never the other way: each event's text is made
from all of its columns, and each column that is not in it is compared.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple, Self

import pysqlite3
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    bindparam,
    case,
    func,
    null,
    select,
    true,
)
from sqlalchemy.exc import DBAPIError

from casework.proving.sequencer import CASE
from casework.proving.worded import Words, words_of
from models.tables import CASES, EVENTS, LEAVES, RECORD_EVENTS, UNSEALED
from rules.proof import GENESIS, hashes_of

UNREADABLE = (DBAPIError, pysqlite3.Error)
"""What is raised for what SQLite stores and cannot read; PostgreSQL stores no such thing."""
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

    def halves(self) -> tuple["Span", "Span"]:
        half = len(self.ids) // 2
        left, right = self.ids[:half], self.ids[half:]
        return Span(left, self.first, left[-1]), Span(right, left[-1] + 1, self.last)


class Glanced(NamedTuple):
    """The histories that are not whole at a glance, and what the whole ones hold."""

    doubtful: Sequence[int]
    events: int = 0
    leaves: int = 0


class _Ends(NamedTuple):
    """What histories should hold, in their order, joined by commas.

    How many events, the hash of the last, None for records, and how many wait to be sealed.
    """

    counts: str | None
    heads: str | None
    waiting: str


class _Events(NamedTuple):
    """The events of histories: how many, each one's canonical JSON in a line, and columns."""

    number: int
    texts: bytes
    seqs: str
    previous: str
    hashes: str


class _Leaves(NamedTuple):
    """The leaves of histories: how many, the length of their hashes, and columns."""

    number: int
    shortest: int
    longest: int
    numbers: str | None
    seqs: str
    hashes: bytes


class Glance:
    """Looks at the histories of one kind of subject."""

    def __init__(self, connection: Connection, subject: str, since: int) -> None:
        self._connection, self._subject, self._since = connection, subject, since
        self._sqlite = connection.dialect.name == "sqlite"
        said, self._of_case = words_of(sqlite=self._sqlite), subject == CASE
        kind = {"of_case": self._of_case, "some": bool(since)}
        self._ends, self._events = _ends(said, **kind), _events(said, **kind)
        self._leaves = _leaves(said, **kind)

    def look(self, span: Span) -> Glanced:
        """Look at these, and in a run over all at whatever else lies in the span."""
        numbers = self._look(span)
        if numbers is not None:
            events, leaves = numbers
            return Glanced((), events, leaves)
        if len(span.ids) <= 1:
            return Glanced(span.ids)
        left, right = map(self.look, span.halves())
        return Glanced(
            [*left.doubtful, *right.doubtful],
            left.events + right.events,
            left.leaves + right.leaves,
        )

    def _look(self, span: Span) -> tuple[int, int] | None:
        """Return how many events and leaves these hold, None when there is any doubt."""
        try:
            ends = _Ends(*self._row(self._ends, span))
            if ends.counts is None:
                return None if span.ids else (0, 0)
            events = _Events(*self._row(self._events, span))
            leaves = _Leaves(*self._row(self._leaves, span))
        except UNREADABLE:
            if not self._sqlite:
                raise
            return None
        numbers = _leaf_numbers(ends, events, leaves, of_case=self._of_case)
        if numbers is None:
            return None
        return (events.number, sum([each >= self._since for each in numbers]))

    def _row(self, statement: Select[Any], span: Span) -> Sequence[Any]:
        which = {"ids": span.ids} if self._since else {"first": span.first, "last": span.last}
        found = self._connection.execute(statement, {**which, "subject": self._subject})
        rows: Sequence[Sequence[Any]] = found.cursor.fetchall()
        return rows[0]


def _leaf_numbers(
    ends: _Ends, events: _Events, leaves: _Leaves, *, of_case: bool
) -> list[int] | None:
    """Return the numbers of the leaves of whole histories, None when there is any doubt."""
    counts, waiting = _split(ends.counts), _split(ends.waiting)
    if events.number != sum(counts) or min(counts) < 1:
        return None
    found = hashes_of(_bytes(events.texts).split(b"\n"))
    hashes = found.hex(",", _BYTES)
    if (events.seqs, events.hashes) != (_counted(counts), hashes):
        return None
    if (events.previous, ends.heads) != _links(hashes, counts, of_case=of_case):
        return None
    sealed = [count - late for count, late in zip(counts, waiting, strict=True)]
    if not any(sealed):
        return None if leaves.number else []
    if min(sealed) < 1:  # each begins with 1, which tells where the last one ended
        return None
    wanted = (_BYTES, _BYTES, _counted(sealed), _firsts(found, counts, sealed))
    if (leaves.shortest, leaves.longest, leaves.seqs, leaves.hashes) != wanted:
        return None
    numbers = _split(leaves.numbers)
    return numbers if _ascend(numbers, sealed) else None


def _bytes(texts: str | bytes) -> bytes:
    return texts.encode() if isinstance(texts, str) else texts


_BYTES = 32  # of a hash
_WIDTH = 2 * _BYTES + 1  # its digits, and a comma


def _split(numbers: str | None) -> list[int]:
    return [*map(int, numbers.split(","))] if numbers else []


def _counted(counts: Sequence[int]) -> str:
    """Return the numbers from one up to each of these, all joined by commas."""
    return ",".join([_up_to(count) for count in counts if count > 0])


@lru_cache(256)
def _up_to(count: int) -> str:
    return ",".join(map(str, range(1, count + 1)))


def _links(hashes: str, counts: Sequence[int], *, of_case: bool) -> tuple[str, str | None]:
    """Return what should precede each event, and what each case should end with."""
    previous, heads, at = [], [], 0
    for count in counts:
        end = at + _WIDTH * count
        previous.append(GENESIS if count == 1 else f"{GENESIS},{hashes[at : end - _WIDTH - 1]}")
        heads.append(hashes[end - _WIDTH : end - 1])
        at = end
    return ",".join(previous), ",".join(heads) if of_case else None


def _firsts(found: bytes, counts: Sequence[int], sealed: Sequence[int]) -> bytes:
    """Return the hashes of the first so many events of each history."""
    if sealed == counts:
        return found
    ends = zip(accumulate(counts), counts, sealed, strict=True)
    starts = ((_BYTES * (end - count), _BYTES * first) for end, count, first in ends)
    return b"".join([found[at : at + length] for at, length in starts])


def _ascend(numbers: Sequence[int], counts: Sequence[int]) -> bool:
    """Whether the numbers of each history's leaves ascend; none are the same: it is the key."""
    at = 0
    for count in counts:
        own = numbers[at : at + count]
        if own != sorted(own):
            return False
        at += count
    return True


def _ends(said: Words, *, of_case: bool, some: bool) -> Select[Any]:
    own = _subjects(of_case=of_case, some=some)
    id_, late = UNSEALED.c.subject_id, func.count().label("late")
    waiting = (
        select(id_, late)
        .where(UNSEALED.c.subject == _SUBJECT, _within(id_, some=some))
        .group_by(id_)
        .subquery()
    )
    told = (
        select(own.c.events, own.c.head, func.coalesce(waiting.c.late, 0).label("late"))
        .select_from(own.outerjoin(waiting, waiting.c.subject_id == own.c.id))
        .order_by(own.c.id)
        .subquery()
    )
    return select(*map(said.joined, (told.c.events, told.c.head, told.c.late)))


def _events(said: Words, *, of_case: bool, some: bool) -> Select[Any]:
    own, event = _subjects(of_case=of_case, some=some), EVENTS.c if of_case else RECORD_EVENTS.c
    id_ = event.case_id if of_case else event.subject_id
    text = said.event(event, own.c.name).label("text")
    told = (
        select(text, event.seq, event.previous, event.hash)
        .join(own, own.c.id == id_)
        .where(true() if of_case else event.subject == _SUBJECT, _within(id_, some=some))
        .order_by(id_, event.seq)
        .subquery()
    )
    return select(
        func.count(), said.lines(told.c.text),
        *map(said.joined, (told.c.seq, told.c.previous, told.c.hash)),
    )  # fmt: skip


def _leaves(said: Words, *, of_case: bool, some: bool) -> Select[Any]:
    own, leaf = _subjects(of_case=of_case, some=some), LEAVES.c
    told = (
        select(leaf.number, leaf.seq, leaf.hash)
        .where(leaf.subject == _SUBJECT, leaf.subject_id.in_(select(own.c.id)))
        .order_by(leaf.subject_id, leaf.seq)
        .subquery()
    )
    length = func.length(told.c.hash)
    return select(
        func.count(), func.min(length), func.max(length), said.joined(told.c.number),
        said.joined(told.c.seq), said.hashes(told.c.hash),
    )  # fmt: skip


def _subjects(*, of_case: bool, some: bool) -> Subquery:
    """Return whose histories: id, name, how many events each should hold, and its last hash."""
    if of_case:
        own = CASES.c
        statement = select(own.id, own.number.label("name"), own.seq.label("events"), own.head)
        return statement.where(_within(own.id, some=some)).subquery()
    event = RECORD_EVENTS.c
    name = event.subject.concat(":").concat(event.name)
    called = case((func.min(name) == func.max(name), func.min(name)))  # the same in all of them
    return (
        select(
            event.subject_id.label("id"), called.label("name"), func.count().label("events"),
            null().label("head"),
        )
        .where(event.subject == _SUBJECT, _within(event.subject_id, some=some))
        .group_by(event.subject_id)
        .subquery()
    )  # fmt: skip


def _within(id_: ColumnElement[Any], *, some: bool) -> ColumnElement[bool]:
    return id_.in_(_IDS) if some else id_.between(_FIRST, _LAST)
