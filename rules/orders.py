"""Supervision orders 挂牌督办: why they are issued, how served, and who may do what to one.

``decide_act`` reads ``ACTS``, as ``rules.lifecycle.decide`` reads the table of moves.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from rules.access import Role
from rules.actions import Given
from rules.deadlines import Limit, Unit, due
from rules.decisions import Refusal
from rules.ladder import OrderLevel
from rules.wording import NOTHING, Wording
from rules.workdays import Calendar, close_of, day_due


class OrderCause(StrEnum):
    """Why a case was listed: overdue by the ladder, serious, or it cannot be fixed at once."""

    LADDER = "ladder"
    SERIOUS = "serious"
    CANNOT_FIX_AT_ONCE = "cannot_fix_at_once"

    @property
    def label(self) -> Wording:
        return _CAUSES[self]


class Service(StrEnum):
    """How an order was served 送达: signed for, refused (which is an answer), or left in place."""

    SIGNED = "signed"
    REFUSED = "refused"
    LEFT = "left"

    @property
    def label(self) -> Wording:
        return _SERVICES[self]


class OrderAct(StrEnum):
    """What happens to an order between its issue and its release; the last two time does."""

    SERVE = "serve_order"
    ACKNOWLEDGE = "acknowledge_order"
    ASK_EXTENSION = "ask_order_extension"
    GRANT_EXTENSION = "grant_order_extension"
    REFUSE_EXTENSION = "refuse_order_extension"
    PUBLISH = "publish_order"
    DEMAND = "demand"
    MISS_REPORT = "miss_report"

    @property
    def label(self) -> Wording:
        return _ACT_LABELS[self]


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What we remember of an order that decides what may be done to it."""

    level: OrderLevel
    served: bool = False
    acknowledged: bool = False
    published: bool = False
    released: bool = False
    asked_by: int | None = None


@dataclass(frozen=True, slots=True)
class OrderTerm:
    """An order's time: its last day, the first moment too late to ask for more, and the furthest
    last day that its whole term allows.
    """

    due_day: date
    ask_before: datetime
    furthest: date


class OrderGuard(NamedTuple):
    """A condition on an act: whether it holds for the facts, the term, who acts and when."""

    holds: Callable[[OrderFacts, OrderTerm, int | None, datetime], bool]
    unmet: Callable[[OrderTerm], Wording]
    remedy: Wording = NOTHING


class Act(NamedTuple):
    """A row of the table: who may do it to an order of either level, and under which guards."""

    cluster: frozenset[Role]
    committee: frozenset[Role]
    guards: tuple[OrderGuard, ...]


def decide_act(
    facts: OrderFacts,
    act: OrderAct,
    *,
    by: int | None,
    roles: Set[Role],
    term: OrderTerm,
    at: datetime,
    until: date | None = None,
) -> Role | Refusal:
    """Return the role in which ``by`` may do ``act``, or why not.

    ``until`` is the last day that an extension asks for.
    """
    role = _may(facts, act, by=by, roles=roles, term=term, at=at)
    if act is OrderAct.ASK_EXTENSION and not isinstance(role, Refusal):
        return _beyond(term, until) or role
    return role


def offered_acts(
    facts: OrderFacts, *, by: int | None, roles: Set[Role], term: OrderTerm, at: datetime
) -> list[OrderAct]:
    """Return what ``by`` may do to an order now; which day an extension asks for is not known."""
    decided = ((act, _may(facts, act, by=by, roles=roles, term=term, at=at)) for act in ACTS)
    return [act for act, role in decided if not isinstance(role, Refusal)]


def term_of(
    issued_at: datetime, due_at: datetime, *, ask: Limit, longest: Limit, calendar: Calendar
) -> OrderTerm:
    """Reckon an order's time: ``ask`` is how long before its due an extension is asked for,
    ``longest`` bounds the whole term from its issue, extensions included.
    """
    return OrderTerm(
        day_due(due_at),
        _ask_before(due_at, ask, calendar),
        day_due(due(issued_at, longest, calendar, roll=False).at),
    )


def level_missed(misses: int) -> Role | None:
    """Return who hears of the n-th report missed in a row: each level once, then nobody new."""
    return {1: Role.CLUSTER, 2: Role.COMMITTEE}.get(misses)


def _may(
    facts: OrderFacts,
    act: OrderAct,
    *,
    by: int | None,
    roles: Set[Role],
    term: OrderTerm,
    at: datetime,
) -> Role | Refusal:
    row = ACTS[act]
    allowed = row.cluster if facts.level is OrderLevel.CLUSTER else row.committee
    held = [role for role in Role if role in allowed and role in roles]
    if not held:
        return _not_theirs(act, allowed)
    for guard in row.guards:
        if not guard.holds(facts, term, by, at):
            return Refusal(guard.unmet(term), guard.remedy)
    return held[0]


def _ask_before(due_at: datetime, ask: Limit, calendar: Calendar) -> datetime:
    if ask.unit is Unit.HOURS:
        return due_at - timedelta(hours=ask.amount)
    if ask.unit is Unit.DAYS:
        return close_of(day_due(due_at) - timedelta(days=ask.amount))
    return close_of(calendar.estimate(day_due(due_at), -ask.amount).day)


def _not_theirs(act: OrderAct, allowed: frozenset[Role]) -> Refusal:
    named = [role for role in Role if role in allowed]
    zh, en = "、".join(each.label.zh for each in named), ", ".join(each.label.en for each in named)
    return Refusal(
        Wording(f"您无权“{act.label.zh}”", f"you may not {act.label.en}"),
        Wording(f"须由{zh}办理。", f"It takes: {en}."),
    )


def _beyond(term: OrderTerm, until: date | None) -> Refusal | None:
    if until is None or until <= term.due_day:
        return Refusal(
            Wording(f"新期限须晚于 {term.due_day}", f"the new day must come after {term.due_day}"),
            Wording("请填更晚的日期。", "Give a later day."),
            Given.NEW_DUE,
        )
    if until > term.furthest:
        return Refusal(
            Wording(f"督办总期限最长到 {term.furthest}", f"the whole term ends by {term.furthest}"),
            Wording("请填不晚于此日的日期。", "Give no later day."),
            Given.NEW_DUE,
        )
    return None


_NOT_RELEASED = OrderGuard(
    lambda order, _term, _by, _at: not order.released,
    lambda _term: Wording("已经摘牌", "the order is released"),
)
_NOT_SERVED = OrderGuard(
    lambda order, _term, _by, _at: not order.served,
    lambda _term: Wording("已经送达", "the order is served already"),
)
_NOT_ACKNOWLEDGED = OrderGuard(
    lambda order, _term, _by, _at: not order.acknowledged,
    lambda _term: Wording("已经签认", "the order is acknowledged already"),
)
_NOT_PUBLISHED = OrderGuard(
    lambda order, _term, _by, _at: not order.published,
    lambda _term: Wording("已经公布", "the order is published already"),
)
_NONE_PENDING = OrderGuard(
    lambda order, _term, _by, _at: order.asked_by is None,
    lambda _term: Wording("已有一份督办延期申请待批", "an extension is already being decided"),
    Wording("请等上级答复。", "Wait for the answer."),
)
_PENDING = OrderGuard(
    lambda order, _term, _by, _at: order.asked_by is not None,
    lambda _term: Wording("没有待批的督办延期申请", "no extension of the order was asked for"),
)
_NOT_THE_ASKER = OrderGuard(
    lambda order, _term, by, _at: by != order.asked_by,
    lambda _term: Wording("不能批自己的延期申请", "nobody decides on an extension they asked for"),
    Wording("请由上一级决定。", "Ask the next superior."),
)
_IN_TIME = OrderGuard(
    lambda _order, term, _by, at: at < term.ask_before,
    lambda term: Wording(
        f"督办延期最晚须在 {day_due(term.ask_before)} 申请（期限 {term.due_day}）",
        f"an extension must be asked for by {day_due(term.ask_before)} (due {term.due_day})",
    ),
    Wording("请报进展并说明情况。", "Report progress and explain."),
)

_UNIT = frozenset({Role.OWNER, Role.HEAD})
_ABOVE = frozenset({Role.CLUSTER, Role.COMMITTEE})
_COMMITTEE = frozenset({Role.COMMITTEE})
_DECISION = Act(_ABOVE, _COMMITTEE, (_NOT_RELEASED, _PENDING, _NOT_THE_ASKER))

# Whoever supervises serves and publishes; the unit answers; a level above the asker decides.
ACTS: dict[OrderAct, Act] = {
    OrderAct.SERVE: Act(_ABOVE, _ABOVE, (_NOT_RELEASED, _NOT_SERVED)),
    OrderAct.ACKNOWLEDGE: Act(_UNIT, _UNIT, (_NOT_RELEASED, _NOT_ACKNOWLEDGED)),
    OrderAct.ASK_EXTENSION: Act(_UNIT, _UNIT, (_NOT_RELEASED, _NONE_PENDING, _IN_TIME)),
    OrderAct.GRANT_EXTENSION: _DECISION,
    OrderAct.REFUSE_EXTENSION: _DECISION,
    OrderAct.PUBLISH: Act(_ABOVE, _COMMITTEE, (_NOT_PUBLISHED,)),
}

_CAUSES = {
    OrderCause.LADDER: Wording("逾期", "overdue"),
    OrderCause.SERIOUS: Wording("情况严重", "serious"),
    OrderCause.CANNOT_FIX_AT_ONCE: Wording("不能立即整改", "cannot be fixed at once"),
}
_SERVICES = {
    Service.SIGNED: Wording("已签收", "signed for"),
    Service.REFUSED: Wording("拒绝签收", "signature refused"),
    Service.LEFT: Wording("留置送达", "left in place"),
}
_ACT_LABELS = {
    OrderAct.SERVE: Wording("送达督办通知书", "serve the order"),
    OrderAct.ACKNOWLEDGE: Wording("签认督办", "acknowledge the order"),
    OrderAct.ASK_EXTENSION: Wording("申请督办延期", "ask to extend the order"),
    OrderAct.GRANT_EXTENSION: Wording("同意督办延期", "grant the order's extension"),
    OrderAct.REFUSE_EXTENSION: Wording("不同意督办延期", "refuse the order's extension"),
    OrderAct.PUBLISH: Wording("公布挂牌督办", "publish the order"),
    OrderAct.DEMAND: Wording("要求报告进展", "demand a progress report"),
    OrderAct.MISS_REPORT: Wording("记录逾期未报进展", "record a missed progress report"),
}
