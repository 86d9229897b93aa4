"""What an order owes now: a report demanded, one missed, or word that its own term is over."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, select

from casework.directory import Directory, read_directory
from casework.office import Office
from casework.rulebook import Rulebook
from models.tables import EVENTS, NOTICES
from rules.access import Role
from rules.actions import Action
from rules.audience import Told, find_told, superior
from rules.deadlines import days_late, due
from rules.ladder import Audience, OrderLevel
from rules.orders import OrderAct, level_missed
from rules.policy import Policy
from rules.wording import Trouble
from rules.workdays import china_day

LOG = logging.getLogger(__name__)
ANSWERED = ""
"""The unit reported, or the case waits for somebody else: nothing is asked."""
OVERDUE = "order_overdue"
"""The kind of notice that says: the order's own term is over."""

# What the unit does on a case is a report of how far it is.
REPORTS = frozenset(
    each.value for each in (Action.PROGRESS, Action.SUBMIT_PLAN, Action.FIX_ON_SPOT, Action.CLAIM)
)
_ASKED = frozenset({OrderAct.DEMAND.value, OrderAct.MISS_REPORT.value})
_EVENTS = (
    select(EVENTS.c.case_id, EVENTS.c.kind, EVENTS.c.at)
    .where(EVENTS.c.case_id.in_(bindparam("cases", expanding=True)))
    .where(EVENTS.c.kind.in_([*REPORTS, *_ASKED, Action.LIST.value]))
    .order_by(EVENTS.c.case_id, EVENTS.c.seq)
)
_TOLD_OVERDUE = (
    select(NOTICES.c.key)
    .where(NOTICES.c.case_id.in_(bindparam("cases", expanding=True)))
    .where(NOTICES.c.kind == OVERDUE)
)


class Step(NamedTuple):
    """What one order owes now. ``key`` names the occasion, ``columns`` are the order's new ones,
    ``said`` is what else its notice tells.
    """

    row: Row[Any]
    kind: str
    key: str
    told: Told
    columns: Mapping[str, Any]
    said: Mapping[str, Any] = MappingProxyType({})


class Moment(NamedTuple):
    """What a batch is planned by."""

    as_of: datetime
    book: Rulebook
    directory: Directory
    policy: Callable[[str], Policy]


Planning = Callable[[Connection, Sequence[Row[Any]], Moment, list[str]], Iterator[Step]]
"""Plans the orders of a batch; what cannot be reckoned it puts among the failed, by number."""

UNRECKONED = (LookupError, ValueError, Trouble)
"""What an order raises that cannot be reckoned; Trouble: its old policy is unreadable by now."""

_NOBODY = Told((), ())


def moment_of(office: Office, connection: Connection, as_of: datetime) -> Moment:
    """Return the rulebook and the directory as they stand at ``as_of``."""
    return Moment(
        as_of,
        office.rulebooks.at(connection, as_of),
        read_directory(connection, china_day(as_of)),
        cache(partial(office.rulebooks.policy, connection)),  # few versions, many orders
    )


def plan_demands(
    connection: Connection, rows: Sequence[Row[Any]], moment: Moment, failed: list[str]
) -> Iterator[Step]:
    """Yield what each order owes whose report is due."""
    events: dict[int, list[Row[Any]]] = {row.case_id: [] for row in rows}
    for event in connection.execute(_EVENTS, {"cases": list(events)}):
        events[event.case_id].append(event)
    for row in rows:
        try:
            yield _plan_demand(row, events[row.case_id], moment)
        except UNRECKONED:
            LOG.exception("order %s: its demand cannot be reckoned", row.number)
            failed.append(row.number)


def _plan_demand(row: Row[Any], events: Sequence[Row[Any]], moment: Moment) -> Step:
    every = moment.policy(row.policy).orders.progress_every.limit
    columns: dict[str, Any] = {
        "next_demand_at": due(moment.as_of, every, moment.book.calendar).at,
        "missed_reports": row.missed_reports,
    }
    key = f"{row.case_id}:order-{row.id}:demand:{row.next_demand_at.isoformat()}"
    since = row.last_demand_at or row.issued_at
    reported = any(each.kind in REPORTS and each.at > since for each in events)
    if reported or row.holder is not Role.OWNER:
        return Step(row, ANSWERED, key, _NOBODY, columns)
    misses = _asked_in_vain(events)
    if not misses:
        told = told_of(moment, row, (Audience.OWNER, Audience.HEAD))
        return Step(row, OrderAct.DEMAND.value, key, told, columns)
    level = level_missed(misses)
    higher = (Audience(level.value),) if level else ()
    told = told_of(moment, row, (Audience.OWNER, Audience.HEAD, *higher))
    columns["missed_reports"] += 1
    return Step(row, OrderAct.MISS_REPORT.value, key, told, columns)


def _asked_in_vain(events: Sequence[Row[Any]]) -> int:
    """Return how often the unit was asked since it last reported under this order."""
    asked = 0
    for each in events:
        asked = asked + 1 if each.kind in _ASKED else 0
    return asked


def plan_overdue(
    connection: Connection, rows: Sequence[Row[Any]], moment: Moment, _failed: list[str]
) -> Iterator[Step]:
    """Yield the orders whose own term is over and of whom nobody was told so yet."""
    owed = connection.execute(_TOLD_OVERDUE, {"cases": [row.case_id for row in rows]}).scalars()
    known = {key.rpartition(":")[0] for key in owed}
    for row in rows:
        key = f"{row.case_id}:order-{row.id}:overdue:{row.due_at.isoformat()}"
        supervisor = Role.CLUSTER if row.level is OrderLevel.CLUSTER else Role.COMMITTEE
        if key not in known:
            levels = dict.fromkeys((supervisor, superior(supervisor)))
            heard = (Audience.OWNER, Audience.HEAD, *(Audience(each.value) for each in levels))
            yield Step(row, OVERDUE, key, told_of(moment, row, heard), {})


def told_of(moment: Moment, row: Row[Any], audiences: Sequence[Audience]) -> Told:
    """Return whom audiences mean for the unit of an order."""
    return find_told(audiences, Role.OWNER, lambda role: moment.directory.who(row.path, role))


def body_of(step: Step, at: datetime) -> dict[str, Any]:
    """Return what event and notice of a step tell."""
    row, told = step.row, step.told
    body: dict[str, Any] = {
        "order": row.number, "level": row.level.value, "due": row.due_at.isoformat(),
        "days_late": days_late(row.due_at, at), "told": list(told.people), **step.said,
    }  # fmt: skip
    if next_at := step.columns.get("next_demand_at"):
        body["next"] = next_at.isoformat()
    if step.kind == OrderAct.MISS_REPORT:
        body["missed"] = step.columns["missed_reports"]
    if told.fell:
        body["fell"] = {role.value: found.value if found else "" for role, found in told.fell}
    return body
