"""What is done to a supervision order: served, acknowledged, extended, published.

Each act is written with its event in the case's chain; the case's own state does not change.
"""

from datetime import date
from typing import Any

from sqlalchemy import Row

from casework.errors import Invalid
from casework.forms import clean
from casework.office import Office
from casework.order_record import Change, Hand, OrderActed, act_on
from rules.access import Actor
from rules.orders import OrderAct, Service
from rules.wording import Wording
from rules.workdays import close_of, day_due


def serve_order(
    office: Office, order: str, how: Service, *, hand: Hand, note: str = ""
) -> OrderActed:
    """Record how the order reached the unit 送达; a refused signature is an answer too.

    ``note`` (who refused, who was witness) is personal and stays out of the chain. These verbs
    raise Refused with the rule's wording, Invalid for a field, NotFound; then nothing is written.
    """
    note = clean(note, where="note")

    def change(_row: Row[Any], _actor: Actor) -> Change:
        columns = {"served_at": hand.at, "served_how": how, "served_note": note}
        return Change(columns, {"how": how.value}, {"note": note} if note else {})

    return act_on(office, order, OrderAct.SERVE, hand, {"how": how.value, "note": note}, change)


def acknowledge_order(office: Office, order: str, *, hand: Hand) -> OrderActed:
    """Record that the unit knows of the order and its demands."""

    def change(_row: Row[Any], actor: Actor) -> Change:
        return Change({"acknowledged_at": hand.at, "acknowledged_by_id": actor.id})

    return act_on(office, order, OrderAct.ACKNOWLEDGE, hand, {}, change)


def ask_order_extension(
    office: Office, order: str, until: date, reason: str, *, hand: Hand
) -> OrderActed:
    """Ask that the order's last day become ``until``; until that is granted, its own stands."""
    reason = _needed(reason)
    said = {"until": until.isoformat(), "reason": reason}

    def change(_row: Row[Any], actor: Actor) -> Change:
        columns = {
            "extension_asked_at": hand.at, "extension_asked_by_id": actor.id,
            "extension_until": close_of(until), "extension_reason": reason,
        }  # fmt: skip
        return Change(columns, said)

    return act_on(office, order, OrderAct.ASK_EXTENSION, hand, said, change, until=until)


def decide_order_extension(
    office: Office, order: str, *, grant: bool, hand: Hand, reason: str = ""
) -> OrderActed:
    """Grant the extension that was asked for, or refuse it with a reason."""
    reason = clean(reason, where="reason") if grant else _needed(reason)

    def change(row: Row[Any], _actor: Actor) -> Change:
        until = row.extension_until
        said = {"until": day_due(until).isoformat()} | ({"reason": reason} if reason else {})
        granted = {"due_at": until, "extensions": row.extensions + 1} if grant else {}
        return Change(_NOTHING_ASKED | granted, said)

    act = OrderAct.GRANT_EXTENSION if grant else OrderAct.REFUSE_EXTENSION
    return act_on(office, order, act, hand, {"reason": reason}, change)


def publish_order(office: Office, order: str, *, hand: Hand) -> OrderActed:
    """Put the order on the publication list 公示."""

    def change(_row: Row[Any], _actor: Actor) -> Change:
        return Change({"published_at": hand.at})

    return act_on(office, order, OrderAct.PUBLISH, hand, {}, change)


_NOTHING_ASKED: dict[str, Any] = {
    "extension_asked_at": None, "extension_asked_by_id": None, "extension_until": None,
    "extension_reason": "",
}  # fmt: skip


def _needed(reason: str) -> str:
    text = clean(reason, where="reason")
    if not text:
        raise Invalid(
            Wording("没有写理由", "no reason is given"),
            remedy=Wording("请填写理由。", "Give the reason."),
            where="reason",
        )
    return text
