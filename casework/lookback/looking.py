"""Look-backs as they are read: lists, one with its strata, visits and history, the public list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from casework.answers import receipt
from casework.errors import Refused
from casework.lookback.judging import Judged, judge_strata
from casework.lookback.looks import SUBJECT, find_look, no_such_look
from casework.lookback.office_roles import require_office
from casework.office import Office
from casework.people import find_actor
from casework.records import read_records
from models.tables import (
    CASES,
    LOOKBACK_INSPECTORS,
    LOOKBACK_VISITS,
    LOOKBACKS,
    ORGANISATIONS,
    PEOPLE,
)
from rules.access import Verb
from rules.deadlines import due
from rules.lookback.acts import LookbackState
from rules.lookback.plan import read_plan
from rules.proof import first_break

_LIST = select(
    LOOKBACKS.c.number, LOOKBACKS.c.title, LOOKBACKS.c.template, LOOKBACKS.c.state,
    LOOKBACKS.c.frame_size, LOOKBACKS.c.drawn, LOOKBACKS.c.planned_at, LOOKBACKS.c.drawn_at,
    LOOKBACKS.c.due_at, LOOKBACKS.c.closed_at, LOOKBACKS.c.published_at,
    LOOKBACKS.c.withdrawn_at, LOOKBACKS.c.id,
).order_by(LOOKBACKS.c.id.desc())  # fmt: skip
_VISITS = (
    select(
        LOOKBACK_VISITS,
        CASES.c.number,
        CASES.c.category,
        CASES.c.level,
        CASES.c.description,
        ORGANISATIONS.c.name.label("unit"),
    )
    .join(CASES, CASES.c.id == LOOKBACK_VISITS.c.case_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .where(LOOKBACK_VISITS.c.lookback_id == bindparam("look"))
    .order_by(LOOKBACK_VISITS.c.stratum, LOOKBACK_VISITS.c.no)
)
_TEAMS = (
    select(
        LOOKBACK_INSPECTORS.c.case_id, PEOPLE.c.code, PEOPLE.c.name,
        LOOKBACK_INSPECTORS.c.signed_at,
    )
    .join(PEOPLE, PEOPLE.c.id == LOOKBACK_INSPECTORS.c.person_id)
    .where(LOOKBACK_INSPECTORS.c.lookback_id == bindparam("look"))
    .order_by(LOOKBACK_INSPECTORS.c.case_id, LOOKBACK_INSPECTORS.c.position)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LookbackFile:
    """All of a look-back: its row, strata as judged now, visits with inspectors, and history.

    ``broken_at`` is the first event that does not follow from those before it; None when whole.
    ``publish_by`` is when the results of a closed one are late to be published.
    """

    row: Mapping[str, Any]
    strata: Sequence[Judged]
    visits: Sequence[Mapping[str, Any]]
    events: Sequence[Mapping[str, Any]]
    broken_at: int | None
    receipt: str
    publish_by: datetime | None


def list_lookbacks(
    office: Office, *, by: str, state: LookbackState | None = None, most: int = 100
) -> Sequence[Mapping[str, Any]]:
    """Return look-backs, the newest first, withdrawn ones among them; raise Refused."""
    with office.reading() as connection:
        require_office(connection, by, Verb.SEE_LOOKBACKS)
        wanted = _LIST.where(LOOKBACKS.c.state == state) if state else _LIST
        return [dict(row._mapping) for row in connection.execute(wanted.limit(most))]  # noqa: SLF001 — SQLAlchemy's public name


def open_lookback(office: Office, number: str, *, by: str) -> LookbackFile:
    """Return a look-back. Its inspectors see only their own visits; raise NotFound, Refused."""
    with office.reading() as connection:
        row = find_look(connection, number)
        visits = _visits(connection, row.id)
        if not _sees_all(connection, by):
            visits = [each for each in visits if by in {one["code"] for one in each["team"]}]
            if not visits:
                raise no_such_look(row.number)
        plan = read_plan(row.plan)
        sealed = read_records(connection, SUBJECT, row.id)
        events = [
            {"seq": event.seq, "at": event.at, "kind": event.kind, "role": event.role,
             "body": event.body, "hash": stored}
            for event, stored in sealed
        ]  # fmt: skip
        shown = {name: value for name, value in row._mapping.items() if name != "sealed_secret"}  # noqa: SLF001 — SQLAlchemy's public name
        return LookbackFile(
            shown, judge_strata(connection, row.id, plan.confidence), visits, events,
            first_break(sealed), receipt(row.number, row.seq, row.head),
            _publish_by(office, connection, row),
        )  # fmt: skip


def my_visits(office: Office, *, by: str) -> Sequence[Mapping[str, Any]]:
    """Return the visits that wait for an inspector, those due first."""
    with office.reading() as connection:
        actor = find_actor(connection, by)
        mine = (
            select(LOOKBACKS.c.number.label("lookback"), LOOKBACK_VISITS.c.due_at,
                   LOOKBACK_VISITS.c.planned_on, CASES.c.number, CASES.c.description,
                   ORGANISATIONS.c.name.label("unit"), LOOKBACK_VISITS.c.proposed,
                   LOOKBACK_INSPECTORS.c.signed_at)
            .join(LOOKBACKS, LOOKBACKS.c.id == LOOKBACK_INSPECTORS.c.lookback_id)
            .join(LOOKBACK_VISITS,
                  (LOOKBACK_VISITS.c.lookback_id == LOOKBACK_INSPECTORS.c.lookback_id)
                  & (LOOKBACK_VISITS.c.case_id == LOOKBACK_INSPECTORS.c.case_id))
            .join(CASES, CASES.c.id == LOOKBACK_VISITS.c.case_id)
            .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
            .where(LOOKBACK_INSPECTORS.c.person_id == actor.id,
                   LOOKBACK_VISITS.c.finding.is_(None),
                   LOOKBACKS.c.state == LookbackState.DRAWN)
            .order_by(LOOKBACK_VISITS.c.planned_on, CASES.c.number)
        )  # fmt: skip
        return [dict(row._mapping) for row in connection.execute(mine)]  # noqa: SLF001 — SQLAlchemy's public name


def list_published(office: Office, *, most: int = 100) -> Sequence[Mapping[str, Any]]:
    """Return what anybody may read of published look-backs: results by stratum, cases and schools.

    No person is named, and no words that an inspector wrote.
    """
    with office.reading() as connection:
        rows = connection.execute(
            _LIST.where(LOOKBACKS.c.published_at.is_not(None)).limit(most)
        ).all()
        return [_public(connection, row) for row in rows]


def _public(connection: Connection, listed: Row[Any]) -> dict[str, Any]:
    row = find_look(connection, listed.number)
    plan = read_plan(row.plan)
    return {
        "number": row.number, "title": row.title, "drawn_at": row.drawn_at,
        "published_at": row.published_at, "frame_size": row.frame_size, "drawn": row.drawn,
        "period": f"{plan.frame.closed_from}..{plan.frame.closed_until}",
        "seed": row.seed, "frame_digest": row.frame_digest, "commitment": row.commitment,
        "strata": [
            {"stratum": each.key, "population": each.size.population, "drawn": each.drawn,
             "checked": each.verdict.checked, "relapsed": each.verdict.relapsed,
             "decision": (each.decided or each.verdict.decision).value}
            for each in judge_strata(connection, row.id, plan.confidence)
        ],
        "cases": [
            {"number": each["number"], "unit": each["unit"], "category": each["category"],
             "finding": each["finding"].value if each["finding"] else None}
            for each in _visits(connection, row.id)
        ],
        "receipt": receipt(row.number, row.seq, row.head),
    }  # fmt: skip


def _publish_by(office: Office, connection: Connection, row: Row[Any]) -> datetime | None:
    if row.closed_at is None or row.published_at is not None:
        return None
    within = office.rulebooks.policy(connection, row.policy).lookback.publish_within.limit
    return due(row.closed_at, within, office.rulebooks.at(connection, row.closed_at).calendar).at


def _visits(connection: Connection, look: int) -> list[dict[str, Any]]:
    teams: dict[int, list[dict[str, Any]]] = {}
    for case, code, name, signed_at in connection.execute(_TEAMS, {"look": look}):
        teams.setdefault(case, []).append({"code": code, "name": name, "signed_at": signed_at})
    return [
        dict(row._mapping) | {"team": teams.get(row.case_id, [])}  # noqa: SLF001 — SQLAlchemy's public name
        for row in connection.execute(_VISITS, {"look": look})
    ]


def _sees_all(connection: Connection, by: str) -> bool:
    try:
        require_office(connection, by, Verb.SEE_LOOKBACKS)
    except Refused:
        return False
    return True
