"""Handing over: whoever a case or a move makes responsible, or concerns, is owed a notice of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from casework.answers import receipt
from casework.cases import Stored
from casework.events import Written
from casework.notices import Owed, owe
from casework.people import ANYBODY_AWAY, away_on, stand_ins_for
from casework.writer import NewCase, Place
from models.prepared import Prepared
from models.tables import ORGANISATIONS, ROLE_GRANTS
from rules.access import Role
from rules.actions import Action, Given
from rules.audience import find_told
from rules.case import Facts, Level
from rules.decisions import Move
from rules.ladder import Audience
from rules.workdays import china_day

HANDED = "handed"
"""The kind of notice that says: this case waits for you now."""

_DEEPEST = 4  # committee, cluster, unit, department
_HOLDERS = Prepared(
    select(
        ROLE_GRANTS.c.role, ROLE_GRANTS.c.person_id, ROLE_GRANTS.c.organisation_id, ANYBODY_AWAY
    ).where(ROLE_GRANTS.c.organisation_id.in_([bindparam(f"place{n}") for n in range(_DEEPEST)]))
)
_PATH = Prepared(select(ORGANISATIONS.c.path).where(ORGANISATIONS.c.id == bindparam("unit")))

_Held = dict[tuple[Role, int], list[int]]
"""The people by their role and the depth of the place where they hold it."""


class Handed(NamedTuple):
    """A move that was made: the case before it, what it is now, whose, and its running clock."""

    stored: Stored
    facts: Facts
    move: Move
    place: Place
    clock_no: int


def hand_over(connection: Connection, handed: Handed, written: Written) -> None:
    """Owe notices of a move: to the new holder, to whom an order or an extension concerns.

    Whoever made the move is not told of it.
    """
    stored, facts, move, place, clock_no = handed
    kind, audiences = _concerned(stored.facts, facts, move)
    if not audiences or facts.holder is None:
        return
    at = written.event["at"]
    path = stored.unit_path
    if place.unit_id != stored.unit_id:
        path = _PATH.rows(connection, {"unit": place.unit_id})[0][0]
    told = _told(connection, path, audiences, facts.holder, china_day(at))
    people = [each for each in told if each != move.by]
    seq = written.event["seq"]
    owed = Owed(
        f"{stored.id}:{seq}:{kind}", stored.id, clock_no, people, kind, _body(facts, move),
        move.action is Action.LIST, receipt(stored.number, seq, written.hash),
    )  # fmt: skip
    owe(connection, [owed], at)


def hand_in(connection: Connection, case: NewCase, path: str, written: Written) -> None:
    """Owe a notice of a new case to whoever answers for it, unless they reported it themselves."""
    happening, facts = case.happening, case.facts
    if facts.holder is None or facts.stage is None:
        return
    told = _told(connection, path, (Audience.HOLDER,), facts.holder, china_day(happening.at))
    owed = Owed(
        f"{case.id}:1:{HANDED}", case.id, 1, [each for each in told if each != happening.actor_id],
        HANDED,
        {"action": happening.kind, "stage": facts.stage.value, "holder": facts.holder.value},
        urgent=False, receipt=receipt(case.number, 1, written.hash),
    )  # fmt: skip
    owe(connection, [owed], happening.at)


def _concerned(before: Facts, after: Facts, move: Move) -> tuple[str, Sequence[Audience]]:
    match move.action:
        case Action.LIST:
            return Action.LIST.value, (Audience.OWNER, Audience.HEAD, Audience.CLUSTER)
        case Action.RELEASE:
            return Action.RELEASE.value, (Audience.OWNER, Audience.HEAD)
        case Action.ASK_EXTENSION:
            major = after.level is Level.MAJOR
            return move.action.value, (Audience.COMMITTEE if major else Audience.CLUSTER,)
        case Action.GRANT_EXTENSION | Action.REFUSE_EXTENSION:
            return move.action.value, (Audience.OWNER,)
        case Action.NO_ACCESS:  # the verifier keeps it; the school must open its doors
            return move.action.value, (Audience.OWNER,)
        case Action.REOPEN:
            return HANDED, (Audience.HOLDER, Audience.SUPERIOR)
        case Action.TRANSFER | Action.ASSIGN | Action.GRADE:
            return HANDED, (Audience.HOLDER,)
    return HANDED, (Audience.HOLDER,) if after.holder is not before.holder else ()


def _body(facts: Facts, move: Move) -> dict[str, Any]:
    said = (Given.FINDING, Given.REASON, Given.TEXT, Given.DEMANDS)
    words = {field.value: str(move.given[field]) for field in said if move.given.get(field)}
    return {
        "action": move.action.value,
        "stage": facts.stage.value if facts.stage else "",
        "holder": facts.holder.value if facts.holder else "",
        **words,
    }


def _told(
    connection: Connection, path: str, audiences: Sequence[Audience], holder: Role, day: date
) -> Sequence[int]:
    """Return whom to tell; whoever is away is replaced by their stand-in."""
    places = [int(each) for each in path.strip("/").split("/")]
    values = {f"place{n}": places[n] if n < len(places) else -1 for n in range(_DEEPEST)}
    rows = _HOLDERS.rows(connection, {**values, "day": day})
    held: _Held = {}
    for role, person, place, _ in rows:
        held.setdefault((Role(role), places.index(place)), []).append(person)
    told = find_told(audiences, holder, lambda role: _nearest(held, role)).people
    return stand_ins_for(told, away_on(connection, day)) if rows and rows[0][-1] else told


def _nearest(held: _Held, role: Role) -> Sequence[int]:
    for depth in range(_DEEPEST - 1, -1, -1):
        if found := held.get((role, depth)):
            return sorted(found)
    return ()
