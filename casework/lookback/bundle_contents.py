"""What stands in the small parts of a bundle, read from the database in one snapshot."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from casework.answers import receipt
from casework.lookback.judging import judge_strata, said
from casework.lookback.looks import SUBJECT
from casework.lookback.parts import FORMAT, Name
from casework.proving.bundles import proof_of
from casework.proving.subjects import Proven
from casework.records import called, read_records
from models.tables import (
    CASES,
    LOOKBACK_INSPECTORS,
    LOOKBACK_STRATA,
    LOOKBACK_VISITS,
    PEOPLE,
    RECORD_PRIVATES,
)
from rules.lookback.acts import LookbackState
from rules.lookback.plan import LookbackPlan, read_plan
from rules.proof import moment, record

_INSPECTORS = (
    select(func.count())
    .where(
        LOOKBACK_INSPECTORS.c.lookback_id == LOOKBACK_VISITS.c.lookback_id,
        LOOKBACK_INSPECTORS.c.case_id == LOOKBACK_VISITS.c.case_id,
    )
    .scalar_subquery()
)
_VISITS = (
    select(
        CASES.c.number, LOOKBACK_VISITS.c.stratum, LOOKBACK_VISITS.c.ticket,
        LOOKBACK_VISITS.c.wave, LOOKBACK_VISITS.c.finding, LOOKBACK_VISITS.c.mode,
        LOOKBACK_VISITS.c.planned_on, _INSPECTORS.label("inspectors"),
    )
    .join(CASES, CASES.c.id == LOOKBACK_VISITS.c.case_id)
    .where(LOOKBACK_VISITS.c.lookback_id == bindparam("look"))
    .order_by(LOOKBACK_VISITS.c.stratum, LOOKBACK_VISITS.c.no)
)  # fmt: skip
_STRATA = (
    select(LOOKBACK_STRATA)
    .where(LOOKBACK_STRATA.c.lookback_id == bindparam("look"))
    .order_by(LOOKBACK_STRATA.c.key)
)
_INPUTS = (
    select(RECORD_PRIVATES.c.seq, RECORD_PRIVATES.c.salt, RECORD_PRIVATES.c.value)
    .where(
        RECORD_PRIVATES.c.subject == SUBJECT,
        RECORD_PRIVATES.c.subject_id == bindparam("look"),
        RECORD_PRIVATES.c.field == "input",
    )
    .order_by(RECORD_PRIVATES.c.seq)
)
_TEAMS = (
    select(CASES.c.number, PEOPLE.c.code)
    .join(LOOKBACK_INSPECTORS, LOOKBACK_INSPECTORS.c.case_id == CASES.c.id)
    .join(PEOPLE, PEOPLE.c.id == LOOKBACK_INSPECTORS.c.person_id)
    .where(LOOKBACK_INSPECTORS.c.lookback_id == bindparam("look"))
    .order_by(CASES.c.number, LOOKBACK_INSPECTORS.c.position)
)


def small_parts(
    connection: Connection, row: Row[Any], *, with_roster: bool
) -> dict[Name, Iterable[bytes]]:
    """Return the bytes of every part but the frame and the README."""
    plan = read_plan(row.plan)
    parts: dict[Name, Iterable[bytes]] = {
        Name.ABOUT: _json(_about(row)),
        Name.PLAN: _json(plan.plain()),
        Name.EVENTS: _events(connection, row),
    }
    if row.drawn_at is not None:
        visits = connection.execute(_VISITS, {"look": row.id}).all()
        parts[Name.DRAWN] = _json(_drawn(connection, row, visits))
        parts[Name.FINDINGS] = _json([_found(visit) for visit in visits])
        parts[Name.VERDICTS] = _json(_verdicts(connection, row, plan))
        if with_roster:
            parts[Name.TEAMS] = _json(_teams(connection, row, visits))
    if row.published_at is not None:
        parts[Name.PUBLISHED] = _json(public_facts(row, plan))
    proof = proof_of(connection, Proven(SUBJECT, row.id, called(SUBJECT, row.number), ""))
    if proof is not None:
        parts[Name.PROOF] = _json(proof)
    return parts


def public_facts(row: Row[Any], plan: LookbackPlan) -> dict[str, Any]:
    """Return what was published of the look-back as a whole."""
    return {
        "number": row.number, "title": row.title, "published_at": moment(row.published_at),
        "period": [plan.frame.closed_from.isoformat(), plan.frame.closed_until.isoformat()],
        "commitment": row.commitment, "frame_digest": row.frame_digest,
        "frame_size": row.frame_size, "seed": row.seed, "drawn": row.drawn,
    }  # fmt: skip


def _about(row: Row[Any]) -> dict[str, Any]:
    return {
        "format": FORMAT, "number": row.number, "state": LookbackState(row.state).value,
        "seq": row.seq, "head": row.head, "receipt": receipt(row.number, row.seq, row.head),
    }  # fmt: skip


def _events(connection: Connection, row: Row[Any]) -> Iterator[bytes]:
    for event, stored in read_records(connection, SUBJECT, row.id):
        yield from _line(record(event) | {"hash": stored})


def _drawn(
    connection: Connection, row: Row[Any], visits: Sequence[Row[Any]]
) -> Mapping[str, dict[str, Any]]:
    strata = {
        each.key: {
            "population": each.population, "n": each.n, "ac": each.ac, "re": each.re,
            "code": each.code, "severity": each.severity.value, "cases": [],
        }
        for each in connection.execute(_STRATA, {"look": row.id})
    }  # fmt: skip
    for visit in visits:
        strata[visit.stratum]["cases"].append(
            {"case": visit.number, "ticket": visit.ticket, "wave": visit.wave}
        )
    return strata


def _found(visit: Row[Any]) -> dict[str, Any]:
    stands = visit.finding is not None
    return {
        "case": visit.number,
        "finding": visit.finding.value if stands else None,
        "mode": visit.mode.value if stands and visit.mode else None,
        "inspectors": visit.inspectors,
    }


def _verdicts(connection: Connection, row: Row[Any], plan: LookbackPlan) -> list[dict[str, Any]]:
    return [
        said(each) | {"decided": each.decided.value if each.decided else None}
        for each in judge_strata(connection, row.id, plan.confidence)
    ]


def _teams(connection: Connection, row: Row[Any], visits: Sequence[Row[Any]]) -> dict[str, Any]:
    teams = {each.number: [each.planned_on.isoformat()] for each in visits if each.planned_on}
    for number, code in connection.execute(_TEAMS, {"look": row.id}):
        teams[number].append(code)
    inputs = connection.execute(_INPUTS, {"look": row.id})
    return {"inputs": [dict(each._mapping) for each in inputs], "teams": teams}  # noqa: SLF001 — SQLAlchemy's public name


def _json(value: object) -> Iterator[bytes]:
    yield json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def _line(value: object) -> Iterator[bytes]:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    yield text.encode() + b"\n"
