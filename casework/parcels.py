"""What is sent to whom: owed notices looked at again, and made up into messages.

A notice whose case is closed, or whose clock has stopped, is no longer true and is dropped; what
is sent says how things stand now. All that one person is owed goes into one message.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, select

from casework import late_decisions
from casework.handing import CLOSED, VOIDED
from casework.lookback import visit_notices
from casework.lookback.visit_notices import Visits, read_visits
from casework.rulebook import Rulebook
from models.tables import (
    ACKNOWLEDGEMENTS,
    CASES,
    CONTACTS,
    DELIVERIES,
    ORDERS,
    ORGANISATIONS,
    PEOPLE,
)
from notifications.messages import Item
from notifications.wordings import Said
from rules.actions import Action
from rules.case import State
from rules.deadlines import days_late, is_overdue
from rules.ladder import StepKind
from rules.orders import OrderAct
from rules.sending import next_opening
from rules.wording import Locale, Wording
from rules.workdays import CHINA, close_of, day_due

MOST_IN_ONE = 50
"""Notices in one message; more become a second one."""

HOUR = timedelta(hours=1)
NO_CONTACT = "no_contact"
REASONS = {
    "closed": Wording("案件已销号", "the case is closed"),
    "moved_on": Wording("时限已停止或更换", "its clock has stopped or was replaced"),
    "acknowledged": Wording("已知悉", "it was acknowledged"),
    "released": Wording("已摘牌", "the case is no longer listed"),
    "decided": Wording("申请已有结果", "it was decided already"),
    "published": Wording("已经公布", "it was published"),
    "reopened": Wording("已经重开", "it was reopened"),
    NO_CONTACT: Wording("没有可用的联系方式", "there is no contact"),
    **visit_notices.REASONS,
}
"""Why a notice was dropped, or is dead without a try."""

_WORDS = ("reason", "finding", "text", "demands", "until")
_ASKS = frozenset({Action.ASK_EXTENSION.value})
_OF_ORDERS = frozenset({Action.LIST.value, "order_overdue", *OrderAct, *late_decisions.KINDS})
_WHEN_LATE = {
    StepKind.REMIND.value: StepKind.OVERDUE.value,
    visit_notices.REMINDED: visit_notices.OVERDUE,
}
_OF_THE_END = frozenset({CLOSED, VOIDED})
_SURVIVES_CLOSING = frozenset({Action.RELEASE.value, *_OF_THE_END})


class Held(NamedTuple):
    """A notice that we hold a lease on."""

    id: int
    key: str
    case_id: int
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


class Parcel(NamedTuple):
    """One message to be made and sent; ``ways`` in the order they are tried."""

    person_id: int
    name: str
    ways: Sequence[Way]
    held: Sequence[Held]
    items: Sequence[Item]


@dataclass(slots=True)
class Laid:
    """What becomes of notices before anything is sent; ``later`` and ``dropped`` by notice id."""

    parcels: list[Parcel] = field(default_factory=list)
    later: dict[int, datetime] = field(default_factory=dict)
    dropped: dict[int, str] = field(default_factory=dict)
    dead: dict[int, str] = field(default_factory=dict)


def lay_out(
    connection: Connection, held: Iterable[Held], book: Rulebook, moment: datetime, locale: Locale
) -> Laid:
    """Look at each notice again; say what is sent now, what later, what not at all."""
    laid, facts = Laid(), _Facts.read(connection, list(held), moment)
    due: dict[int, list[tuple[Held, Item]]] = defaultdict(list)
    opens = next_opening(moment, book.policy.sending, book.calendar)
    for each in facts.held:
        case = facts.cases[each.case_id]
        if reason := _void(each, case, facts):
            laid.dropped[each.id] = reason
        elif each.person_id not in facts.ways:
            laid.dead[each.id] = NO_CONTACT
        elif opens > moment and not each.urgent:
            laid.later[each.id] = opens
        else:
            said = _said(each, case, facts, book, moment, locale)
            kind = _kind_now(each, said)
            item = Item(each.id, each.key, kind, each.receipt, said)
            due[each.person_id].append((each, item))
    most = book.policy.sending.most_per_hour.count
    for person, owed in due.items():
        _pack(laid, facts, person, owed, most, moment)
    return laid


@dataclass(frozen=True, slots=True)
class _Facts:
    """How things stand now, read in a handful of queries for all notices together."""

    held: Sequence[Held]
    cases: Mapping[int, Row[Any]]
    orders: Mapping[int, Row[Any]]
    names: Mapping[int, str]
    ways: Mapping[int, Sequence[Way]]
    recent: Mapping[int, Sequence[datetime]]
    acknowledged: frozenset[tuple[int, int]]
    visits: Visits

    @classmethod
    def read(cls, connection: Connection, held: Sequence[Held], moment: datetime) -> "_Facts":
        cases = {"cases": list({each.case_id for each in held})}
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
            read_visits(connection, ((each.case_id, each.kind, each.body) for each in held)),
        )


def _void(held: Held, case: Row[Any], facts: _Facts) -> str:
    """Return why a notice is no longer true; '' when it is."""
    if held.kind in visit_notices.KINDS:  # of cases that are closed, all of them
        return facts.visits.of(held.case_id, held.body, "zh").void
    if case.state is State.CLOSED and held.kind not in _SURVIVES_CLOSING:
        return "closed"
    if case.state is not State.CLOSED and held.kind in _OF_THE_END:
        return "reopened"
    if held.kind in _OF_ORDERS and case.listed is None:
        return "released"
    if held.kind in _ASKS and case.extension_asked_by_id is None:
        return "decided"
    if held.kind in (*StepKind, "handed"):
        if held.clock_no != case.clock_no:
            return "moved_on"
        if _only_repeats(held) and (held.case_id, held.clock_no) in facts.acknowledged:
            return "acknowledged"
    return _void_of_late(held.kind, facts.orders.get(held.case_id))


def _void_of_late(kind: str, order: Row[Any] | None) -> str:
    """Return what a supervisor, told that it was late, has done since."""
    if kind == late_decisions.LATE_DECISION and order and order.extension_asked_at is None:
        return "decided"
    if kind == late_decisions.LATE_PUBLICATION and order and order.published_at is not None:
        return "published"
    return ""


def _only_repeats(held: Held) -> bool:
    """Return whether a notice says again what was said before: its steps are ``rung.n``."""
    steps = json.loads(held.body).get("steps", [])
    return bool(steps) and all("." in each for each in steps)


def _kind_now(held: Held, said: Said) -> str:
    """A reminder that waited until its clock ran out says that it did."""
    return _WHEN_LATE.get(held.kind, held.kind) if said.late else held.kind


def _said(
    held: Held, case: Row[Any], facts: _Facts, book: Rulebook, at: datetime, locale: Locale
) -> Said:
    body, order = json.loads(held.body), facts.orders.get(held.case_id)
    labels = {each.key: Wording(each.zh, each.en) for each in book.policy.categories}
    of_visit = held.kind in visit_notices.KINDS
    visit = facts.visits.of(held.case_id, held.body, locale) if of_visit else None
    due_at = visit.due_at if visit else case.due_at
    late = due_at is not None and is_overdue(due_at, at)
    words = [str(body[name]) for name in _WORDS if body.get(name)]
    return Said(
        number=case.number,
        unit=case.unit,
        category=labels.get(case.category, Wording(case.category, case.category)).say(locale),
        description=case.description,
        level=case.level.label.say(locale),
        stage=case.stage.label.say(locale) if case.stage else "",
        holder=case.holder.label.say(locale) if case.holder else "",
        due=last_day(due_at),
        days_late=days_late(due_at, at) if late else 0,
        late=late,
        words=Wording(";", "; ").say(locale).join(words),
        order=order.number if order else "",
        term=last_day(order.due_at) if order else "",
        missed=max(0, len(body.get("steps", ())) - 1),
        lookback=visit.lookback if visit else "",
        planned=visit.planned if visit else "",
        mode=visit.mode if visit else "",
    )


def last_day(due_at: datetime | None) -> str:
    """Return the last day on time, or the moment of a limit in hours; '' when no clock runs."""
    if due_at is None:
        return ""
    day = day_due(due_at)
    return (
        day.isoformat() if close_of(day) == due_at else f"{due_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    )


def _pack(
    laid: Laid, facts: _Facts, person: int, owed: list[tuple[Held, Item]], most: int, at: datetime
) -> None:
    """Make up a person's messages, the most pressing first, as many as the hour still allows."""
    owed.sort(key=lambda each: (not each[0].urgent, -each[1].said.days_late, each[0].id))
    recent = facts.recent.get(person, ())
    room = max(0, most - len(recent)) * MOST_IN_ONE
    for start in range(0, min(room, len(owed)), MOST_IN_ONE):
        held, items = zip(*owed[start : min(start + MOST_IN_ONE, room)], strict=True)
        laid.parcels.append(Parcel(person, facts.names[person], facts.ways[person], held, items))
    again = min(recent, default=at) + HOUR
    laid.later |= {each.id: again for each, _ in owed[room:]}


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
