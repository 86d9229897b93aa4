"""How an act on a supervision order is written: decided, told in the chain, answered once."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, Row, update

from casework import idempotency
from casework.answers import receipt
from casework.cases import Stored, find_case
from casework.directory import read_directory
from casework.errors import Refused
from casework.events import Door, Happening, Written
from casework.forms import clean
from casework.notices import Owed, owe
from casework.office import Office
from casework.order_list import find_order, no_such_order, order_by_id
from casework.people import find_actor
from casework.writer import tell_case
from models.tables import ORDERS
from rules.access import Actor, Role, Verb
from rules.audience import find_told
from rules.decisions import Refusal
from rules.ladder import Audience, OrderLevel
from rules.orders import OrderAct, OrderFacts, OrderTerm, decide_act, offered_acts, term_of
from rules.workdays import china_day


@dataclass(frozen=True, slots=True)
class OrderActed:
    """What became of an order; ``repeated`` marks an answer given before."""

    order: str
    case: str
    act: str
    due_at: str
    seq: int
    receipt: str
    repeated: bool = False

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    def again(self) -> Self:
        return replace(self, repeated=True)


class Hand(NamedTuple):
    """Who lays a hand on an order, when, through which door, under which key if it has one."""

    by: str
    at: datetime
    door: Door
    key: str | None = None


class Change(NamedTuple):
    """What an act does: the order's new columns, what the event tells, and what it keeps apart."""

    columns: Mapping[str, Any]
    said: Mapping[str, Any] = {}
    private: Mapping[str, str] = {}


Changing = Callable[[Row[Any], Actor], Change]


def act_on(
    office: Office,
    order: str,
    act: OrderAct,
    hand: Hand,
    typed: Mapping[str, str],
    changing: Changing,
    *,
    until: date | None = None,
) -> OrderActed:
    """Decide, then write order, event, notices and answer in one transaction."""
    with office.writing() as connection:
        request = _request(order, act, hand, typed)
        if hand.key and (answer := idempotency.recall(connection, hand.key, request, hand.at)):
            return OrderActed(**answer).again()
        actor = find_actor(connection, hand.by)
        stored, row = _hold(connection, order, actor)
        role = _decide(office, connection, row, act, actor, at=hand.at, until=until)
        change = changing(row, actor)
        body = {"order": row.number, **change.said}
        happening = Happening(
            act.value, actor.id, role.value, hand.door, hand.at, body, change.private
        )
        written = tell_case(connection, stored, happening)
        connection.execute(update(ORDERS).where(ORDERS.c.id == row.id).values(**change.columns))
        _tell(connection, row, stored, act, body, written)
        due_at = change.columns.get("due_at", row.due_at)
        acted = OrderActed(
            row.number, stored.number, act.value, due_at.isoformat(), stored.seq + 1,
            receipt(stored.number, stored.seq + 1, written.hash),
        )  # fmt: skip
        if hand.key:
            idempotency.keep(connection, hand.key, acted.plain())
    return acted


def offers_on(office: Office, order: str, *, by: str, at: datetime) -> list[OrderAct]:
    """Return what the person with the code ``by`` may do to an order now; raise NotFound."""
    with office.reading() as connection:
        row, actor = find_order(connection, order), find_actor(connection, by)
        if not actor.may(Verb.VIEW, row.path):
            raise no_such_order(order)
        term = _term(office, connection, row, at)
        roles = actor.roles_over(row.path)
        return offered_acts(_facts(row), by=actor.id, roles=roles, term=term, at=at)


def _request(order: str, act: OrderAct, hand: Hand, typed: Mapping[str, str]) -> str:
    if not hand.key:
        return ""
    called = {"order": clean(order, where="order"), "by": clean(hand.by, where="--as")}
    return idempotency.request_digest({"act": act.value, **called, **typed})


def _hold(connection: Connection, order: str, actor: Actor) -> tuple[Stored, Row[Any]]:
    """Return the order with its case, both held: the case first, as every move does."""
    found = find_order(connection, order)
    stored = find_case(connection, found.case, to_move=True)
    if not actor.may(Verb.VIEW, stored.unit_path):
        raise no_such_order(order)
    return stored, order_by_id(connection, found.id)


def _decide(
    office: Office,
    connection: Connection,
    row: Row[Any],
    act: OrderAct,
    actor: Actor,
    *,
    at: datetime,
    until: date | None,
) -> Role:
    """Return the role acted in; raise Refused with the rule's wording."""
    roles, term = actor.roles_over(row.path), _term(office, connection, row, at)
    decision = decide_act(_facts(row), act, by=actor.id, roles=roles, term=term, at=at, until=until)
    if isinstance(decision, Refusal):
        where = decision.field or row.number
        raise Refused(decision.wording, remedy=decision.remedy, where=where)
    return decision


def _facts(row: Row[Any]) -> OrderFacts:
    return OrderFacts(
        row.level, row.served_at is not None, row.acknowledged_at is not None,
        row.published_at is not None, row.released_at is not None, row.extension_asked_by_id,
    )  # fmt: skip


def _term(office: Office, connection: Connection, row: Row[Any], at: datetime) -> OrderTerm:
    """Reckon the term by the policy that the order began with."""
    bounds = office.rulebooks.policy(connection, row.policy).orders
    return term_of(
        row.issued_at,
        row.due_at,
        ask=bounds.extension_before.limit,
        longest=bounds.longest.limit,
        calendar=office.rulebooks.at(connection, at).calendar,
    )


def _tell(
    connection: Connection,
    row: Row[Any],
    stored: Stored,
    act: OrderAct,
    body: Mapping[str, Any],
    written: Written,
) -> None:
    """Owe a notice of an extension: to who decides on it, then to who asked for it."""
    event = written.event
    directory = read_directory(connection, china_day(event["at"]))
    told = find_told(
        _concerned(act, row.level), Role.OWNER, lambda role: directory.who(row.path, role)
    )
    people = [each for each in told.people if each != event["actor_id"]]
    owed = Owed(
        f"{stored.id}:{event['seq']}:{act.value}", stored.id, stored.clock_no, people, act.value,
        {**body, "level": row.level.value, "due": row.due_at.isoformat()}, urgent=False,
        receipt=receipt(stored.number, event["seq"], written.hash),
    )  # fmt: skip
    owe(connection, [owed], event["at"])


def _concerned(act: OrderAct, level: OrderLevel) -> tuple[Audience, ...]:
    match act:
        case OrderAct.ASK_EXTENSION:
            return (Audience.CLUSTER if level is OrderLevel.CLUSTER else Audience.COMMITTEE,)
        case OrderAct.GRANT_EXTENSION | OrderAct.REFUSE_EXTENSION:
            return (Audience.OWNER, Audience.HEAD)
        case _:
            return ()
