"""The histories of all that is not a case: each event chained to the one before, written once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, insert, select

from casework.events import Happening, private_digest
from casework.salts import new_salts
from models.prepared import Prepared
from models.tables import RECORD_EVENTS, RECORD_PRIVATES
from rules.proof import ALGORITHM, GENESIS, Sealed, canonical, event_hash

_ADD = Prepared(insert(RECORD_EVENTS))
_ADD_PRIVATE = Prepared(insert(RECORD_PRIVATES))
_OF_ONE = (
    select(RECORD_EVENTS)
    .where(
        RECORD_EVENTS.c.subject == bindparam("subject"),
        RECORD_EVENTS.c.subject_id == bindparam("subject_id"),
    )
    .order_by(RECORD_EVENTS.c.seq)
)

_NEWEST = (
    select(RECORD_EVENTS.c.seq, RECORD_EVENTS.c.hash)
    .where(
        RECORD_EVENTS.c.subject == bindparam("subject"),
        RECORD_EVENTS.c.subject_id == bindparam("subject_id"),
    )
    .order_by(RECORD_EVENTS.c.seq.desc())
    .limit(1)
)


class Subject(NamedTuple):
    """A thing with a history: its kind, its id, and what it is called in the chain."""

    kind: str
    id: int
    name: str

    @property
    def called(self) -> str:
        """Return what stands in the hash where a case's number does."""
        return called(self.kind, self.name)


class Entry(NamedTuple):
    """An event as it was written: its place in the chain and its hash."""

    seq: int
    hash: str


START = Entry(0, GENESIS)
"""Where the history of a new subject begins."""


def called(kind: str, name: str) -> str:
    return f"{kind}:{name}"


def last_entry(connection: Connection, kind: str, subject_id: int) -> Entry:
    """Return where a subject's history stands. Whoever appends holds the subject's own row."""
    row = connection.execute(_NEWEST, {"subject": kind, "subject_id": subject_id}).first()
    return Entry(*row) if row else START


def write_record(
    connection: Connection, subject: Subject, happening: Happening, last: Entry
) -> Entry:
    """Append a happening to a subject's history, after ``last``; return its entry.

    The database refuses a second event of the same place. Raise ValueError when the body has no
    canonical form.
    """
    return write_records(connection, [(subject, happening, last)])[0]


def write_records(
    connection: Connection, told: Sequence[tuple[Subject, Happening, Entry]]
) -> list[Entry]:
    """Append a happening to each subject's history, all in one round; return their entries."""
    salts = iter(new_salts(sum(len(happening.private) for _, happening, _ in told)))
    chained = [_chain(*each, salts) for each in told]
    _ADD.run_all(connection, [event for _, event, _ in chained])
    _ADD_PRIVATE.run_all(connection, [row for *_, private in chained for row in private])
    return [entry for entry, *_ in chained]


def _chain(
    subject: Subject, happening: Happening, last: Entry, salts: Iterator[str]
) -> tuple[Entry, dict[str, Any], list[dict[str, Any]]]:
    """Return the entry, the row of its event, and the rows of its private values."""
    seq = last.seq + 1
    place = {"subject": subject.kind, "subject_id": subject.id, "seq": seq}
    body, private = dict(happening.body), []
    for field, value in happening.private.items():
        salt = next(salts)
        body[field] = {"digest": private_digest(salt, value)}
        private.append({**place, "field": field, "salt": salt, "value": value})
    text = canonical(body)
    sealed = Sealed(
        subject.called, seq, happening.at, happening.kind, happening.actor_id, happening.role,
        happening.door.value, text, last.hash,
    )  # fmt: skip
    entry = Entry(seq, event_hash(sealed))
    event = {
        **place, "name": subject.name, "at": happening.at, "kind": happening.kind,
        "actor_id": happening.actor_id, "role": happening.role, "door": happening.door.value,
        "body": text, "algorithm": ALGORITHM, "previous": last.hash, "hash": entry.hash,
    }  # fmt: skip
    return entry, event, private


def read_records(connection: Connection, kind: str, subject_id: int) -> list[tuple[Sealed, str]]:
    """Return a subject's events in order, each with its stored hash."""
    of_one = {"subject": kind, "subject_id": subject_id}
    return list(sealed_records(connection.execute(_OF_ONE, of_one)))


def sealed_records(rows: Iterable[Row[Any]]) -> Iterator[tuple[Sealed, str]]:
    """Yield rows of ``record_event`` as the chain sees them."""
    for row in rows:
        name = called(row.subject, row.name)
        sealed = Sealed(
            name, row.seq, row.at, row.kind, row.actor_id, row.role, row.door, row.body,
            row.previous, row.algorithm,
        )  # fmt: skip
        yield sealed, row.hash
