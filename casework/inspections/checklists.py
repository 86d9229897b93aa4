"""The checklists in force: those that ship with the product, and what was adopted over them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from casework.adopting import Family, Version, find_text, part_of, texts_in_force
from casework.office import Office
from rules.inspections.checklists import Checklist, read_checklist, shipped
from rules.wording import Wording

CHECKLISTS = Family("checklist", Wording("检查表", "checklist"), read_checklist, shipped)


def checklists_in_force(connection: Connection) -> Mapping[str, Version[Checklist]]:
    """Return the newest version of every checklist by key, shipped ones first."""
    return texts_in_force(connection, CHECKLISTS)


def find_checklist(connection: Connection, written: str) -> Version[Checklist]:
    """Return the version in force of the checklist with this key or name; raise NotFound."""
    return find_text(connection, CHECKLISTS, written)


def checklist_of(connection: Connection, key: str, version: str) -> Checklist:
    """Return the checklist a record answered, whatever is in force now."""
    return part_of(connection, CHECKLISTS, key, version)


def list_checklists(office: Office, written: str = "") -> Sequence[Version[Checklist]]:
    """Return every checklist in force, or one by key or name, for anybody to read."""
    with office.reading() as connection:
        if written:
            return [find_checklist(connection, written)]
        return list(checklists_in_force(connection).values())
