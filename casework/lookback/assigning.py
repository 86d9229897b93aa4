"""双随机: inspectors and days drawn for every visit that has none; what cannot be is said aloud."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from casework.answers import receipt
from casework.errors import Invalid, NotFound
from casework.forms import clean
from casework.lookback.looks import Hand, Look, hold, write
from casework.lookback.rosters import Candidate, read_roster, read_visits
from casework.notices import Owed, owe
from casework.office import Office
from models.prepared import Prepared
from models.tables import CASES, LOOKBACK_INSPECTORS, LOOKBACK_VISITS, PEOPLE
from rules.lookback.acts import LookbackAct
from rules.lookback.inspectors import Assigned, assign
from rules.lookback.roster import Assignment, Blocked, Visit
from rules.proof import canonical
from rules.wording import Wording
from rules.workdays import china_day, day_due

VISIT = "visit"
"""The kind of notice that tells an inspector of a visit."""

_ADD = Prepared(insert(LOOKBACK_INSPECTORS))
_TEAMS = (
    select(LOOKBACK_VISITS.c.case_id, CASES.c.number, LOOKBACK_VISITS.c.planned_on, PEOPLE.c.code)
    .join(CASES, CASES.c.id == LOOKBACK_VISITS.c.case_id)
    .join(
        LOOKBACK_INSPECTORS,
        (LOOKBACK_INSPECTORS.c.lookback_id == LOOKBACK_VISITS.c.lookback_id)
        & (LOOKBACK_INSPECTORS.c.case_id == LOOKBACK_VISITS.c.case_id),
    )
    .join(PEOPLE, PEOPLE.c.id == LOOKBACK_INSPECTORS.c.person_id)
    .where(LOOKBACK_VISITS.c.lookback_id == bindparam("look"))
    .order_by(LOOKBACK_VISITS.c.case_id, LOOKBACK_INSPECTORS.c.position)
)


@dataclass(frozen=True, slots=True)
class Dealt:
    """How many visits were given inspectors now, and which could not be."""

    number: str
    assigned: int
    impossible: Sequence[Blocked]
    receipt: str


class _Input(NamedTuple):
    """All that an assignment depends on besides the rules and the seed."""

    visits: Sequence[Visit]
    roster: Sequence[Candidate]
    kept: Mapping[str, Assignment]

    def plain(self) -> dict[str, Any]:
        """Return plain JSON values, for whoever wants to draw the inspectors again."""
        return {
            "visits": [[v.case, v.unit, v.cluster, sorted(v.hands), sorted(v.beyond)]
                       for v in self.visits],
            "roster": [
                [c.inspector.code, c.inspector.unit, c.inspector.cluster,
                 sorted(each.isoformat() for each in c.inspector.days),
                 sorted(c.inspector.others)]
                for c in self.roster
            ],
            "kept": {case: [each.day.isoformat(), list(each.inspectors)]
                     for case, each in sorted(self.kept.items())},
        }  # fmt: skip


def assign_inspectors(office: Office, number: str, hand: Hand) -> Dealt:
    """Draw inspectors for every visit that has none, by the look-back's own seed.

    Visits that no one may make stay without, each with the rule that blocks it and the nearest
    choice; nothing is waived. Assignments made before are kept. Raise Refused, NotFound.
    """
    with office.writing() as connection:
        look = hold(connection, number, LookbackAct.ASSIGN, hand)
        cases = read_visits(connection, look.id)
        given = _input(office, connection, look, cases)
        assigned = assign(
            given.visits, [each.inspector for each in given.roster], look.plan.inspectors,
            look.row.seed, kept=given.kept,
        )  # fmt: skip
        new = {case: each for case, each in assigned.visits.items() if case not in given.kept}
        _seat(connection, look, new, given.roster, {v.case: i for i, (v, _) in cases.items()})
        private = canonical(given.plain())
        entry = write(
            connection, look, LookbackAct.ASSIGN,
            {"assigned": len(new), "teams": teams_digest(new), "impossible": _said(assigned)},
            private={"input": private},
        )  # fmt: skip
        _tell(connection, look, new)
    return Dealt(
        look.number, len(new), assigned.impossible, receipt(look.number, entry.seq, entry.hash)
    )


def seat_by_hand(
    office: Office,
    number: str,
    case: str,
    *,
    people: Sequence[str],
    day: date,
    reason: str,
    hand: Hand,
) -> Dealt:
    """Give a visit inspectors that a person chose, where the draw could not; the record says so.

    Raise Invalid when there are too few or no reason is given, NotFound, Refused.
    """
    reason = clean(reason, where="reason")
    with office.writing() as connection:
        look = hold(connection, number, LookbackAct.ASSIGN, hand)
        cases = {visit.case: each for each, (visit, _) in read_visits(connection, look.id).items()}
        _require_seatable(look, case, people, reason, cases, _kept(connection, look.id))
        calendar = office.rulebooks.at(connection, hand.at).calendar
        roster = read_roster(connection, calendar, day, day)
        known = {each.inspector.code for each in roster}
        strange = next((code for code in people if code not in known), None)
        if strange:
            raise NotFound(
                Wording(f"{strange} 不在检查人员名单上", f"{strange} is no inspector"),
                remedy=Wording("请先授予检查员角色。", "Grant the inspector's role first."),
                where="inspectors",
            )
        new = {case: Assignment(day, tuple(people))}
        _seat(connection, look, new, roster, cases)
        body = {"assigned": 1, "teams": teams_digest(new), "by_hand": case, "reason": reason}
        entry = write(connection, look, LookbackAct.ASSIGN, body)
        _tell(connection, look, new)
    return Dealt(look.number, 1, (), receipt(look.number, entry.seq, entry.hash))


def teams_digest(teams: Mapping[str, Assignment]) -> str:
    """Return one hash of who looks at what on which day."""
    plain = {case: [each.day.isoformat(), *each.inspectors] for case, each in teams.items()}
    return sha256(canonical(plain).encode()).hexdigest()


def _input(
    office: Office, connection: Connection, look: Look, cases: Mapping[int, tuple[Visit, str]]
) -> _Input:
    calendar = office.rulebooks.at(connection, look.hand.at).calendar
    first = china_day(look.hand.at) + timedelta(days=1)
    last = day_due(look.row.due_at) if look.row.due_at else first
    roster = read_roster(connection, calendar, first, last)
    visits = [
        visit._replace(beyond=frozenset(
            each.inspector.code for each in roster
            if not any(path.startswith(over) for over in each.reach)
        ))
        for visit, path in cases.values()
    ]  # fmt: skip
    return _Input(visits, roster, _kept(connection, look.id))


def _kept(connection: Connection, look: int) -> dict[str, Assignment]:
    teams: dict[str, Assignment] = {}
    for _, number, day, code in connection.execute(_TEAMS, {"look": look}):
        before = teams.get(number, Assignment(day, ()))
        teams[number] = Assignment(day, (*before.inspectors, code))
    return teams


def _seat(
    connection: Connection,
    look: Look,
    teams: Mapping[str, Assignment],
    roster: Sequence[Candidate],
    cases: Mapping[str, int],
) -> None:
    ids = {each.inspector.code: each.id for each in roster}
    _ADD.run_all(connection, [
        {"lookback_id": look.id, "case_id": cases[case], "person_id": ids[code], "position": n,
         "signed_at": None}
        for case, each in teams.items()
        for n, code in enumerate(each.inspectors, start=1)
    ])  # fmt: skip
    visits = LOOKBACK_VISITS.c
    for case, each in teams.items():
        connection.execute(
            update(LOOKBACK_VISITS)
            .where(visits.lookback_id == look.id, visits.case_id == cases[case])
            .values(planned_on=each.day)
        )


def _said(assigned: Assigned) -> list[dict[str, Any]]:
    return [
        {"case": each.case, "rule": each.rule.value, "why": each.wording.zh}
        for each in assigned.impossible
    ]


_WAITING = (
    select(CASES.c.number, CASES.c.id, CASES.c.clock_no, LOOKBACK_INSPECTORS.c.person_id)
    .join(LOOKBACK_INSPECTORS, LOOKBACK_INSPECTORS.c.case_id == CASES.c.id)
    .where(LOOKBACK_INSPECTORS.c.lookback_id == bindparam("look"))
)


def _tell(connection: Connection, look: Look, teams: Mapping[str, Assignment]) -> None:
    """Owe each inspector a notice of every visit they were given."""
    said = receipt(look.number, look.last.seq, look.last.hash)
    owed = [
        Owed(
            f"{case}:look{look.id}:{VISIT}", case, clock, [person], VISIT,
            {"lookback": look.number, "on": teams[number].day.isoformat(),
             "due": look.row.due_at.isoformat(), "mode": look.plan.mode.value},
            urgent=False, receipt=said,
        )
        for number, case, clock, person in connection.execute(_WAITING, {"look": look.id})
        if number in teams
    ]  # fmt: skip
    owe(connection, owed, look.hand.at)


def _require_seatable(
    look: Look,
    case: str,
    people: Sequence[str],
    reason: str,
    cases: Mapping[str, int],
    kept: Mapping[str, Assignment],
) -> None:
    if case not in cases:
        raise NotFound(Wording(f"{case} 不在本次回头看中", f"{case} was not drawn"), where="case")
    if case in kept:
        raise Invalid(
            Wording(f"{case} 已有检查人员", f"{case} has its inspectors"),
            remedy=Wording("抽定后不能更换。", "Once drawn they are not changed."),
            where="case",
        )
    least = look.plan.inspectors.per_visit
    if len(set(people)) < least or not reason:
        raise Invalid(
            Wording(f"须写明理由，并指定至少 {least} 人", f"give a reason and {least} inspectors"),
            remedy=Wording("例如 --inspectors li,wang --reason 片区回避后人数不足。",
                           "For example --inspectors li,wang --reason 'too few after recusal'."),
            where="inspectors" if reason else "reason",
        )  # fmt: skip
