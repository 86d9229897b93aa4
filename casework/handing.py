"""Handing over: whoever a case or a move makes responsible, or concerns, is owed a notice of it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from casework.answers import receipt
from casework.cases import Stored
from casework.events import Written
from casework.notices import Owed, owe
from casework.people import ANYBODY_AWAY, away_on, stand_ins_for
from casework.writer import NewCase, Place
from models.prepared import Prepared
from models.tables import ORDERS, ORGANISATIONS, ROLE_GRANTS
from rules.access import Role
from rules.actions import Action, Given
from rules.audience import find_told
from rules.case import Facts, Level
from rules.decisions import Move
from rules.ladder import Audience
from rules.workdays import china_day

HANDED = "handed"
"""The kind of notice that says: this case waits for you now."""
CLOSED, VOIDED = "closed", "voided"
"""The kinds that say: this case is over, closed out or void."""

_DEEPEST = 4  # committee, cluster, unit, department
_HOLDERS = Prepared(
    select(
        ROLE_GRANTS.c.role, ROLE_GRANTS.c.person_id, ROLE_GRANTS.c.organisation_id, ANYBODY_AWAY
    ).where(ROLE_GRANTS.c.organisation_id.in_([bindparam(f"place{n}") for n in range(_DEEPEST)]))
)
_LISTED_BY = Prepared(select(ORDERS.c.issued_by_id).where(ORDERS.c.case_id == bindparam("case")))
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
    """Owe notices of a move: to the new holder, to whom an order or an extension concerns, of the
    end to owner, head and whoever listed the case.

    Whoever made the move is not told of it.
    """
    stored, facts, move, place, clock_no = handed
    kind, audiences = _concerned(stored.facts, facts, move)
    if not audiences:
        return
    at = written.event["at"]
    path = stored.unit_path
    if place.unit_id != stored.unit_id:
        path = _PATH.rows(connection, {"unit": place.unit_id})[0][0]
    told = _told(connection, path, audiences, facts.holder or Role.OWNER, china_day(at))
    if kind in {CLOSED, VOIDED}:
        listed_by = [by for (by,) in _LISTED_BY.rows(connection, {"case": stored.id}) if by]
        told = tuple(dict.fromkeys([*told, *listed_by]))
    people = [each for each in told if each != move.by]
    seq = written.event["seq"]
    owed = Owed(
        f"{stored.id}:{seq}:{kind}", stored.id, clock_no, people, kind, _body(facts, move),
        move.action is Action.LIST, receipt(stored.number, seq, written.hash),
    )  # fmt: skip
    owe(connection, [owed], at)


class New(NamedTuple):
    """A case just opened, the path of its unit, and the event that was written of it."""

    case: NewCase
    path: str
    written: Written


def hand_in(connection: Connection, opened: Iterable[New], at: datetime) -> None:
    """Owe a notice of each new case to whoever answers for it, unless they reported it themselves.

    ``at`` is the moment they were opened.
    """
    day, known = china_day(at), dict[tuple[str, Role], Sequence[int]]()
    owed = []
    for case, path, written in opened:
        holder, stage = case.facts.holder, case.facts.stage
        if holder is None or stage is None:
            continue
        if (path, holder) not in known:
            told = _told(connection, path, (Audience.HOLDER,), holder, day)
            known[path, holder] = told
        people = [each for each in known[path, holder] if each != case.happening.actor_id]
        body = {"action": case.happening.kind, "stage": stage.value, "holder": holder.value}
        owed.append(Owed(
            f"{case.id}:1:{HANDED}", case.id, 1, people, HANDED, body, urgent=False,
            receipt=receipt(case.number, 1, written.hash),
        ))  # fmt: skip
    owe(connection, owed, at)


def _concerned(before: Facts, after: Facts, move: Move) -> tuple[str, Sequence[Audience]]:
    if move.action is Action.ASK_EXTENSION:
        major = after.level is Level.MAJOR
        return move.action.value, (Audience.COMMITTEE if major else Audience.CLUSTER,)
    told = _TOLD_OF.get(move.action)
    if told:
        return told
    return HANDED, (Audience.HOLDER,) if after.holder is not before.holder else ()


_UNIT = (Audience.OWNER, Audience.HEAD)
_TOLD_OF: dict[Action, tuple[str, Sequence[Audience]]] = {
    Action.LIST: (Action.LIST.value, (*_UNIT, Audience.CLUSTER)),
    Action.RELEASE: (Action.RELEASE.value, _UNIT),
    Action.GRANT_EXTENSION: (Action.GRANT_EXTENSION.value, (Audience.OWNER,)),
    Action.REFUSE_EXTENSION: (Action.REFUSE_EXTENSION.value, (Audience.OWNER,)),
    # The verifier keeps it; the school must open its doors.
    Action.NO_ACCESS: (Action.NO_ACCESS.value, (Audience.OWNER,)),
    Action.REOPEN: (HANDED, (Audience.HOLDER, Audience.SUPERIOR)),
    Action.TRANSFER: (HANDED, (Audience.HOLDER,)),
    Action.ASSIGN: (HANDED, (Audience.HOLDER,)),
    Action.GRADE: (HANDED, (Audience.HOLDER,)),
    Action.CLOSE: (CLOSED, _UNIT),
    Action.VOID: (VOIDED, _UNIT),
}


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
