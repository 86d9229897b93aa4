"""The chain of a case: each event's hash covers its content and the hash before it.

``sha256-jcs-1``: SHA-256 over a zero byte and the RFC 8785 canonical JSON of the event, so that
the hash is at the same time the event's leaf hash in an RFC 6962 tree. The algorithm is named
in the row: a later one leaves old rows verifiable.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

import rfc8785

ALGORITHM = "sha256-jcs-1"
GENESIS = "0" * 64
"""The hash before a case's first event."""


# The same bytes as rfc8785 for what _is_simple admits, several times faster; a property test holds
# the two together.
_say = json.encoder.encode_basestring
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


Stored = tuple[int, str, str, int | None, str, str, str, str, str]
"""seq, at, kind, actor, role, door, body, algorithm and previous, as they are stored."""


StoredRow = tuple[int, str, str, int | None, str, str, str, str, str, str, int | None, bytes | None]


class Digest(Protocol):
    """What hashlib answers."""

    def digest(self) -> bytes: ...

    def hexdigest(self) -> str: ...


class _Quoted(dict[str, str]):
    """The few words that stand in every event, as JSON; what is no such word is not kept."""

    def __missing__(self, word: str) -> str:
        said = _say(word)
        if len(self) < _MOST_WORDS:
            self[word] = said
        return said


_MOST_WORDS = 512
_QUOTED = _Quoted()
# The canonical JSON of an event: its names in order.
_FORM = (
    '{"actor":%s,"alg":%s,"at":%s,"body":%s,"case":%s,"door":%s,"kind":%s,"prev":%s,"role":%s,'
    '"seq":%s}'
)


class Sealed(NamedTuple):
    """An event as it enters the chain. ``body`` is its canonical JSON, as stored."""

    case: str
    seq: int
    at: datetime
    kind: str
    actor: int | None
    role: str
    door: str
    body: str
    previous: str
    algorithm: str = ALGORITHM


def canonical(value: Mapping[str, Any]) -> str:
    """Return RFC 8785 JSON; raise ValueError for what has no canonical form (NaN, 2^53, …)."""
    if _is_simple(value):
        text = _encode(value)
        text.encode()
        return text
    return rfc8785.dumps(dict(value)).decode()


def event_hash(event: Sealed) -> str:
    """Return the event's hash, 64 hexadecimal digits."""
    return stored_hash(event.case, (
        event.seq, moment(event.at), event.kind, event.actor, event.role, event.door, event.body,
        event.algorithm, event.previous,
    )).hexdigest()  # fmt: skip


def stored_hash(case: str, event: Stored) -> Digest:
    """Return the hash of an event as its row holds it, the moment as ``moment`` writes it.

    Raise TypeError or ValueError for what is no text.
    """
    seq, at, kind, actor, role, door, body, algorithm, previous = event
    say = _say
    text = _FORM % (
        "null" if actor is None else actor, say(algorithm), say(at), say(body), say(case),
        say(door), say(kind), say(previous), say(role), seq,
    )  # fmt: skip
    return sha256(b"\x00" + text.encode())


def first_wrong(case: str, rows: Iterable[StoredRow]) -> int | None:
    """Return the index of the first row of one history that is not what it should be.

    Each holds an event as ``Stored`` has it, its hash, and its leaf's number and hash, None for
    one that is not sealed. It is wrong if it does not follow from the row before, if its hash or
    its leaf's is another one, or if its leaf does not come after those before.
    """
    previous, last, name, quoted = GENESIS, -1, _say(case), _QUOTED
    for index, row in enumerate(rows):
        seq, at, kind, actor, role, door, body, algorithm, prev, stored, leaf, sealed = row
        if prev != previous or seq != index + 1 or algorithm != ALGORITHM:
            return index
        try:
            text = _FORM % (
                "null" if actor is None else actor, quoted[algorithm], _say(at), _say(body), name,
                quoted[door], quoted[kind], f'"{prev}"', quoted[role], seq,
            )  # fmt: skip
            found = sha256(b"\x00" + text.encode())
        except (TypeError, ValueError):  # what is no text any more
            return index
        if found.hexdigest() != stored:
            return index
        if leaf is not None:
            if leaf <= last or found.digest() != sealed:
                return index
            last = leaf
        previous = stored
    return None


def hashes_of(texts: Iterable[bytes]) -> bytes:
    """Return the hashes of events, one after the other, from their canonical JSON."""
    return b"".join([sha256(b"\x00" + each).digest() for each in texts])


def record(event: Sealed) -> dict[str, Any]:
    """Return what the hash covers, as plain JSON values."""
    return {
        "actor": event.actor,
        "alg": event.algorithm,
        "at": moment(event.at),
        "body": event.body,
        "case": event.case,
        "door": event.door,
        "kind": event.kind,
        "prev": event.previous,
        "role": event.role,
        "seq": event.seq,
    }


def moment(at: datetime) -> str:
    """Return an aware datetime as UTC text with microseconds, always of the same length.

    Raise ValueError for a naive one: it would be read in the machine's own time zone.
    """
    if at.utcoffset() is None:
        message = "a moment needs its time zone"
        raise ValueError(message)
    return _say_utc(at.astimezone(UTC))


def first_break(events: Iterable[tuple[Sealed, str]]) -> int | None:
    """Return the sequence number of the first event that does not follow from those before it.

    ``events`` are one case's events in order, each with its stored hash; None means intact.
    """
    previous = GENESIS
    for expected_seq, (event, stored) in enumerate(events, start=1):
        intact = event.seq == expected_seq and event.previous == previous
        if not intact or event_hash(event) != stored:
            return expected_seq
        previous = stored
    return None


# One transaction writes many events of one moment. The key is UTC: in a zone with summer time the
# two readings of a repeated hour are equal, and the second would be answered as the first.
@lru_cache(maxsize=256)
def _say_utc(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _is_simple(value: object) -> bool:
    """Whether ``value`` holds only text, small integers, booleans and null under ASCII keys."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return -_LARGEST <= value <= _LARGEST  # type: ignore[operator] # kind says it is an int
    if kind is dict:
        for key, each in value.items():  # type: ignore[attr-defined] # kind says it is a dict
            if type(key) is not str or not key.isascii():
                return False
            if type(each) is not str and not _is_simple(each):
                return False
        return True
    return kind is list and all(map(_is_simple, value))  # type: ignore[call-overload] # likewise


_LARGEST = 2**53 - 1  # the largest integer every JSON reader keeps exactly (RFC 8785 Appendix D)
