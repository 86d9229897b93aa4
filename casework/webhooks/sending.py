"""Post what happened: for each webhook its events in order, each until it was taken.

A webhook is held by a lease, its events are posted outside any transaction, and its cursor moves on
by whoever still holds it. A process that dies in between lets one message go twice, under the same
id. One that fails waits and is tried again before any later one; after the policy's tries the
webhook is given up where it stands, and goes on from there once it is resumed.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update

from casework.delivery import Delivered
from casework.events import Door
from casework.office import Office
from casework.proving.sealing import Outside, Rewritten, count_events
from casework.webhooks.messages import WINDOW, Message, next_messages
from casework.webhooks.rotating import receiver_of
from casework.webhooks.store import remember
from models import WebhookState
from models.tables import LEAVES, ORGANISATIONS, WEBHOOK_RECEIPTS, WEBHOOKS
from notifications.hooks import Hooks
from notifications.receipts import Receipt
from rules.sending import wait_after
from rules.webhooks import WebhookAct

LOG = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
WITHIN = 40.0
"""Seconds: a run begins each minute, and one slow receiver must not keep it from doing so."""
KEPT = timedelta(days=90)
_LONGEST_REASON = 500


@dataclass(slots=True)
class Posted:
    """What a run did, in messages; ``dead`` counts the webhooks that were given up."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    reasons: list[str] = field(default_factory=list)

    def added_to(self, done: Delivered) -> Delivered:
        """Return what a delivery did with this beside it."""
        done.events, done.events_failed = self.sent, self.failed
        done.reasons += self.reasons
        return done


def post_events(
    office: Office,
    hooks: Hooks,
    outside: Outside,
    *,
    as_of: datetime,
    owner: str,
    within: float = WITHIN,
) -> Posted:
    """Post to every webhook whose turn it is what happened and was not told yet.

    With no active webhook nothing is done. Raise Unavailable when the database does not answer.
    """
    run = _Run(office, hooks, as_of, owner, within, monotonic())
    with office.reading() as connection:
        if connection.execute(_ANY).first() is None:
            return run.done
    try:
        count_events(office, outside)
    except Rewritten as fault:  # told loudly by the seal; what has its leaf may still leave
        run.done.reasons.append(fault.say(hooks.locale))
    while run.has_time and (hook := run.claim()) is not None:
        run.follow(hook)
    run.tidy()
    return run.done


@dataclass(slots=True)
class _Run:
    office: Office
    hooks: Hooks
    as_of: datetime
    owner: str
    within: float
    started: float
    done: Posted = field(default_factory=Posted)

    @property
    def moment(self) -> datetime:
        return self.as_of + timedelta(seconds=monotonic() - self.started)

    @property
    def has_time(self) -> bool:
        return monotonic() - self.started < self.within

    def claim(self) -> Row[Any] | None:
        """Hold the webhook that has waited longest and has something to look at."""
        due = {"as_of": self.as_of, "moment": self.moment, "owner": self.owner}
        with self.office.writing() as connection:
            number = connection.execute(_CLAIM, due | {"until": self.moment + LEASE}).scalar()
            if number is None:
                return None
            return connection.execute(_HELD, {"hook": number}).one()

    def follow(self, hook: Row[Any]) -> None:
        """Post a webhook's events until none is left, one fails, or time is up; then let go."""
        cursor, going = hook.cursor, True
        while going and self.has_time:
            end, messages = self._look(hook, cursor)
            for each in messages:
                if not self.has_time:  # the rest waits for the next run
                    end, going = each.leaf or end, False
                    break
                if not self._post(hook, each):
                    return
            going = going and end > cursor
            cursor = end
            with self.office.writing() as connection:
                moved = {"cursor": end, "lease_until": self.moment + LEASE}
                going = self._mark(connection, hook, moved) and going
        with self.office.writing() as connection:
            self._mark(connection, hook, {"lease_owner": "", "lease_until": None})

    def tidy(self) -> None:
        """Forget receipts that nobody asks for any more."""
        with self.office.writing() as connection:
            old = WEBHOOK_RECEIPTS.c.at < self.as_of - KEPT
            connection.execute(delete(WEBHOOK_RECEIPTS).where(old))

    def _look(self, hook: Row[Any], cursor: int) -> tuple[int, list[Message]]:
        with self.office.reading() as connection:
            size = connection.execute(_SIZE).scalar_one()
            end = min(cursor + WINDOW, max(size, cursor))
            found = next_messages(
                connection, cursor, end, kinds=hook.kinds, path=hook.path,
                base_url=self.hooks.base_url,
            )  # fmt: skip
        return end, found

    def _post(self, hook: Row[Any], message: Message) -> bool:
        """Post one message and mark it; return whether the next one may follow."""
        at = self.moment
        try:
            receipt = self.hooks.send(receiver_of(hook, at), message.name, message.content, at=at)
        except Exception as fault:  # noqa: BLE001 — one bad receiver or library must not stop the rest
            LOG.error("webhook %d: %s", hook.id, type(fault).__name__)
            receipt = Receipt(sent=False, detail=type(fault).__name__)
        with self.office.writing() as connection:
            connection.execute(insert(WEBHOOK_RECEIPTS), receipt_row(hook.id, message, receipt,
                                                                     self.moment))  # fmt: skip
            if receipt.sent:
                return self._mark_sent(connection, hook, message)
            self._mark_failed(connection, hook, message, receipt)
        return False

    def _mark_sent(self, connection: Connection, hook: Row[Any], message: Message) -> bool:
        self.done.sent += 1
        moved = {
            "cursor": (message.leaf or 0) + 1, "sent_at": self.moment, "tries": 0, "reason": "",
            "lease_until": self.moment + LEASE,
        }  # fmt: skip
        return self._mark(connection, hook, moved)

    def _mark_failed(
        self, connection: Connection, hook: Row[Any], message: Message, receipt: Receipt
    ) -> None:
        reason = receipt.detail[:_LONGEST_REASON]
        tries = self._tries(connection, hook) + 1
        most = self.office.rulebooks.at(connection, self.moment).policy.sending.tries.count
        dead = receipt.final or tries >= most
        failed = {
            "cursor": message.leaf, "tries": tries, "reason": reason,
            "next_at": self.moment + wait_after(tries, f"{hook.id}:{message.name}"),
            "lease_owner": "", "lease_until": None,
        }  # fmt: skip
        self.done.failed += 1
        self.done.reasons.append(f"{hook.name}: {reason}")
        if self._mark(connection, hook, failed) and dead:
            self._give_up(connection, hook, {"reason": reason, "tries": tries})

    def _give_up(self, connection: Connection, hook: Row[Any], said: dict[str, Any]) -> None:
        mine = WEBHOOKS.c.id == hook.id
        connection.execute(update(WEBHOOKS).where(mine).values(state=WebhookState.DEAD))
        remember(
            connection, (hook.id, hook.name), WebhookAct.GIVE_UP, said, by=None,
            at=self.moment, door=Door.FLOW,
        )  # fmt: skip
        self.done.dead += 1

    def _tries(self, connection: Connection, hook: Row[Any]) -> int:
        """Return how often the message at the cursor has failed: one that was taken counts anew."""
        found = select(WEBHOOKS.c.tries).where(WEBHOOKS.c.id == hook.id).with_for_update()
        return int(connection.execute(found).scalar_one())

    def _mark(self, connection: Connection, hook: Row[Any], values: dict[str, Any]) -> bool:
        """Write how far it came if it is still ours; return whether it may go on.

        Paused or removed meanwhile, what was taken was taken all the same.
        """
        mine = (WEBHOOKS.c.id == hook.id) & (WEBHOOKS.c.lease_owner == self.owner)
        marked = update(WEBHOOKS).where(mine).values(**values).returning(WEBHOOKS.c.state)
        return connection.execute(marked).scalar() == WebhookState.ACTIVE


def receipt_row(hook: int, message: Message, receipt: Receipt, at: datetime) -> dict[str, Any]:
    """Return the row that tells what became of a message."""
    return {
        "webhook_id": hook, "message": message.name, "kind": message.kind, "leaf": message.leaf,
        "at": at, "sent": receipt.sent, "detail": receipt.detail[:_LONGEST_REASON],
    }  # fmt: skip


_ANY = select(WEBHOOKS.c.id).where(WEBHOOKS.c.state == WebhookState.ACTIVE).limit(1)
_SIZE = select(func.coalesce(func.max(LEAVES.c.number) + 1, 0))
_DUE = (
    select(WEBHOOKS.c.id)
    .where(
        WEBHOOKS.c.state == WebhookState.ACTIVE,
        WEBHOOKS.c.next_at <= bindparam("as_of"),
        or_(WEBHOOKS.c.lease_until.is_(None), WEBHOOKS.c.lease_until <= bindparam("moment")),
        WEBHOOKS.c.cursor < _SIZE.scalar_subquery(),
    )
    .order_by(WEBHOOKS.c.sent_at.is_not(None), WEBHOOKS.c.sent_at, WEBHOOKS.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(WEBHOOKS)
    .where(WEBHOOKS.c.id.in_(_DUE))
    .values(lease_owner=bindparam("owner"), lease_until=bindparam("until"))
    .returning(WEBHOOKS.c.id)
)
_HELD = (
    select(WEBHOOKS, ORGANISATIONS.c.path)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == WEBHOOKS.c.place_id)
    .where(WEBHOOKS.c.id == bindparam("hook"))
)
