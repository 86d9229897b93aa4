"""What is sent to whom: owed notices looked at again, and made up into messages.

A notice whose case is closed, or whose clock has stopped, is no longer true and is dropped; what
is sent says how things stand now. All that one person is owed goes into one message.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from casework import late_decisions
from casework.duties import telling
from casework.handing import CLOSED, VOIDED
from casework.lookback import visit_notices
from casework.notice_facts import HOUR, Facts, Held, Way
from casework.rulebook import Rulebook
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
    **telling.REASONS,
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
    laid, facts = Laid(), Facts.read(connection, list(held), moment)
    due: dict[int, list[tuple[Held, Item]]] = defaultdict(list)
    opens = next_opening(moment, book.policy.sending, book.calendar)
    for each in facts.held:
        if reason := _void_now(each, facts):
            laid.dropped[each.id] = reason
        elif each.person_id not in facts.ways:
            laid.dead[each.id] = NO_CONTACT
        elif opens > moment and not each.urgent:
            laid.later[each.id] = opens
        else:
            said = _said_now(each, facts, book, moment, locale)
            kind = _kind_now(each, said)
            item = Item(each.id, each.key, kind, each.receipt, said)
            due[each.person_id].append((each, item))
    most = book.policy.sending.most_per_hour.count
    for person, owed in due.items():
        _pack(laid, facts, person, owed, most, moment)
    return laid


def _void_now(held: Held, facts: Facts) -> str:
    """Return why a notice is no longer true; '' when it is."""
    if held.case_id is not None:
        return _void(held, held.case_id, facts)
    return facts.duties.of(json.loads(held.body), "zh").void if held.kind == telling.NOTICE else ""


def _void(held: Held, case_id: int, facts: Facts) -> str:
    case = facts.cases[case_id]
    if held.kind in visit_notices.KINDS:  # of cases that are closed, all of them
        return facts.visits.of(case_id, held.body, "zh").void
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
        if _only_repeats(held) and (case_id, held.clock_no) in facts.acknowledged:
            return "acknowledged"
    return _void_of_late(held.kind, facts.orders.get(case_id))


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


def _said_now(held: Held, facts: Facts, book: Rulebook, at: datetime, locale: Locale) -> Said:
    if held.case_id is not None:
        return _said(held, held.case_id, facts, book, at, locale)
    body = json.loads(held.body)
    duty = facts.duties.of(body, locale) if held.kind == telling.NOTICE else None
    place = facts.places.get(held.unit_id or 0, "")
    return telling.said(body, place, duty, at, locale)


def _said(
    held: Held, case_id: int, facts: Facts, book: Rulebook, at: datetime, locale: Locale
) -> Said:
    case = facts.cases[case_id]
    body, order = json.loads(held.body), facts.orders.get(case_id)
    labels = {each.key: Wording(each.zh, each.en) for each in book.policy.categories}
    of_visit = held.kind in visit_notices.KINDS
    visit = facts.visits.of(case_id, held.body, locale) if of_visit else None
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
        words=Wording("；", "; ").say(locale).join(words),
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
    laid: Laid, facts: Facts, person: int, owed: list[tuple[Held, Item]], most: int, at: datetime
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
