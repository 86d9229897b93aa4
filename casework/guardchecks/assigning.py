"""双随机: who checks the guards of which school, and on which day, drawn by the check's own seed.

As for look-backs and inspections: two go together, nobody to their own unit or cluster, the least
loaded first. What nobody can make stays open to any inspector, and is said aloud.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, insert, select

from casework import notices
from casework.duties.ending import fulfil
from casework.duties.opening import Wanted, open_duties
from casework.duties.telling import about
from casework.guardchecks.checks import Check, Hand, receipt, root_of, write
from casework.inspections.drawing import DrawInput, assign_again, draw_input
from casework.inspections.runs import Run
from casework.lookback.assigning import teams_digest
from casework.people import Unit
from casework.records import read_records
from models.tables import (
    GUARD_INSPECTORS,
    GUARD_VISITS,
    ORGANISATIONS,
    PEOPLE,
    RECORD_PRIVATES,
    REGISTER_RECORDS,
)
from notifications.sealing import Keys
from rules.guardchecks.acts import CheckAct, due_on
from rules.inspections.plan import Sample
from rules.lookback.inspectors import Assigned
from rules.lookback.roster import Assignment
from rules.proof import canonical
from rules.wording import Wording
from rules.workdays import Calendar, china_day

DUTY, NOTICE = "inspection", "guard_check"
SUBJECT = "guard_check"
_SAMPLE = Sample()
_TEAMS = GUARD_INSPECTORS.c


def assign_teams(
    connection: Connection, check: Check, calendar: Calendar, keys: Keys, seed: str
) -> Sequence[str]:
    """Draw a team for every school whose guards were drawn, tell them, and open their duties.

    Return the names of the schools that nobody can be sent to, each with why.
    """
    hand, drawn_on = check.hand, china_day(check.hand.at)
    until = due_on(drawn_on)
    units = {each.code: each for each in _units(connection, check.id)}
    run = Run(drawn_on + timedelta(days=1), hand.at, hand.door, keys, calendar)
    given = draw_input(connection, list(units.values()), until, run)
    assigned = given.assign(_SAMPLE, seed)
    _seat(connection, check, units, given, assigned)
    write(
        connection, check, CheckAct.ASSIGN,
        {"assigned": len(assigned.visits), "teams": teams_digest(assigned.visits),
         "impossible": [[each.case, each.rule.value] for each in assigned.impossible]},
        private={"input": canonical(given.plain())},
    )  # fmt: skip
    _tell(connection, check, given, assigned)
    return [f"{units[each.case].name}：{each.wording.zh}" for each in assigned.impossible]


def teams_of(connection: Connection, check: int) -> Mapping[int, tuple[date, Sequence[int]]]:
    """Return the day and the people of each school's team, by the unit's id."""
    rows = connection.execute(
        select(GUARD_INSPECTORS).where(_TEAMS.check_id == check).order_by(_TEAMS.position)
    )
    found: dict[int, tuple[date, list[int]]] = {}
    for row in rows:
        found.setdefault(row.unit_id, (row.planned_on, []))[1].append(row.person_id)
    return found


def end_duty(connection: Connection, check: Check, unit: Unit, hand: Hand) -> None:
    """End a team's duty once every guard of the unit that was drawn was looked for."""
    left = (
        select(GUARD_VISITS.c.record_id)
        .join(REGISTER_RECORDS, REGISTER_RECORDS.c.id == GUARD_VISITS.c.record_id)
        .where(
            GUARD_VISITS.c.check_id == check.id, GUARD_VISITS.c.identity.is_(None),
            REGISTER_RECORDS.c.unit_id == unit.id,
        )
    )  # fmt: skip
    if connection.execute(left.limit(1)).first() is None:
        fulfil(
            connection, DUTY, [_key(check.number, unit)], hand.at, check.actor.id, door=hand.door
        )


def teams_differ(connection: Connection, check: int, seed: str) -> Wording | None:
    """Return what is wrong with the teams of a drawn check; None when nothing is, or when it was
    drawn before teams were, or when what they were drawn from was erased.
    """
    events = [each for each, _ in read_records(connection, SUBJECT, check)]
    event = next((each for each in events if each.kind == CheckAct.ASSIGN), None)
    if event is None:
        return None
    told = json.loads(event.body)
    if told["teams"] != teams_digest(_kept(connection, check)):
        return Wording("检查人员与抽取时不同", "other inspectors than were drawn")
    private = RECORD_PRIVATES.c
    given = connection.execute(
        select(private.value).where(
            private.subject == SUBJECT, private.subject_id == check, private.seq == event.seq,
            private.field == "input",
        )
    ).scalar()  # fmt: skip
    if given is None:
        return None
    same = assign_again(json.loads(given), _SAMPLE, seed) == told["teams"]
    return None if same else Wording("检查人员与重算不同", "other inspectors than the seed gives")


def _kept(connection: Connection, check: int) -> dict[str, Assignment]:
    rows = connection.execute(
        select(ORGANISATIONS.c.code, _TEAMS.planned_on, PEOPLE.c.code.label("person"))
        .join(ORGANISATIONS, ORGANISATIONS.c.id == _TEAMS.unit_id)
        .join(PEOPLE, PEOPLE.c.id == _TEAMS.person_id)
        .where(_TEAMS.check_id == check)
        .order_by(ORGANISATIONS.c.code, _TEAMS.position)
    )
    found: dict[str, Assignment] = {}
    for code, day, person in rows:
        before = found.get(code, Assignment(day, ()))
        found[code] = Assignment(day, (*before.inspectors, person))
    return found


def _units(connection: Connection, check: int) -> list[Unit]:
    places = ORGANISATIONS.c
    rows = connection.execute(
        select(places.id, places.code, places.name, places.kind, places.path)
        .join(REGISTER_RECORDS, REGISTER_RECORDS.c.unit_id == places.id)
        .join(GUARD_VISITS, GUARD_VISITS.c.record_id == REGISTER_RECORDS.c.id)
        .where(GUARD_VISITS.c.check_id == check)
        .distinct()
        .order_by(places.code)
    )
    return [Unit(*row) for row in rows]


def _seat(
    connection: Connection,
    check: Check,
    units: Mapping[str, Unit],
    given: DrawInput,
    assigned: Assigned,
) -> None:
    ids = {each.inspector.code: each.id for each in given.roster}
    rows = [
        {"check_id": check.id, "unit_id": units[code].id, "person_id": ids[person],
         "position": nth, "planned_on": seat.day}
        for code, seat in assigned.visits.items()
        for nth, person in enumerate(seat.inspectors, start=1)
    ]  # fmt: skip
    if rows:
        connection.execute(insert(GUARD_INSPECTORS), rows)


def _tell(connection: Connection, check: Check, given: DrawInput, assigned: Assigned) -> None:
    """Owe each of a team a notice, and the first of them a duty; no school hears of either."""
    root = root_of(connection)
    said, link = receipt(check), f"/guard-checks/{check.number}"
    due = due_on(china_day(check.hand.at))
    wanted, owed = [], []
    for unit, team, day in given.seat(assigned):
        first = team[0] if team else None
        title = Wording(f"保安抽查 {check.number}", f"check of guards {check.number}")
        wanted.append(Wanted(DUTY, _key(check.number, unit), root, due, title, link, first))
        if day is not None:
            at = Wording(f"{unit.name}({day}),{check.number}", f"{unit.name} ({day})")
            owed.append(
                notices.Owed(
                    f"{said}:{unit.code}",
                    None,
                    0,
                    team,
                    NOTICE,
                    about(at, link),
                    urgent=False,
                    receipt=said,
                    unit_id=root,
                )
            )
    open_duties(connection, wanted, check.hand.at, door=check.hand.door)
    notices.owe(connection, owed, check.hand.at)


def _key(number: str, unit: Unit) -> str:
    return f"{number}/{unit.code}"
