"""Webhooks in tests: added, posted to a real receiver on loopback, their rows read back."""

from datetime import timedelta

from cryptography.fernet import Fernet
from sqlalchemy import select

from casework.events import Door
from casework.webhooks.acts import Wanted, add_webhook
from casework.webhooks.sending import post_events
from casework.webhooks.store import Hand
from models.tables import WEBHOOK_RECEIPTS, WEBHOOKS
from notifications.hooks import Hooks
from notifications.posting import Post
from notifications.sealing import Keys
from tests.offices import MONDAY_9AM
from tests.sealing import outside_of

KEYS = Keys([Fernet.generate_key().decode()])


def hand(by="admin", at=MONDAY_9AM):
    return Hand(by, at, Door.CLI)


def hooks_to(*addresses, seconds=10.0):
    """What posts to these addresses on loopback and to nowhere else there."""
    return Hooks(KEYS, Post(frozenset(addresses), seconds=seconds), "https://bihuan.example", "en")


def added(office, folder, url, name="系统", **wanted):
    """Add a webhook; return its secret."""
    wanted = Wanted(name, url, **wanted)
    return add_webhook(office, KEYS, wanted, hand(), outside_of(folder)).secret


def posted(office, folder, hooks, *, after=timedelta(0), owner="me", **how):
    return post_events(
        office, hooks, outside_of(folder), as_of=MONDAY_9AM + after, owner=owner, **how
    )


def row_of(office, name="系统"):
    with office.reading() as connection:
        return connection.execute(select(WEBHOOKS).where(WEBHOOKS.c.name == name)).one()


def tried(office):
    """What became of every message: (kind, sent, detail)."""
    with office.reading() as connection:
        rows = connection.execute(select(WEBHOOK_RECEIPTS).order_by(WEBHOOK_RECEIPTS.c.id))
        return [(each.kind, each.sent, each.detail) for each in rows]
