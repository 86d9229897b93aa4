"""Orders on their way in the story: the committee serves and publishes, the head signs or not."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select

from casework.events import Door
from casework.order_acts import acknowledge_order, publish_order, serve_order
from casework.order_record import Hand
from casework.sample.lives import Life
from casework.sample.organisation import COMMITTEE
from casework.sample.world import World
from models.tables import CASES, ORDERS
from rules.orders import OrderAct, Service

_SIGNED = 0.9  # the share of heads who sign; our choice
_UNSERVED = (
    select(CASES.c.number, ORDERS.c.number)
    .join(CASES, CASES.c.id == ORDERS.c.case_id)
    .where(ORDERS.c.served_at.is_(None), ORDERS.c.released_at.is_(None))
    .order_by(ORDERS.c.n)
)


def serve_orders(world: World, at: datetime) -> None:
    """Serve and publish every order that nobody served yet."""
    with world.office.reading() as connection:
        waiting = connection.execute(_UNSERVED).tuples().all()
    for case, order in waiting:
        if case in world.lives:
            world.news.acts += _serve(world, world.lives[case], order, at)


def _serve(world: World, life: Life, order: str, at: datetime) -> Counter[OrderAct]:
    above = Hand(COMMITTEE[0], at, Door.PAGE)
    signed = world.chance.random() < _SIGNED
    how, note = (Service.SIGNED, "") if signed else (Service.REFUSED, "两名工作人员在场见证")
    serve_order(world.office, order, how, hand=above, note=note)
    done = [OrderAct.SERVE, OrderAct.PUBLISH]
    if signed:
        acknowledge_order(world.office, order, hand=Hand(life.team.head, at, Door.PAGE))
        done.append(OrderAct.ACKNOWLEDGE)
    publish_order(world.office, order, hand=above)
    return Counter(done)
