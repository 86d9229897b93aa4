"""Sums of closed cases, kept up after the fact: closing a case leaves one small row.

``catch_up`` adds what is pending to the sums; statistics add what still is by themselves, so they
always count what was committed. A case that is reopened is taken off again as it was added: while
it was closed, nothing of it could change.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Table, TextClause, delete, func, select, text, tuple_

from casework.auditing.adding_up import TYPED, case_sums, stay_sums, typed
from casework.cases import Stored
from casework.errors import Unavailable
from casework.office import Office
from models import Dimension
from models.tables import CASE_TALLIES, STAY_TALLIES, TALLIES_PENDING
from rules.case import Facts
from rules.deadlines import Stage

BATCH = 10_000
MOST_READ = 10_000
"""Beyond so many pending, reading their clocks takes longer than counting everything anew."""
_WORTH_ADDING = 500
_TALLYING = 0x6269_6875_6170  # "bihuap", beside the key of the index of words

_PENDING = TALLIES_PENDING.c
_KEY = (_PENDING.case_id, _PENDING.seq, _PENDING.sign)
_STAYS = "INSERT INTO stay_tally (dimension, key, stage, days, late, count) "
_OR_STAYS = (
    " ON CONFLICT (dimension, key, stage, days, late) "
    "DO UPDATE SET count = stay_tally.count + excluded.count"
)
_CASES = "INSERT INTO case_tally (dimension, key, voided, relapsed, count, latest) "
_OR_CASES = (
    " ON CONFLICT (dimension, key, voided, relapsed) "
    "DO UPDATE SET count = case_tally.count + excluded.count, latest = CASE "
    "WHEN excluded.latest > case_tally.latest THEN excluded.latest ELSE case_tally.latest END"
)
_Sums = Callable[[str, str, Iterable[Dimension]], TextClause]


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


def add_some(office: Office) -> None:
    """Add some of what waits to the sums before they are read, where it is much; none is needed."""
    with office.auditing() as connection:
        waiting = how_many_pending(connection)
    if waiting >= _WORTH_ADDING:
        with suppress(Unavailable):  # busy, or opened for reading only
            catch_up(office, most=MOST_READ)


def how_many_pending(connection: Connection) -> int:
    """Return how many closings and reopenings are not in the sums; no more than it takes to know
    that they are too many to be read.
    """
    some = select(_PENDING.case_id).limit(MOST_READ + 1).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


def sums_by(connection: Connection, dimension: Dimension) -> Sums:
    """Return the sums of all closed cases, those still pending among them."""
    found = Sums(Counter(), Counter(), None)
    latest: datetime | None = None
    for row in _rows(connection, STAY_TALLIES, stay_sums, [dimension]):
        found.stays[_OfStays(*row[:5])] += row[5]
    for row in _rows(connection, CASE_TALLIES, case_sums, [dimension]):
        found.cases[_OfCases(*row[:4])] += row[4]
        latest = max(latest or row.latest, row.latest)
    return found._replace(latest=latest)


def closed_by(
    connection: Connection, dimensions: Collection[Dimension]
) -> Counter[tuple[Dimension, str]] | None:
    """Return how many cases are closed by the keys of each dimension; None when too many wait."""
    if how_many_pending(connection) > MOST_READ:
        return None
    counts: Counter[tuple[Dimension, str]] = Counter()
    for row in _rows(connection, CASE_TALLIES, case_sums, dimensions):
        counts[row.dimension, row.key] += row[4]
    return counts


def _standing(facts: Facts, unit_id: int, cluster_id: int | None) -> dict[str, Any] | None:
    if facts.stage is not None:
        return None
    return {
        "unit_id": unit_id, "cluster_id": cluster_id, "level": facts.level,
        "voided": facts.voided, "cycle": facts.cycle,
    }  # fmt: skip


def _rows(
    connection: Connection, kept: Table, sums: _Sums, dimensions: Collection[Dimension]
) -> Iterator[Row[Any]]:
    """Yield what is kept by some dimensions, and then what still waits."""
    yield from connection.execute(select(kept).where(kept.c.dimension.in_(dimensions)))
    waiting = sums(connection.dialect.name, TALLIES_PENDING.name, dimensions)
    yield from connection.execute(waiting.columns(*kept.c))


def _add_batch(connection: Connection, most: int) -> int:
    if connection.dialect.name == "postgresql":
        locked = text("SELECT pg_try_advisory_xact_lock(:key)")
        if not connection.execute(locked, {"key": _TALLYING}).scalar_one():
            return 0
    first = select(*_KEY).order_by(*_KEY).limit(most)
    taken = delete(TALLIES_PENDING).where(tuple_(*_KEY).in_(first)).returning(TALLIES_PENDING)
    pending = connection.execute(taken).mappings().all()
    if pending:
        rows = {"rows": typed(pending)}
        for into, sums, again in ((_STAYS, stay_sums, _OR_STAYS), (_CASES, case_sums, _OR_CASES)):
            added = sums(connection.dialect.name, TYPED, Dimension)
            connection.execute(text(into + added.text + again), rows)
    return len(pending)
