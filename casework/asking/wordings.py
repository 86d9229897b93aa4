"""Which words of a case are searched: what it tells, and what people wrote when they moved it."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, and_, select

from casework.asking.hits import ids_among
from models.tables import CASES, EVENTS
from rules.actions import Given
from rules.moves import TABLE
from rules.query.grams import fold

# A person's name is no word to search for: it is masked for most readers.
_WRITTEN = (
    Given.REASON, Given.TEXT, Given.FINDING, Given.DUTY, Given.MEASURES, Given.FUNDS,
    Given.CONTINGENCY, Given.PLAN, Given.INTERIM, Given.DEMANDS,
)  # fmt: skip
_WORDY = [
    action.value for action, row in TABLE.items() if not {*row.needs, *row.may}.isdisjoint(_WRITTEN)
]
_CASE_WORDS = ("number", "description", "location", "measure", "source")


def has_words(body: Mapping[str, Any]) -> bool:
    """Return whether an event's body holds anything that is searched."""
    given: Mapping[str, Any] = body.get("given") or {}
    return "order" in body or not given.keys().isdisjoint(_WRITTEN)


def wordy(events: FromClause) -> ColumnElement[bool]:
    """Return the condition that an event may hold words that are searched."""
    return and_(events.c.seq > 1, events.c.kind.in_(_WORDY))


def texts_of(
    connection: Connection, ids: Collection[int], *, until: datetime | None = None
) -> dict[int, str]:
    """Return the folded text of each case: what is told, a line each, in order; ``until`` leaves
    out what was written later.
    """
    lines: dict[int, list[str]] = defaultdict(list)
    cases = select(CASES.c.id, *(CASES.c[name] for name in _CASE_WORDS))
    for case_id, *words in connection.execute(cases.where(ids_among(connection, CASES.c.id, ids))):
        lines[case_id] += words
    moves = (
        select(EVENTS.c.case_id, EVENTS.c.body)
        .where(ids_among(connection, EVENTS.c.case_id, ids))
        .where(wordy(EVENTS), *([EVENTS.c.at <= until] if until else []))
        .order_by(EVENTS.c.case_id, EVENTS.c.seq)
    )
    for case_id, body in connection.execute(moves):
        lines[case_id] += _written_in(body)
    return {case_id: folded(words) for case_id, words in lines.items()}


def folded(lines: Sequence[str]) -> str:
    return "\n".join(fold(line) for line in lines if line)


def _written_in(text: str) -> list[str]:
    """Return the words of an event; what was tampered with need not be readable."""
    try:
        body = json.loads(text)
        given, order = body.get("given") or {}, body.get("order") or {}
        found = [given.get(field.value) for field in _WRITTEN]
        found += [order.get("number"), order.get("demands")]
    except (AttributeError, ValueError):
        return []
    return [each for each in found if isinstance(each, str)]
