"""How things stand for notices that are about to be sent: cases, orders, duties, and people."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, select

from casework.duties.telling import Duties, read_duties
from casework.lookback.visit_notices import Visits, read_visits
from models.tables import (
    ACKNOWLEDGEMENTS,
    CASES,
    CONTACTS,
    DELIVERIES,
    ORDERS,
    ORGANISATIONS,
    PEOPLE,
)

HOUR = timedelta(hours=1)
"""Messages to one person are counted over this long."""


class Held(NamedTuple):
    """A notice that we hold a lease on."""

    id: int
    key: str
    case_id: int | None
    unit_id: int | None
    clock_no: int
    person_id: int
    kind: str
    body: str
    urgent: bool
    receipt: str
    tries: int


class Way(NamedTuple):
    """A contact to try."""

    id: int
    kind: str
    sealed: str


@dataclass(frozen=True, slots=True)
class Facts:
    """How things stand now, read in a handful of queries for all notices together."""

    held: Sequence[Held]
    cases: Mapping[int, Row[Any]]
    orders: Mapping[int, Row[Any]]
    names: Mapping[int, str]
    ways: Mapping[int, Sequence[Way]]
    recent: Mapping[int, Sequence[datetime]]
    acknowledged: frozenset[tuple[int, int]]
    visits: Visits
    duties: Duties
    places: Mapping[int, str]

    @classmethod
    def read(cls, connection: Connection, held: Sequence[Held], moment: datetime) -> "Facts":
        cases = {"cases": list({each.case_id for each in held if each.case_id is not None})}
        places = list({each.unit_id for each in held if each.unit_id is not None})
        people = {"people": list({each.person_id for each in held})}
        ways, recent = defaultdict(list), defaultdict(list)
        for person, *way in connection.execute(_WAYS, people):
            ways[person].append(Way(*way))
        for person, at in connection.execute(_RECENT, {**people, "since": moment - HOUR}):
            recent[person].append(at)
        return cls(
            held,
            {row.id: row for row in connection.execute(_CASES, cases)},
            {row.case_id: row for row in connection.execute(_ORDERS, cases)},  # the newest is last
            dict(connection.execute(_NAMES, people).tuples().all()),
            ways,
            recent,
            frozenset(connection.execute(_ACKNOWLEDGED, cases).tuples().all()),
            read_visits(
                connection,
                ((each.case_id, each.kind, each.body) for each in held if each.case_id is not None),
            ),
            read_duties(connection, ((each.kind, each.body) for each in held)),
            dict(connection.execute(_PLACES, {"places": places}).tuples().all()) if places else {},
        )


_CASES = (
    select(
        CASES.c.id, CASES.c.number, CASES.c.state, CASES.c.listed, CASES.c.clock_no,
        CASES.c.extension_asked_by_id, CASES.c.stage, CASES.c.holder, CASES.c.due_at,
        CASES.c.level, CASES.c.category, CASES.c.description, ORGANISATIONS.c.name.label("unit"),
    )
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .where(CASES.c.id.in_(bindparam("cases", expanding=True)))
)  # fmt: skip
_ORDERS = (
    select(
        ORDERS.c.case_id, ORDERS.c.number, ORDERS.c.due_at, ORDERS.c.extension_asked_at,
        ORDERS.c.published_at,
    )
    .where(ORDERS.c.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(ORDERS.c.id)
)  # fmt: skip
_ACKNOWLEDGED = select(ACKNOWLEDGEMENTS.c.case_id, ACKNOWLEDGEMENTS.c.clock_no).where(
    ACKNOWLEDGEMENTS.c.case_id.in_(bindparam("cases", expanding=True))
)
_NAMES = select(PEOPLE.c.id, PEOPLE.c.name).where(
    PEOPLE.c.id.in_(bindparam("people", expanding=True))
)
_WAYS = (
    select(CONTACTS.c.person_id, CONTACTS.c.id, CONTACTS.c.kind, CONTACTS.c.sealed)
    .where(CONTACTS.c.person_id.in_(bindparam("people", expanding=True)), CONTACTS.c.active)
    .order_by(CONTACTS.c.person_id, CONTACTS.c.position)
)
_RECENT = select(DELIVERIES.c.person_id, DELIVERIES.c.at).where(
    DELIVERIES.c.person_id.in_(bindparam("people", expanding=True)),
    DELIVERIES.c.at > bindparam("since"),
    DELIVERIES.c.sent,
)
_PLACES = select(ORGANISATIONS.c.id, ORGANISATIONS.c.name).where(
    ORGANISATIONS.c.id.in_(bindparam("places", expanding=True))
)
