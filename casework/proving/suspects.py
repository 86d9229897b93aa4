"""Which column of an event was changed: the one whose right value gives the sealed hash again."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from casework.events import Door
from casework.proving.findings import Verified
from notifications.sentences import KINDS
from rules.access import Role
from rules.proof import ALGORITHM, GENESIS, canonical, stored_hash
from rules.wording import Wording

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_TEXTS = ("at", "kind", "role", "door", "body", "algorithm", "previous", "hash")
_NO_VALUE = object()


class Event(NamedTuple):
    """An event as the driver reads it, with its leaf; a record's brings its ``name``."""

    id: int
    seq: int
    at: str
    kind: str
    actor: int | None
    role: str
    door: str
    body: str
    algorithm: str
    previous: str
    hash: str
    leaf: int | None
    sealed: bytes | None
    name: str


class _Suspect(NamedTuple):
    column: str
    was: Any = _NO_VALUE


def blame_event(found: Verified, rows: Sequence[tuple[Any, ...]], index: int, name: str) -> None:
    """Put the first wrong event of a history among the faults, with its column if that shows."""
    events = [Event(*row) for row in rows]
    event, expected = events[index], index + 1
    if event.seq != expected and _hash(event, name) == _sealed(event):
        what = Wording(f"{name} 第 {expected} 条经过不见了", f"event {expected} of {name} is gone")
        found.blame(what, name=name, seq=expected)
        return
    column, was = _find(events, index, name)
    said = Wording(f"{name} 第 {expected} 条经过被改动", f"event {expected} of {name} was altered")
    if column:
        said = Wording(f"{said.zh}：{column}", f"{said.en}: {column}")
    if was is not _NO_VALUE:
        said = Wording(f"{said.zh}（原为 {was}）", f"{said.en} (it was {was})")
    found.blame(said, name=name, seq=expected, column=column, leaf=event.leaf)


def _find(events: Sequence[Event], index: int, name: str) -> _Suspect:
    event, previous = events[index], events[index - 1].hash if index else GENESIS
    for column in _TEXTS:
        if not isinstance(getattr(event, column), str):
            return _Suspect(column)
    content, sealed = _hash(event, name), _sealed(event)
    if content == sealed:
        return _beside_the_content(event, content, previous)
    for column, value in _candidates(events, index, previous):
        if _hash(event._replace(**{column: value}), name) == sealed:
            return _Suspect(column, value)
    if content == event.hash:
        return _Suspect("")  # rewritten and hashed again, or its leaf was
    return _Suspect(_by_its_looks(events, index))


def _beside_the_content(event: Event, content: str, previous: str) -> _Suspect:
    """The content is what was sealed: something else in the row, or its leaf's number, is not."""
    if event.hash != content:
        return _Suspect("hash", content)
    return _Suspect("previous" if event.previous != previous else "leaf")


def _candidates(events: Sequence[Event], index: int, previous: str) -> Iterator[tuple[str, Any]]:
    yield "seq", index + 1
    yield "previous", previous
    yield "algorithm", ALGORITHM
    yield from (("role", each.value) for each in Role)
    yield from (("door", each.value) for each in Door)
    yield from (("kind", each) for each in sorted(KINDS | {each.kind for each in events}))
    yield "actor", None
    yield from (("actor", each.actor) for each in events)
    yield from (("at", each.at) for each in events)


def _by_its_looks(events: Sequence[Event], index: int) -> str:
    event = events[index]
    if not _is_canonical(event.body):
        return "body"
    if not _MOMENT.fullmatch(event.at) or (index and event.at < events[index - 1].at):
        return "at"
    return "body/at"


def _is_canonical(body: str) -> bool:
    try:
        return canonical(json.loads(body)) == body
    except (AttributeError, TypeError, ValueError, RecursionError):
        return False


def _sealed(event: Event) -> str:
    """Return the hash that the event is held to: its leaf's, else the one beside it."""
    return event.hash if event.leaf is None else bytes(event.sealed or b"").hex()


def _hash(event: Event, name: str) -> str:
    try:
        return stored_hash(event.name or name, event[1:10]).hexdigest()
    except (TypeError, ValueError):
        return ""
