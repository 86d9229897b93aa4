"""Who may look back at what: the roster of inspectors, and what keeps each from a case."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, select

from models import Place
from models.tables import CASES, EVENTS, LOOKBACK_VISITS, ORGANISATIONS, PEOPLE, ROLE_GRANTS
from rules.access import Role
from rules.lookback.acts import CaseLook
from rules.lookback.roster import Inspector, Visit
from rules.workdays import Calendar

# What makes a school or cluster an inspector's own; being sent to inspect it does not.
_BELONGS = frozenset({Role.REPORTER, Role.OWNER, Role.HEAD, Role.CLUSTER, Role.VERIFIER})
_GRANTS = (
    select(
        PEOPLE.c.id, PEOPLE.c.code, PEOPLE.c.away_from, PEOPLE.c.away_until, ROLE_GRANTS.c.role,
        ORGANISATIONS.c.kind, ORGANISATIONS.c.code.label("place"), ORGANISATIONS.c.path,
    )
    .join(ROLE_GRANTS, ROLE_GRANTS.c.person_id == PEOPLE.c.id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == ROLE_GRANTS.c.organisation_id)
    .order_by(PEOPLE.c.id, ORGANISATIONS.c.path)
)  # fmt: skip
_CLUSTERS = ORGANISATIONS.alias("cluster_of")
_CLUSTER_CODES = select(ORGANISATIONS.c.path, ORGANISATIONS.c.code).where(
    ORGANISATIONS.c.kind == Place.CLUSTER
)
_VISITS = (
    select(
        LOOKBACK_VISITS.c.case_id, CASES.c.number, ORGANISATIONS.c.code.label("unit"),
        _CLUSTERS.c.code.label("cluster"), ORGANISATIONS.c.path,
    )
    .join(CASES, CASES.c.id == LOOKBACK_VISITS.c.case_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .outerjoin(_CLUSTERS, _CLUSTERS.c.id == CASES.c.cluster_id)
    .where(LOOKBACK_VISITS.c.lookback_id == bindparam("look"))
    .order_by(CASES.c.number)
)  # fmt: skip
_HANDS = (
    select(EVENTS.c.case_id, PEOPLE.c.code)
    .join(LOOKBACK_VISITS, LOOKBACK_VISITS.c.case_id == EVENTS.c.case_id)
    .join(PEOPLE, PEOPLE.c.id == EVENTS.c.actor_id)
    .where(
        LOOKBACK_VISITS.c.lookback_id == bindparam("look"),
        EVENTS.c.kind != CaseLook.LOOKED_BACK.value,
    )
    .distinct()
)


class Candidate(NamedTuple):
    """A person on the roster, with the places over which they are an inspector."""

    id: int
    inspector: Inspector
    reach: tuple[str, ...]


def read_roster(
    connection: Connection, calendar: Calendar, first: date, last: date
) -> Sequence[Candidate]:
    """Return everybody who is an inspector anywhere, with the working days they are present."""
    workdays = _workdays(calendar, first, last)
    clusters = dict(connection.execute(_CLUSTER_CODES).tuples().all())
    people: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(_GRANTS):
        people[row.id].append(row)
    found = (_candidate(rows, workdays, clusters) for rows in people.values())
    return [each for each in found if each.reach]


def read_visits(connection: Connection, look: int) -> Mapping[int, tuple[Visit, str]]:
    """Return a look-back's visits by case id, each with its unit's path."""
    hands: dict[int, set[str]] = defaultdict(set)
    for case, code in connection.execute(_HANDS, {"look": look}):
        hands[case].add(code)
    return {
        row.case_id: (
            Visit(row.number, row.unit, row.cluster or "", frozenset(hands[row.case_id])),
            row.path,
        )
        for row in connection.execute(_VISITS, {"look": look})
    }


def _candidate(
    rows: Sequence[Row[Any]], workdays: Sequence[date], clusters: Mapping[str, str]
) -> Candidate:
    """Return a person with the first unit and cluster they belong to, and all ``others``."""
    person, own = rows[0], [row for row in rows if row.role in _BELONGS]
    units = [row.place for row in own if row.kind is Place.UNIT]
    neighbours = [
        code for row in own for path, code in clusters.items() if row.path.startswith(path)
    ]
    days = frozenset(day for day in workdays if not _is_away(person, day))
    inspector = Inspector(
        person.code, next(iter(units), ""), next(iter(neighbours), ""), days,
        frozenset(units[1:] + neighbours[1:]),
    )  # fmt: skip
    reach = tuple(row.path for row in rows if row.role is Role.INSPECTOR)
    return Candidate(person.id, inspector, reach)


def _is_away(person: Row[Any], day: date) -> bool:
    since, until = person.away_from, person.away_until
    return since is not None and since <= day and (until is None or day <= until)


def _workdays(calendar: Calendar, first: date, last: date) -> list[date]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if calendar.likely_workday(day)]
