"""Sums of closed cases, kept up after the fact: closing a case leaves one small row.

``catch_up`` adds what is pending to the sums; statistics add what still is by themselves, so they
always count what was committed. A case that is reopened is taken off again as it was added: while
it was closed, nothing of it could change.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, func, select, text, tuple_

from casework.cases import Stored
from casework.office import Office
from models import Dimension
from models.tables import CASE_TALLIES, CASES, CLOCKS, STAY_TALLIES, TALLIES_PENDING
from rules.case import Facts
from rules.deadlines import Stage
from rules.ended_stays import ended_stays
from rules.workdays import china_day

BATCH = 2_000
MOST_READ = 10_000
"""Beyond so many pending, reading their clocks takes longer than counting everything anew."""
_TALLYING = 0x6269_6875_6170  # "bihuap", beside the key of the index of words

_PENDING = TALLIES_PENDING.c
_KEY = (_PENDING.case_id, _PENDING.seq, _PENDING.sign)
_CASES = select(CASES.c.id, CASES.c.category, CASES.c.reported_at, CASES.c.closed_at).where(
    CASES.c.id.in_(bindparam("ids", expanding=True))
)
_CLOCKS = (
    select(
        CLOCKS.c.case_id, CLOCKS.c.no, CLOCKS.c.stage, CLOCKS.c.cause, CLOCKS.c.started_at,
        CLOCKS.c.due_at, CLOCKS.c.stopped_at,
    )
    .where(CLOCKS.c.case_id.in_(bindparam("ids", expanding=True)))
    .order_by(CLOCKS.c.case_id, CLOCKS.c.no)
)  # fmt: skip
_ADD_STAYS = text(
    "INSERT INTO stay_tally (dimension, key, stage, days, late, count) "
    "VALUES (:dimension, :key, :stage, :days, :late, :count) "
    "ON CONFLICT (dimension, key, stage, days, late) "
    "DO UPDATE SET count = stay_tally.count + excluded.count"
)
_ADD_CASES = text(
    "INSERT INTO case_tally (dimension, key, voided, relapsed, count, latest) "
    "VALUES (:dimension, :key, :voided, :relapsed, :count, :latest) "
    "ON CONFLICT (dimension, key, voided, relapsed) "
    "DO UPDATE SET count = case_tally.count + excluded.count, latest = CASE "
    "WHEN excluded.latest > case_tally.latest THEN excluded.latest ELSE case_tally.latest END"
).bindparams(bindparam("latest", type_=CASE_TALLIES.c.latest.type))


class _OfStays(NamedTuple):
    dimension: Dimension
    key: str
    stage: Stage
    days: int
    late: bool


class _OfCases(NamedTuple):
    dimension: Dimension
    key: str
    voided: bool
    relapsed: bool


class Sums(NamedTuple):
    """Counts of stays and of cases, and the last moment of what they count."""

    stays: Counter[_OfStays]
    cases: Counter[_OfCases]
    latest: datetime | None


def turned(
    stored: Stored, facts: Facts, unit_id: int, cluster_id: int | None, seq: int
) -> list[dict[str, Any]]:
    """Return what is pending once ``stored`` becomes ``facts`` by event ``seq``: nothing, unless a
    case is closed, reopened, or changed while closed.
    """
    was = _standing(stored.facts, stored.unit_id, stored.cluster_id)
    now = _standing(facts, unit_id, cluster_id)
    if was == now:
        return []
    of_case = {"case_id": stored.id, "seq": seq, "clock_no": stored.clock_no}
    return [{**of_case, "sign": sign, **stood} for sign, stood in ((-1, was), (1, now)) if stood]


def catch_up(office: Office, *, most: int | None = None, batch: int = BATCH) -> int:
    """Add what is pending, about ``most`` at most, in short transactions; return how many.

    Two at once share nothing: the second returns 0. Raise Unavailable as every writer does.
    """
    done = 0
    while most is None or done < most:
        with office.writing() as connection:
            count = _add_batch(connection, batch)
        if not count:
            break
        done += count
    return done


def how_many_pending(connection: Connection) -> int:
    """Return how many closings and reopenings are not in the sums; no more than it takes to know
    that they are too many to be read.
    """
    some = select(_PENDING.case_id).limit(MOST_READ + 1).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


def sums_by(connection: Connection, dimension: Dimension) -> Sums:
    """Return the sums of all closed cases, those still pending among them."""
    stays, cases = STAY_TALLIES.c, CASE_TALLIES.c
    found = _pending_sums(connection, connection.execute(select(TALLIES_PENDING)).all(), dimension)
    latest = found.latest
    kept = select(STAY_TALLIES).where(stays.dimension == dimension)
    for row in connection.execute(kept):
        found.stays[_OfStays(*row[:5])] += row[5]
    for row in connection.execute(select(CASE_TALLIES).where(cases.dimension == dimension)):
        found.cases[_OfCases(*row[:4])] += row[4]
        latest = max(latest or row.latest, row.latest)
    return Sums(found.stays, found.cases, latest)


def _standing(facts: Facts, unit_id: int, cluster_id: int | None) -> dict[str, Any] | None:
    if facts.stage is not None:
        return None
    return {
        "unit_id": unit_id, "cluster_id": cluster_id, "level": facts.level,
        "voided": facts.voided, "cycle": facts.cycle,
    }  # fmt: skip


def _add_batch(connection: Connection, most: int) -> int:
    if connection.dialect.name == "postgresql":
        locked = text("SELECT pg_try_advisory_xact_lock(:key)")
        if not connection.execute(locked, {"key": _TALLYING}).scalar_one():
            return 0
    first = select(*_KEY).order_by(*_KEY).limit(most)
    taken = delete(TALLIES_PENDING).where(tuple_(*_KEY).in_(first)).returning(TALLIES_PENDING)
    pending = connection.execute(taken).all()
    sums = _pending_sums(connection, pending)
    stays = [
        {
            **key._asdict(),
            "dimension": key.dimension.value,
            "stage": key.stage.value,
            "count": count,
        }
        for key, count in sorted(sums.stays.items())
    ]
    cases = [
        {**key._asdict(), "dimension": key.dimension.value, "count": count, "latest": sums.latest}
        for key, count in sorted(sums.cases.items())
    ]  # fmt: skip
    for statement, rows in ((_ADD_STAYS, stays), (_ADD_CASES, cases)):
        if rows:
            connection.execute(statement, rows)
    return len(pending)


def _pending_sums(
    connection: Connection, pending: Sequence[Row[Any]], only: Dimension | None = None
) -> Sums:
    """Return what ``pending`` adds and takes, by every dimension or by ``only`` one."""
    found = Sums(Counter(), Counter(), None)
    latest: datetime | None = None
    for at in range(0, len(pending), BATCH):
        some = pending[at : at + BATCH]
        ids = {"ids": sorted({row.case_id for row in some})}
        cases = {row.id: row for row in connection.execute(_CASES, ids)}
        clocks = defaultdict(list)
        for clock in connection.execute(_CLOCKS, ids):
            clocks[clock.case_id].append(clock)
        for row in some:
            own = [each for each in clocks[row.case_id] if each.no <= row.clock_no]
            _add(found, row, cases[row.case_id], own, only)
            latest = max(filter(None, (latest, *_moments(cases[row.case_id], own))))
    return found._replace(latest=latest)


def _add(
    sums: Sums, row: Row[Any], case: Row[Any], clocks: Sequence[Any], only: Dimension | None
) -> None:
    for dimension, key in _keys(row, case, case.reported_at, only):
        sums.cases[_OfCases(dimension, key, row.voided, row.cycle > 1)] += row.sign
    for stay in ended_stays(clocks):
        for dimension, key in _keys(row, case, stay.began, only):
            sums.stays[_OfStays(dimension, key, stay.stage, stay.days, stay.late)] += row.sign


def _keys(
    row: Row[Any], case: Row[Any], began: datetime, only: Dimension | None
) -> Iterator[tuple[Dimension, str]]:
    keys = {
        Dimension.UNIT: str(row.unit_id), Dimension.CLUSTER: str(row.cluster_id or 0),
        Dimension.CATEGORY: case.category, Dimension.LEVEL: row.level.value,
        Dimension.MONTH: f"{china_day(began):%Y-%m}",
    }  # fmt: skip
    yield from ((each, key) for each, key in keys.items() if only in (None, each))


def _moments(case: Row[Any], clocks: Sequence[Any]) -> Iterator[datetime | None]:
    yield from (case.reported_at, case.closed_at)
    for clock in clocks:
        yield from (clock.started_at, clock.stopped_at)
