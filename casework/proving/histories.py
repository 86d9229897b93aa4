"""Every event again: its hash, its place in its chain, and the one leaf that seals it.

Read from the driver as it is stored, a window of histories at a time; no more is kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    literal_column,
    select,
)

from casework.proving.findings import Verified
from casework.proving.intact import UNREADABLE, Glance, Span
from casework.proving.sequencer import CASE
from casework.proving.suspects import blame_event
from casework.proving.worded import stored_moment
from models.tables import CASES, EVENTS, LEAVES, RECORD_EVENTS, UNSEALED
from rules.proof import first_wrong
from rules.wording import Wording

WINDOW = 500
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_SUBJECT: BindParameter[str] = bindparam("subject")
_CASES = select(CASES.c.id, CASES.c.number, CASES.c.seq, CASES.c.head).where(CASES.c.id.in_(_IDS))
_WAITING = select(UNSEALED.c.subject_id, UNSEALED.c.seq).where(
    UNSEALED.c.subject == _SUBJECT, UNSEALED.c.subject_id.in_(_IDS)
)

_AS_STORED = itemgetter(*range(1, 13))
Rows = Sequence[tuple[Any, ...]]
"""Rows as the driver reads them, in the order of ``suspects.Event``."""


class End(NamedTuple):
    """Where a case says that its history ends."""

    number: str
    seq: int
    head: str


class Checked(NamedTuple):
    """How many events were looked at, and how many of them are leaves from ``since`` on."""

    events: int = 0
    leaves: int = 0

    def plus(self, other: "Checked") -> "Checked":
        return Checked(self.events + other.events, self.leaves + other.leaves)


class Reader:
    """Reads and checks the histories of one kind of subject."""

    def __init__(self, connection: Connection, found: Verified, subject: str) -> None:
        self._connection, self._found, self._subject = connection, found, subject
        self._glance = Glance(connection, subject, found.since)
        table = EVENTS if subject == CASE else RECORD_EVENTS
        self._events = _statement(table, sqlite=connection.dialect.name == "sqlite")

    def check(self, spans: Iterable[Span]) -> Checked:
        """Check the histories of these spans, and put what is wrong among the faults, by id."""
        done = Checked()
        for span in spans:
            done = done.plus(self._check_span(span))
        return done

    def _check_span(self, span: Span) -> Checked:
        """Look at many at once; read row by row what is not whole, or cannot be worded."""
        doubtful, events, leaves = self._glance.look(span)
        done = Checked(events, leaves)
        for first in range(0, len(doubtful), WINDOW):
            done = done.plus(self._check_window(doubtful[first : first + WINDOW]))
        return done

    def _check_window(self, ids: Sequence[int]) -> Checked:
        """Check one window; when it cannot be read, each of its histories by itself."""
        try:
            ends = self._ends(ids)
            rows = self._read(ids)
        except UNREADABLE:
            if self._connection.dialect.name != "sqlite":
                raise
            if len(ids) == 1:
                self._found.blame(_unreadable(f"{self._subject} {ids[0]}"))
                return Checked()
            done = Checked()
            for each in ids:
                done = done.plus(self._check_window([each]))
            return done
        return self._check_rows(rows, ends, ids)

    def _ends(self, ids: Sequence[int]) -> dict[int, End]:
        if self._subject != CASE:
            return {}
        rows = self._connection.execute(_CASES, {"ids": ids})
        return {id_: End(*end) for id_, *end in rows.tuples()}

    def _read(self, ids: Sequence[int]) -> Rows:
        named = {"ids": ids, "subject": self._subject}
        found: Rows = self._connection.execute(self._events, named).cursor.fetchall()
        return found

    def _check_rows(self, rows: Rows, ends: Mapping[int, End], ids: Sequence[int]) -> Checked:
        own = {id_: list(group) for id_, group in groupby(rows, key=itemgetter(0))}
        waiting = self._waiting(ids) if any(row[11] is None for row in rows) else set()
        for id_ in sorted({*own, *ends}):
            if id_ in own:
                self._check_history(own[id_], ends.get(id_))
                self._check_waiting(own[id_], waiting, ends.get(id_))
            else:
                self._blame_end(ends[id_], 0)
        leaves = sum(row[11] is not None and row[11] >= self._found.since for row in rows)
        return Checked(len(rows), leaves)

    def _check_history(self, own: Rows, end: End | None) -> None:
        if end is None and self._subject == CASE:
            what = (
                f"经过不属于任何案件（案件 id {own[0][0]}）",
                f"events of no case (id {own[0][0]})",
            )
            self._found.blame(Wording(*what), name=f"case {own[0][0]}", seq=own[0][1])
            return
        name = end.number if end else str(own[0][13])
        wrong = self._first_wrong(own, name)
        if wrong is not None:
            blame_event(self._found, own, wrong, name)
        elif end and (len(own), own[-1][10]) != (end.seq, end.head):
            self._blame_end(end, len(own))

    def _first_wrong(self, own: Rows, name: str) -> int | None:
        """Return the index of the first wrong event; a record is called the same in all of them."""
        wrong = first_wrong(name, map(_AS_STORED, own))
        if self._subject == CASE or wrong is not None:
            return wrong
        return next((n for n, row in enumerate(own) if row[13] != name), None)

    def _blame_end(self, end: End, seq: int) -> None:
        what = Wording(
            f"{end.number} 应有 {end.seq} 条经过，历史到第 {seq} 条为止",
            f"{end.number} should have {end.seq} events, its history ends at {seq}",
        )
        column = "" if seq != end.seq else "head"
        self._found.blame(what, name=end.number, seq=min(seq, end.seq) + 1, column=column)

    def _waiting(self, ids: Sequence[int]) -> set[tuple[int, int]]:
        rows = self._connection.execute(_WAITING, {"ids": ids, "subject": self._subject})
        return set(rows.tuples())

    def _check_waiting(self, own: Rows, waiting: set[tuple[int, int]], end: End | None) -> None:
        """Blame events that are no leaf and do not wait to be one."""
        for row in own:
            if row[11] is None and (row[0], row[1]) not in waiting:
                name = end.number if end else str(row[13])
                what = Wording(
                    f"{name} 第 {row[1]} 条经过不在树中，也未待封",
                    f"event {row[1]} of {name} is neither in the tree nor waiting to be",
                )
                self._found.blame(what, name=name, seq=row[1])


def _statement(table: Table, *, sqlite: bool) -> Select[Any]:
    """Return the events of some subjects, in ``Event``'s order."""
    column = table.c
    of_case = table is EVENTS
    id_ = column.case_id if of_case else column.subject_id
    subject = literal_column(f"'{CASE}'") if of_case else column.subject
    sealed = and_(
        LEAVES.c.subject == subject, LEAVES.c.subject_id == id_, LEAVES.c.seq == column.seq
    )
    statement = (
        select(
            id_, column.seq, stored_moment(column.at, sqlite=sqlite), column.kind, column.actor_id,
            column.role, column.door, column.body, column.algorithm, column.previous, column.hash,
            LEAVES.c.number, LEAVES.c.hash,
            literal_column("''") if of_case else column.subject.concat(":").concat(column.name),
        )
        .select_from(table.outerjoin(LEAVES, sealed))
        .where(id_.in_(_IDS))
        .order_by(id_, column.seq)
    )  # fmt: skip
    return statement if of_case else statement.where(column.subject == _SUBJECT)


def _unreadable(name: str) -> Wording:
    return Wording(f"{name} 的经过无法读取", f"the history of {name} cannot be read")
