"""How a person is reached: contacts added, listed and removed, with their addresses sealed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from casework.errors import NotFound
from casework.office import Office
from casework.people import find_actor, require
from models import ContactKind, Place
from models.tables import CONTACTS, ORGANISATIONS, PEOPLE
from notifications import kinds
from notifications.sealing import Keys
from rules.access import Actor, Verb
from rules.wording import Wording

# A web address is a door out of our network, so only administrators open one.
_ADMINISTRATORS_ONLY = frozenset({ContactKind.WEBHOOK})
_NOWHERE = ""


def add_contact(
    office: Office, keys: Keys, code: str, kind: ContactKind, typed: str, *, by: str, at: datetime
) -> dict[str, Any]:
    """Add a contact after the person's others; return id, position, kind and masked address.

    People add their own; administrators anybody's, and web addresses. Raise BadAddress for one
    that cannot be used, Refused without the right.
    """
    address = kinds.read(kind.value, typed)
    shown = kinds.mask(kind.value, address)
    with office.writing() as connection:
        person = _person(connection, code, by, own=kind not in _ADMINISTRATORS_ONLY)
        last = select(func.max(CONTACTS.c.position)).where(CONTACTS.c.person_id == person)
        position = (connection.execute(last).scalar() or 0) + 1
        row = {
            "person_id": person, "position": position, "kind": kind, "sealed": keys.seal(address),
            "shown": shown, "active": True, "added_at": at,
        }  # fmt: skip
        added = connection.execute(insert(CONTACTS).returning(CONTACTS.c.id), row).scalar_one()
    return {"id": added, "position": position, "kind": kind, "shown": shown}


def list_contacts(office: Office, code: str, *, by: str) -> Sequence[dict[str, Any]]:
    """Return a person's contacts in the order they are tried, masked; raise Refused."""
    kept = CONTACTS.c
    with office.reading() as connection:
        person = _person(connection, code, by)
        rows = connection.execute(
            select(kept.id, kept.position, kept.kind, kept.shown, kept.added_at)
            .where(kept.person_id == person, kept.active)
            .order_by(kept.position)
        )
        return [dict(row) for row in rows.mappings()]


def remove_contact(office: Office, code: str, contact: int, *, by: str) -> None:
    """Forget a contact's address for good; its receipts stay. Raise NotFound or Refused."""
    with office.writing() as connection:
        person = _person(connection, code, by)
        removed = connection.execute(
            update(CONTACTS)
            .where(CONTACTS.c.id == contact, CONTACTS.c.person_id == person, CONTACTS.c.active)
            .values(active=False, sealed="", shown="")
        )
        if removed.rowcount != 1:
            raise NotFound(
                Wording(f"{code} 没有联系方式 {contact}", f"{code} has no contact {contact}"),
                remedy=Wording(
                    f"可用 bihuan contact list {code} 查看。",
                    f"`bihuan contact list {code}` lists them.",
                ),
                where="ID",
            )


def require_administrator(connection: Connection, actor: Actor) -> None:
    """Raise Refused unless ``actor`` administers the whole organisation."""
    root = select(ORGANISATIONS.c.path).where(ORGANISATIONS.c.kind == Place.COMMITTEE)
    require(actor, Verb.ADMINISTER, connection.execute(root).scalar() or _NOWHERE)


def _person(connection: Connection, code: str, by: str, *, own: bool = True) -> int:
    """Return whose contacts they are; their own are theirs to see to, if ``own``."""
    actor = find_actor(connection, by)
    found: int | None = connection.execute(
        select(PEOPLE.c.id).where(PEOPLE.c.code == code.strip())
    ).scalar()
    if not own or found != actor.id:
        require_administrator(connection, actor)
    if found is None:
        raise NotFound(
            Wording(f"没有代码为“{code}”的人员", f"there is nobody with the code {code!r}"),
            remedy=Wording("可用 bihuan people 查看。", "`bihuan people` lists them."),
            where="PERSON",
        )
    return found
