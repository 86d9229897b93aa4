"""Supervision orders 挂牌督办: listed, opened, acted on."""

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import Query

from casework.accounts.tokens import Scope
from casework.errors import Invalid
from casework.events import Door
from casework.office import Office
from casework.order_acts import (
    acknowledge_order,
    ask_order_extension,
    decide_order_extension,
    publish_order,
    serve_order,
)
from casework.order_list import OrderFilter, list_orders, list_published, open_order
from casework.order_record import Hand, OrderActed
from rules.access import Verb
from rules.wording import Wording
from web.api import asked, sent, supervision
from web.api.calls import Asked, read_key
from web.api.routing import Operations
from web.permission import Anyone

operations = Operations("orders")


@operations.get("/orders", permission=Verb.VIEW, scope=Scope.READ)
def list_orders_(
    call: Asked, wanted: Annotated[asked.OrderList, Query()]
) -> list[supervision.SupervisionOrder]:
    """List the orders that you may see, the newest first."""
    rows = list_orders(call.office, OrderFilter(**wanted.model_dump()), by=call.by, as_of=call.at)
    return [supervision.SupervisionOrder.model_validate(dict(each)) for each in rows]


@operations.get("/orders/{order}", permission=Verb.VIEW, scope=Scope.READ)
def open_order_(call: Asked, order: asked.Number) -> supervision.SupervisionOrder:
    """Open an order, by its number in whatever brackets, or by its case's."""
    found = open_order(call.office, order, by=call.by, as_of=call.at)
    return supervision.SupervisionOrder.model_validate(dict(found))


@operations.post("/orders/{order}/acts", permission=Verb.VIEW, scope=Scope.MOVE)
def act_on_order(
    call: Asked, order: asked.Number, wanted: sent.NewOrderAct, idempotency_key: asked.Key = ""
) -> supervision.OrderActed:
    """Serve, acknowledge, extend or publish an order."""
    hand = Hand(call.by, call.at, Door.API, read_key(idempotency_key))
    done = _ACTS[wanted.act](call.office, order, wanted, hand)
    return supervision.OrderActed.model_validate(done)


@operations.get("/published/orders", permission=Anyone.ANYBODY, scope=())
def list_published_orders(call: Asked) -> list[supervision.PublishedOrder]:
    """List what anybody may read of the published orders: no personal data."""
    return [
        supervision.PublishedOrder.model_validate(dict(each))
        for each in list_published(call.office)
    ]


Act = Callable[[Office, str, sent.NewOrderAct, Hand], OrderActed]


def _serve(office: Office, order: str, wanted: sent.NewOrderAct, hand: Hand) -> OrderActed:
    if wanted.how is None:
        raise _missing("how")
    return serve_order(office, order, wanted.how, hand=hand, note=wanted.note)


def _ask(office: Office, order: str, wanted: sent.NewOrderAct, hand: Hand) -> OrderActed:
    if wanted.until is None:
        raise _missing("until")
    return ask_order_extension(office, order, wanted.until, wanted.reason, hand=hand)


def _decide(*, grant: bool) -> Act:
    def decide(office: Office, order: str, wanted: sent.NewOrderAct, hand: Hand) -> OrderActed:
        return decide_order_extension(office, order, grant=grant, reason=wanted.reason, hand=hand)

    return decide


_ACTS: Mapping[str, Act] = {
    "serve": _serve,
    "acknowledge": lambda office, order, _, hand: acknowledge_order(office, order, hand=hand),
    "ask_extension": _ask,
    "grant_extension": _decide(grant=True),
    "refuse_extension": _decide(grant=False),
    "publish": lambda office, order, _, hand: publish_order(office, order, hand=hand),
}


def _missing(where: str) -> Invalid:
    return Invalid(
        Wording("缺少必填项", "something that is needed is missing"),
        remedy=Wording(f"请填写 {where}。", f"Give {where}."),
        where=where,
    )
