"""The event log as process miners read it (XES, IEEE 1849), and held against the table of moves.

Both read one case after another from a cursor, so that memory stays flat however many there are.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select

from casework.auditing.xes import CLOSING, OPENING, write_trace
from casework.case_list import Filter, matching
from casework.errors import Invalid
from casework.office import Office
from casework.people import find_actor
from casework.scope import visible
from models.tables import CASES, EVENTS, ORGANISATIONS, PEOPLE
from rules.conformance import Acted, Departure, Deviation, departures
from rules.folding import Told
from rules.wording import Wording

_ROWS_AT_ONCE = 2_000
_MOST_SHOWN = 200
_LOG = (
    select(
        CASES.c.id, CASES.c.number, CASES.c.category, CASES.c.level,
        ORGANISATIONS.c.code.label("unit"), EVENTS.c.seq, EVENTS.c.at, EVENTS.c.kind,
        EVENTS.c.actor_id, EVENTS.c.role, EVENTS.c.door, EVENTS.c.body,
        PEOPLE.c.code.label("actor"),
    )
    .join(EVENTS, EVENTS.c.case_id == CASES.c.id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .outerjoin(PEOPLE, PEOPLE.c.id == EVENTS.c.actor_id)
    .order_by(EVENTS.c.case_id, EVENTS.c.seq)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conformance:
    """How many cases conform; ``departures`` are the first ``_MOST_SHOWN``, with their case."""

    cases: int
    events: int
    conforming: int
    by_deviation: Mapping[Deviation, int]
    departures: Sequence[tuple[str, Departure]]


def export_xes(
    office: Office, path: Path, wanted: Filter, *, by: str, as_of: datetime
) -> tuple[int, int]:
    """Write the log of the cases that ``by`` may see; return how many cases and events.

    People stand in it by their codes. Raise Invalid when the file cannot be written.
    """
    cases = events = 0
    try:
        with office.auditing() as connection, path.open("w", encoding="utf-8") as out:
            out.write(OPENING)
            for rows in _traces(connection, wanted, by, as_of):
                cases, events = cases + 1, events + write_trace(out, rows)
            out.write(CLOSING)
    except OSError as fault:
        raise Invalid(
            Wording("事件日志写不进去", "the event log cannot be written"),
            remedy=Wording("请检查路径和磁盘空间。", "Check the path and the disk's space."),
            where=str(path),
        ) from fault
    return cases, events


def check_conformance(office: Office, wanted: Filter, *, by: str, as_of: datetime) -> Conformance:
    """Replay the cases that ``by`` may see, and say where they depart from the table of moves."""
    cases = events = conforming = 0
    counted: Counter[Deviation] = Counter()
    shown: list[tuple[str, Departure]] = []
    with office.auditing() as connection:
        for rows in _traces(connection, wanted, by, as_of):
            found = list(departures(_acted(rows)))
            cases, events, conforming = cases + 1, events + len(rows), conforming + (not found)
            counted.update(each.deviation for each in found)
            shown += [(rows[0].number, each) for each in found[: _MOST_SHOWN - len(shown)]]
    return Conformance(cases, events, conforming, counted, shown)


def _traces(
    connection: Connection, wanted: Filter, by: str, as_of: datetime
) -> Iterator[list[Row[Any]]]:
    """Yield each case's events in order."""
    found = _LOG.where(
        visible(connection, find_actor(connection, by)), *matching(connection, wanted, CASES, as_of)
    ).execution_options(yield_per=_ROWS_AT_ONCE)
    for _, rows in groupby(connection.execute(found), key=lambda row: row.id):
        yield list(rows)


def _acted(rows: Sequence[Row[Any]]) -> Iterator[Acted]:
    for row in rows:
        try:
            body = dict(json.loads(row.body))
        except (TypeError, ValueError):
            body = {"changed": None}  # which the replay calls unreadable
        yield Acted(Told(row.seq, row.at, row.kind, body), row.actor_id, row.role)
