"""Delivery: what is owed leaves, at least once and, unless a process dies, exactly once.

Notices are claimed by a lease that runs out, sent outside any transaction, and marked by whoever
still holds the lease. A process that dies between the two lets one message go twice, under the
same keys. Several may deliver at once, on both databases.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from casework.errors import NotFound
from casework.leases import Lease, claim, mark_failed, mark_sent, renew, settle
from casework.links import link_token
from casework.notice_facts import Way
from casework.office import Office
from casework.parcels import Laid, Parcel, lay_out
from casework.people import find_actor, require
from casework.proving.copies import Way as Carried
from casework.proving.copies import copied_by, remember_copied
from casework.proving.under import newest_head
from casework.templating import wordings_in_force
from models import NoticeState
from models.tables import CASES, DELIVERIES, ENGINE_RUNS, NOTICES, ORGANISATIONS
from notifications.channels import Channels
from notifications.messages import Letter, Message, carries_head, compose
from notifications.receipts import Receipt
from notifications.wordings import Changed
from rules.access import Verb
from rules.sending import wait_after
from rules.wording import Wording

LOG = logging.getLogger(__name__)
BATCH = 100
LEASE = timedelta(minutes=5)
KIND = "deliver"
# The next contact is tried after so many failures of one.
_TRIES_EACH = 3
_LONGEST_REASON = 500


@dataclass(slots=True)
class Delivered:
    """What a delivery did, in notices; ``messages`` counts what left for people, ``events`` what
    was posted to webhooks besides.
    """

    as_of: datetime
    messages: int = 0
    sent: int = 0
    postponed: int = 0
    dropped: int = 0
    failed: int = 0
    dead: int = 0
    events: int = 0
    events_failed: int = 0
    reasons: list[str] = field(default_factory=list)


def deliver(
    office: Office,
    channels: Channels,
    *,
    as_of: datetime,
    owner: str,
    batch: int = BATCH,
    progress: Callable[[int], None] = lambda _messages: None,
) -> Delivered:
    """Send what is owed by ``as_of`` and may leave now.

    ``owner`` names this run and no other. A failure waits and is tried again; after the policy's
    tries the notice is dead, with the reason. Raise Unavailable when the database does not answer.
    """
    run = _Run(office, channels, as_of, owner, monotonic(), Delivered(as_of))
    while (laid := run.take(batch)) is not None:
        for place, parcel in enumerate(laid.parcels):
            run.hand_over(parcel, laid.parcels[place + 1 :])
            progress(run.done.messages)
    run.record()
    return run.done


def resend(office: Office, notice: int, *, by: str, at: datetime) -> None:
    """Let a notice leave again, whatever became of it; raise NotFound or Refused.

    It keeps its key: a receiver that keeps count sees that it is the same.
    """
    with office.writing() as connection:
        actor = find_actor(connection, by)
        path = connection.execute(_PATH, {"notice": notice}).scalar()
        if path is None:
            raise _no_notice(notice)
        require(actor, Verb.SWEEP, path)
        again = {
            "state": NoticeState.WAITING, "sent_at": None, "next_at": at, "tries": 0,
            "lease_owner": "", "lease_until": None, "reason": "",
        }  # fmt: skip
        connection.execute(update(NOTICES).where(NOTICES.c.id == notice).values(again))


@dataclass(slots=True)
class _Run:
    office: Office
    channels: Channels
    as_of: datetime
    owner: str
    started: float
    done: Delivered
    lease: Lease = field(init=False)
    most_tries: int = 0
    changed: Changed = field(default_factory=dict)
    head: str = ""
    carried: int = 0

    @property
    def moment(self) -> datetime:
        """Business time that runs on while we send, so that leases of long runs do not lapse."""
        return self.as_of + timedelta(seconds=monotonic() - self.started)

    def take(self, most: int) -> Laid | None:
        """Claim the next notices and settle those that are not sent now; None when none is left."""
        moment = self.moment
        self.lease = Lease(self.owner, moment + LEASE)
        with self.office.writing() as connection:
            held = claim(connection, self.lease, most, as_of=self.as_of, moment=moment)
            if not held:
                return None
            book = self.office.rulebooks.at(connection, moment)
            self.most_tries = book.policy.sending.tries.count
            self.changed = wordings_in_force(connection, self.channels.locale)
            self.head = newest_head(connection)
            laid = lay_out(connection, held, book, moment, self.channels.locale)
            settle(connection, laid)
        self.done.postponed += len(laid.later)
        self.done.dropped += len(laid.dropped)
        self.done.dead += len(laid.dead)
        return laid

    def hand_over(self, parcel: Parcel, rest: Sequence[Parcel]) -> None:
        """Send one message and mark its notices; the lease is renewed for all that wait."""
        if self.moment > self.lease.until - LEASE / 2 and not self._renew(parcel, rest):
            return
        attempts = self._try(parcel)
        with self.office.writing() as connection:
            rows = [self._delivery(parcel, way, receipt) for way, receipt in attempts]
            connection.execute(insert(DELIVERIES), rows)
            self._mark(connection, parcel, attempts[-1][1])
            if attempts[-1][1].sent and carries_head(parcel.items):
                self._remember_head(connection)

    def _remember_head(self, connection: Connection) -> None:
        """The head that ended a message has left us, with whoever got it."""
        size = int(self.head.partition(" ")[0] or 0)
        if size > self.carried:
            if size > copied_by(connection, Carried.MESSAGE):
                remember_copied(connection, Carried.MESSAGE, size, self.moment)
            self.carried = size

    def record(self) -> None:
        """Write that we ran; of runs that found nothing only the last is kept."""
        done = self.done
        with self.office.writing() as connection:
            runs = ENGINE_RUNS.c
            idle = delete(ENGINE_RUNS).where(runs.kind == KIND, runs.done == 0, runs.failed == 0)
            connection.execute(idle)
            row = {
                "kind": KIND, "at": self.as_of, "done": done.sent, "failed": done.failed + done.dead
            }  # fmt: skip
            connection.execute(insert(ENGINE_RUNS), row)

    def _renew(self, parcel: Parcel, rest: Sequence[Parcel]) -> bool:
        """Hold on to what is not sent yet; return whether the next parcel is still ours."""
        self.lease = Lease(self.owner, self.moment + LEASE)
        ids = [each.id for one in (parcel, *rest) for each in one.held]
        with self.office.writing() as connection:
            ours = renew(connection, self.lease, ids)
        return ours.issuperset(each.id for each in parcel.held)

    def _try(self, parcel: Parcel) -> list[tuple[Way, Receipt]]:
        """Send by the contact whose turn it is; by the next when that one can never succeed."""
        turn = max(each.tries for each in parcel.held) // _TRIES_EACH % len(parcel.ways)
        attempts = []
        for way in (*parcel.ways[turn:], *parcel.ways[:turn]):
            receipt = self._send(parcel, way)
            attempts.append((way, receipt))
            if receipt.sent or not receipt.final:
                break
        return attempts

    def _send(self, parcel: Parcel, way: Way) -> Receipt:
        try:
            return self.channels.send(way.kind, way.sealed, self._message(parcel))
        except Exception as fault:  # noqa: BLE001 — one bad message or library must not stop the rest
            # Without the traceback: its values may hold the address.
            LOG.error("contact %d: %s", way.id, type(fault).__name__)
            return Receipt(sent=False, detail=type(fault).__name__)

    def _message(self, parcel: Parcel) -> Message:
        ids = [each.id for each in parcel.held]
        token = link_token(self.channels.keys, parcel.person_id, ids, self.moment)
        letter = Letter(parcel.name, self.channels.base_url, token, self.head)
        return compose(parcel.items, letter, self.channels.locale, self.changed)

    def _delivery(self, parcel: Parcel, way: Way, receipt: Receipt) -> dict[str, Any]:
        return {
            "person_id": parcel.person_id, "contact_id": way.id, "at": self.moment,
            "sent": receipt.sent, "notices": len(parcel.held), "detail": receipt.detail,
        }  # fmt: skip

    def _mark(self, connection: Connection, parcel: Parcel, receipt: Receipt) -> None:
        """Write what became of the notices, as far as they are still ours."""
        if receipt.sent:
            ids = [each.id for each in parcel.held]
            mark_sent(connection, self.owner, ids, self.moment)
            self.done.messages += 1
            self.done.sent += len(ids)
            return
        reason = receipt.detail[:_LONGEST_REASON]
        self.done.reasons.append(reason)
        for each in parcel.held:
            tries = each.tries + 1
            left = tries < self.most_tries
            next_at = self.moment + wait_after(tries, each.key) if left else None
            mark_failed(connection, self.owner, each, why=reason, next_at=next_at)
            self.done.failed += left
            self.done.dead += not left


def _no_notice(notice: int) -> NotFound:
    return NotFound(
        Wording(f"没有通知 {notice}", f"there is no notice {notice}"),
        remedy=Wording("可用 bihuan notice list 查看。", "`bihuan notice list` lists them."),
        where="NOTICE",
    )


_PATH = (
    select(ORGANISATIONS.c.path)
    .select_from(NOTICES)
    .outerjoin(CASES, CASES.c.id == NOTICES.c.case_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == func.coalesce(CASES.c.unit_id, NOTICES.c.unit_id))
    .where(NOTICES.c.id == bindparam("notice"))
)
