"""Open cases of a unit that may tell of the hazard somebody is about to report."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from casework.errors import NotFound
from casework.forms import clean
from casework.intake import LONGEST_DESCRIPTION, fingerprint
from casework.office import Office
from casework.people import find_actor, find_unit
from models.tables import CASES
from rules.access import Actor, Verb
from rules.actions import Action
from rules.moves import TABLE
from rules.query.likeness import LIKE, likeness, words_of

MOST = 4
_COMPARED = 1_000  # the newest; a school has some dozens open
_OPEN = (
    select(
        CASES.c.number, CASES.c.description, CASES.c.location, CASES.c.state, CASES.c.level,
        CASES.c.due_at, CASES.c.fingerprint,
    )
    .where(CASES.c.unit_id == bindparam("unit"), CASES.c.due_at.is_not(None))
    .order_by(CASES.c.id.desc())
    .limit(_COMPARED)
)  # fmt: skip


def similar_cases(
    office: Office, unit: str, told: str, *, by: str, location: str = ""
) -> Sequence[Mapping[str, Any]]:
    """Return the open cases of the unit most like what is told, none where ``by`` may not look.

    ``may_add`` says whether ``by`` may add to it instead, ``same`` that reporting would be refused.
    """
    words = words_of(clean(told[:LONGEST_DESCRIPTION], where="description"))
    if not words or not unit.strip():
        return []
    with office.reading() as connection:
        actor = find_actor(connection, by)
        try:
            place = find_unit(connection, unit)
        except NotFound:
            return []
        if not actor.may(Verb.VIEW, place.path):
            return []
        rows = [dict(row) for row in connection.execute(_OPEN, {"unit": place.id}).mappings()]
    mark = fingerprint(place.id, location.strip(), told.strip())
    return [
        row | {"may_add": _may_add(actor, place.path, row), "same": row["fingerprint"] == mark}
        for row in _most_like(words, rows)
    ]


def _most_like(words: frozenset[str], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    alike = [(likeness(words, words_of(row["description"])), row) for row in rows]
    found = sorted((each for each in alike if each[0] >= LIKE), key=lambda each: -each[0])
    return [row for _, row in found[:MOST]]


def _may_add(actor: Actor, path: str, row: Mapping[str, Any]) -> bool:
    adding = TABLE[Action.PROGRESS]
    roles = adding.roles(row["level"]) & actor.roles_over(path)
    return row["state"] in adding.sources and bool(roles)
