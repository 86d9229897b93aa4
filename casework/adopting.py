"""Texts adopted as data over those that ship: checklists, templates of reports, campaigns.

One row a version, each with a history of its own. The newest of a key is in force; what was made
under an earlier one keeps its digest and is read by that text for ever.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Row, func, insert, select

from casework.contacts import require_administrator
from casework.errors import Conflict, NotFound
from casework.events import Happening
from casework.forms import read_reason
from casework.lookback.looks import Hand
from casework.numbering import take_ids
from casework.office import Office
from casework.people import find_actor
from casework.records import START, Entry, Subject, write_record
from models.tables import ADOPTED_TEXTS, PEOPLE
from rules.access import Actor, Role
from rules.parts import Labelled
from rules.reading import digest
from rules.wording import Wording

T = TypeVar("T", bound=Labelled)
ADOPT = "adopt"
RETIRE = "retire"
LONGEST_REASON = 500
_TEXTS = ADOPTED_TEXTS.c
_ADOPTED = select(ADOPTED_TEXTS, PEOPLE.c.name.label("by_name")).outerjoin(
    PEOPLE, PEOPLE.c.id == _TEXTS.adopted_by_id
)


@dataclass(frozen=True, slots=True)
class Version(Generic[T]):
    """A text under its digest; ``adopted_at`` is None for one that ships, ``ended_at`` for one
    whose place no other took.
    """

    part: T
    digest: str
    text: str
    adopted_at: datetime | None = None
    adopted_by: str = ""
    reason: str = ""
    receipt: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Family(Generic[T]):
    """A sort of text: ``subject`` is that of its histories, ``label`` what one is called.

    ``vet`` raises Trouble for a text that does not go with the others in force. ``concerns`` says
    whom one concerns, everybody unless told; ``all_shipped`` are those that ship and those before
    them, by age, where a family keeps them. ``allow`` raises Refused for who may not adopt one.
    """

    subject: str
    label: Wording
    read: Callable[..., T]
    shipped: Callable[[], Mapping[str, str]]
    vet: Callable[[Connection, T, Mapping[str, Version[T]]], None] | None = None
    concerns: Callable[[Connection, Actor, T], bool] | None = None
    all_shipped: Callable[[], Sequence[str]] | None = None
    allow: Callable[[Connection, Actor], None] = require_administrator


def texts_in_force(connection: Connection, family: Family[T]) -> dict[str, Version[T]]:
    """Return the version in force of every text by key: shipped ones first, then as adopted."""
    found = {key: as_shipped(family, text) for key, text in family.shipped().items()}
    newest = (
        select(func.max(_TEXTS.id)).where(_TEXTS.subject == family.subject).group_by(_TEXTS.key)
    )
    mine = _ADOPTED.where(_TEXTS.subject == family.subject, _TEXTS.id.in_(newest))
    for row in connection.execute(mine.order_by(_TEXTS.id)):
        if row.text:
            found[row.key] = _adopted(family, row)
        else:
            found.pop(row.key, None)
    return found


def find_text(connection: Connection, family: Family[T], written: str) -> Version[T]:
    """Return the version in force of the text with this key or name; raise NotFound."""
    return choose_text(family, texts_in_force(connection, family), written)


def choose_text(family: Family[T], known: Mapping[str, Version[T]], written: str) -> Version[T]:
    """Return the one of these texts with this key or name; raise NotFound."""
    for version in known.values():
        if version.part.is_called(written):
            return version
    said = "、".join(f"{key}({each.part.zh})" for key, each in known.items())
    raise NotFound(
        Wording(
            f"没有{family.label.zh}“{written[:40]}”",
            f"there is no {family.label.en} {written[:40]!r}",
        ),
        remedy=Wording(
            f"可用：{said}。" if said else "还没有，可由管理员采用。",
            f"Choose from: {', '.join(known)}." if said else "None was adopted yet.",
        ),
        where=family.subject.rpartition("_")[2],
    )


def part_of(connection: Connection, family: Family[T], key: str, version: str) -> T:
    """Return the text that something was made under, whatever is in force now.

    What is under no digest, or one that is not known, is read by the shipped text.
    """
    text = family.shipped().get(key, "")
    if not text or (version and digest(text) != version):
        kept = select(_TEXTS.text).where(
            _TEXTS.subject == family.subject, _TEXTS.key == key, _TEXTS.text != ""
        )
        chosen = kept.where(_TEXTS.digest == version) if version else kept
        text = connection.execute(chosen.order_by(_TEXTS.id.desc())).scalars().first() or text
    part: T = _read(family, text)
    return part


def list_versions(office: Office, family: Family[T], key: str) -> Sequence[Version[T]]:
    """Return every version of a text, the newest first and the shipped one last."""
    with office.reading() as connection:
        return versions_of(connection, family, key)


def versions_of(connection: Connection, family: Family[T], key: str) -> Sequence[Version[T]]:
    """Return what ``list_versions`` does."""
    own = _ADOPTED.where(_TEXTS.subject == family.subject, _TEXTS.key == key)
    found: list[Version[T]] = []
    ended_at = None
    for row in connection.execute(own.order_by(_TEXTS.id.desc())):
        if row.text:
            found.append(replace(_adopted(family, row), ended_at=ended_at))
        ended_at = row.adopted_at
    texts = family.all_shipped() if family.all_shipped else family.shipped().values()
    shipped = [each for each in map(partial(as_shipped, family), texts) if each.part.key == key]
    return [*found, *(replace(each, ended_at=ended_at) for each in reversed(shipped))]


def list_adopted(connection: Connection, family: Family[T]) -> Sequence[Version[T]]:
    """Return every version of every text that was adopted, out of use or not, newest first."""
    own = _ADOPTED.where(_TEXTS.subject == family.subject, _TEXTS.text != "")
    rows = connection.execute(own.order_by(_TEXTS.id.desc()))
    return [_adopted(family, row) for row in rows]


def as_shipped(family: Family[T], text: str) -> Version[T]:
    """Return a text that ships with the product as a version."""
    return Version(_read(family, text), digest(text), text)


def try_text(office: Office, family: Family[T], text: str, *, where: str = "") -> tuple[T, str]:
    """Check a text as ``adopt_text`` does and write nothing; return it and the text in force now.

    Raise TextTrouble for a text that cannot be used.
    """
    part = family.read(text, where=where)
    with office.reading() as connection:
        known = texts_in_force(connection, family)
        if family.vet:
            family.vet(connection, part, known)
    return part, known[part.key].text if part.key in known else ""


def adopt_text(
    office: Office,
    family: Family[T],
    text: str,
    reason: str,
    hand: Hand,
    *,
    where: str = "",
    seen: str | None = None,
) -> Version[T]:
    """Put a text in force from now on; what was made under another one keeps that.

    Adopting what is in force changes nothing. ``seen`` is the digest of what the person took to be
    in force, '' for nothing. Raise TextTrouble for a text that cannot be used, Invalid without a
    reason, Refused without the role, Conflict when another than ``seen`` is in force.
    """
    part = family.read(text, where=where)
    reason = read_reason(reason, longest=LONGEST_REASON)
    with office.writing() as connection:
        actor = find_actor(connection, hand.by or "")
        family.allow(connection, actor)
        number = take_ids(connection, family.subject, 1)[0]  # who comes second waits here
        known = texts_in_force(connection, family)
        now = known.get(part.key)
        if now and now.digest == digest(text):
            return now
        _require_seen(part, now, seen)
        if family.vet:
            family.vet(connection, part, known)
        row = {"subject": family.subject, "id": number, "key": part.key, "digest": digest(text),
               "text": text}  # fmt: skip
        entry = _write(connection, row, (ADOPT, now.digest if now else "", reason), actor.id, hand)
    receipt = f"{family.subject}:{part.key}/{row['digest']}/{entry.seq}/{entry.hash[:8]}"
    return Version(part, digest(text), text, hand.at, "", reason, receipt)


def retire_text(
    connection: Connection, family: Family[T], key: str, reason: str, hand: Hand
) -> Version[T]:
    """Take a text out of use, within a transaction; return it. Raise Refused, NotFound, Invalid."""
    reason = read_reason(reason, longest=LONGEST_REASON)
    actor = find_actor(connection, hand.by or "")
    family.allow(connection, actor)
    number = take_ids(connection, family.subject, 1)[0]
    now = find_text(connection, family, key)
    row = {"subject": family.subject, "id": number, "key": now.part.key, "digest": now.digest,
           "text": ""}  # fmt: skip
    _write(connection, row, (RETIRE, now.digest, reason), actor.id, hand)
    return now


def _require_seen(part: Labelled, now: Version[T] | None, seen: str | None) -> None:
    digest_now = now.digest if now else ""
    if seen is not None and seen != digest_now:
        raise Conflict(
            Wording(
                f"现行的《{part.zh}》已不是 {seen or '空'}，而是 {digest_now or '空'}",
                f"of {part.en} not {seen or 'none'} is in force, but {digest_now or 'none'}",
            ),
            remedy=Wording("请先看现行的再采用。", "Read what is in force, then adopt again."),
            where="seen",
        )


def _write(
    connection: Connection,
    row: Mapping[str, Any],
    how: tuple[str, str, str],
    actor: int | None,
    hand: Hand,
) -> Entry:
    """Write a version and the first event of its history: what it replaces, and why."""
    act, replaces, reason = how
    number, name = row["id"], f"{row['key']}/{row['digest']}"
    connection.execute(
        insert(ADOPTED_TEXTS),
        {**row, "reason": reason, "adopted_at": hand.at, "adopted_by_id": actor},
    )
    body = {"key": row["key"], "digest": row["digest"], "replaces": replaces, "reason": reason}
    told = Happening(act, actor, Role.ADMIN.value, hand.door, hand.at, body)
    return write_record(connection, Subject(row["subject"], number, name), told, START)


def _adopted(family: Family[T], row: Row[Any]) -> Version[T]:
    return Version(
        _read(family, row.text), row.digest, row.text, row.adopted_at, row.by_name or "",
        row.reason,
    )  # fmt: skip


@lru_cache(maxsize=512)
def _read(family: Family[T], text: str) -> T:
    return family.read(text)
