"""The checklists in force: those that ship with the product, and what was adopted over them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select

from casework.contacts import require_administrator
from casework.errors import NotFound
from casework.events import Happening
from casework.lookback.looks import Hand
from casework.numbering import take_ids
from casework.office import Office
from casework.people import find_actor
from casework.records import START, Subject, write_record
from models.tables import INSPECTION_CHECKLISTS, PEOPLE
from rules.access import Role
from rules.inspections.acts import ChecklistAct
from rules.inspections.checklists import Checklist, digest, read_checklist, shipped
from rules.wording import Wording

SUBJECT = "checklist"
_ADOPTED = (
    select(
        INSPECTION_CHECKLISTS.c.key, INSPECTION_CHECKLISTS.c.digest, INSPECTION_CHECKLISTS.c.text,
        INSPECTION_CHECKLISTS.c.adopted_at, PEOPLE.c.name,
    )
    .outerjoin(PEOPLE, PEOPLE.c.id == INSPECTION_CHECKLISTS.c.adopted_by_id)
    .order_by(INSPECTION_CHECKLISTS.c.id)
)  # fmt: skip
_BY_DIGEST = select(INSPECTION_CHECKLISTS.c.text).where(
    INSPECTION_CHECKLISTS.c.key == bindparam("key"),
    INSPECTION_CHECKLISTS.c.digest == bindparam("d"),
)


class Version(NamedTuple):
    """A checklist's text under its digest; ``adopted_at`` is None for one that ships."""

    checklist: Checklist
    digest: str
    text: str
    adopted_at: datetime | None = None
    adopted_by: str = ""


def checklists_in_force(connection: Connection) -> Mapping[str, Version]:
    """Return the newest version of every checklist by key, shipped ones first."""
    found = {key: Version(_read(text), digest(text), text) for key, text in shipped().items()}
    for row in connection.execute(_ADOPTED):
        found[row.key] = Version(
            _read(row.text), row.digest, row.text, row.adopted_at, row.name or ""
        )
    return found


def find_checklist(connection: Connection, written: str) -> Version:
    """Return the version in force of the checklist with this key or name; raise NotFound."""
    known = checklists_in_force(connection)
    for key, version in known.items():
        if written.strip() in {key, version.checklist.zh, version.checklist.en}:
            return version
    raise NotFound(
        Wording(f"没有检查表“{written[:40]}”", f"there is no checklist {written[:40]!r}"),
        remedy=Wording(
            "可用:"
            + "、".join(f"{key}({each.checklist.zh})" for key, each in known.items())
            + "。",
            "Choose from: " + ", ".join(known) + ".",
        ),
        where="checklist",
    )


def checklist_of(connection: Connection, key: str, version: str) -> Checklist:
    """Return the checklist a record answered, whatever is in force now."""
    text = shipped().get(key, "")
    if digest(text) != version:
        text = connection.execute(_BY_DIGEST, {"key": key, "d": version}).scalars().first() or text
    return _read(text)


def list_checklists(office: Office, written: str = "") -> Sequence[Version]:
    """Return every checklist in force, or one by key or name, for anybody to read."""
    with office.reading() as connection:
        if written:
            return [find_checklist(connection, written)]
        return list(checklists_in_force(connection).values())


def adopt_checklist(office: Office, text: str, hand: Hand, *, where: str = "checklist") -> Version:
    """Put a checklist in force from now on; records keep the version they answered.

    Adopting what is in force changes nothing. Raise ChecklistTrouble, or Refused without the role.
    """
    checklist = read_checklist(text, where=where)
    version = Version(checklist, digest(text), text, hand.at)
    with office.writing() as connection:
        actor = find_actor(connection, hand.by or "")
        require_administrator(connection, actor)
        now = checklists_in_force(connection).get(checklist.key)
        if now and now.digest == version.digest:
            return now
        number = take_ids(connection, "inspection_checklists", 1)[0]
        connection.execute(insert(INSPECTION_CHECKLISTS), {
            "id": number, "key": checklist.key, "digest": version.digest, "text": text,
            "adopted_at": hand.at, "adopted_by_id": actor.id,
        })  # fmt: skip
        body = {"checklist": checklist.key, "digest": version.digest, "version": checklist.version}
        told = Happening(
            ChecklistAct.ADOPT.value, actor.id, Role.ADMIN.value, hand.door, hand.at, body
        )
        write_record(
            connection, Subject(SUBJECT, number, f"{checklist.key}/{version.digest}"), told, START
        )
    return version


@lru_cache(maxsize=256)
def _read(text: str) -> Checklist:
    return read_checklist(text)
