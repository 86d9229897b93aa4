"""Events as they are written: what happened, chained to what happened before."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any, NamedTuple

from casework.salts import new_salt
from rules.proof import ALGORITHM, Sealed, canonical, event_hash


class Door(StrEnum):
    """Where a change came in."""

    CLI = "cli"
    PAGE = "page"
    API = "api"
    IMPORT = "import"
    FLOW = "flow"


class Happening(NamedTuple):
    """What happened, before it has its place in a chain.

    ``private`` holds personal data: the chain covers a salted digest of each value only.
    """

    kind: str
    actor_id: int | None
    role: str
    door: Door
    at: datetime
    body: Mapping[str, Any]
    private: Mapping[str, str] = MappingProxyType({})


class Worded(NamedTuple):
    """A happening and its body's canonical JSON, which many cases may share."""

    happening: Happening
    text: str


Event = dict[str, Any]
"""The row of an event; its ``hash`` is the chain's new head."""


class Written(NamedTuple):
    """The rows of one event, and the chain's new head."""

    event: Event
    private: list[dict[str, Any]]

    @property
    def hash(self) -> str:
        found: str = self.event["hash"]
        return found


def chain(happening: Happening, *, case_id: int, number: str, seq: int, previous: str) -> Written:
    """Give a happening its place after ``previous``, the hash of event ``seq - 1``.

    Raise ValueError when the body has no canonical form.
    """
    body = dict(happening.body)
    private = []
    for name, value in happening.private.items():
        salt = new_salt()
        body[name] = {"digest": private_digest(salt, value)}
        private.append(
            {"case_id": case_id, "seq": seq, "field": name, "salt": salt, "value": value}
        )
    worded = Worded(happening, canonical(body))
    event = seal(worded, case_id=case_id, number=number, seq=seq, previous=previous)
    return Written(event, private)


def word(happening: Happening) -> Worded:
    """Return a happening without private values, worded; raise ValueError as ``chain`` does."""
    return Worded(happening, canonical(happening.body))


def seal(worded: Worded, *, case_id: int, number: str, seq: int, previous: str) -> Event:
    """Give what is worded its place after ``previous``, the hash of event ``seq - 1``."""
    happening, text = worded
    door = happening.door.value
    sealed = Sealed(
        number, seq, happening.at, happening.kind, happening.actor_id, happening.role, door, text,
        previous,
    )  # fmt: skip
    return {
        "case_id": case_id, "seq": seq, "at": happening.at, "kind": happening.kind,
        "actor_id": happening.actor_id, "role": happening.role, "door": door, "body": text,
        "algorithm": ALGORITHM, "previous": previous, "hash": event_hash(sealed),
    }  # fmt: skip


def private_digest(salt: str, value: str) -> str:
    return sha256(f"{salt}\x00{value}".encode()).hexdigest()


def plain(value: Any) -> Any:  # noqa: ANN401 — JSON's own types
    """Return a value as the canonical JSON of an event may hold it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, StrEnum):
        return value.value
    return value
