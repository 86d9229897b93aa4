"""Builders for what is owed: people with contacts, notices, and a channel that keeps a list."""

from datetime import timedelta

from cryptography.fernet import Fernet
from sqlalchemy import insert, select

from casework.contacts import add_contact
from casework.delivery import deliver
from casework.notices import Owed, owe
from models import ContactKind
from models.tables import CASES, CONTACTS, DELIVERIES, NOTICES, PEOPLE
from notifications.channels import Channels
from notifications.receipts import Receipt
from notifications.sealing import Keys
from tests.offices import MONDAY_9AM, PERSON

KEYS = Keys([Fernet.generate_key().decode()])
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STAYS_RATED = 6  # messages an hour, by the default policy


class Kept:
    """A channel that keeps what it is given; ``says`` gives its receipts in turn, then yes."""

    def __init__(self, *says):
        self.got, self._says = [], list(says)

    def send(self, address, message):
        receipt = self._says.pop(0) if self._says else Receipt(sent=True, detail="")
        if isinstance(receipt, Exception):
            raise receipt
        self.got.append((address, message))
        return receipt

    @property
    def messages(self):
        return [message for _, message in self.got]

    @property
    def keys(self):
        return [key for message in self.messages for key in message.keys]


NO = Receipt(sent=False, detail="HTTP 500")
NEVER = Receipt(sent=False, detail="no such user", final=True)


def channels_of(channel, **more):
    """Channels where e-mail goes to ``channel``."""
    return Channels(KEYS, {ContactKind.EMAIL: channel, **more})


def reachable(office, *codes, kind=ContactKind.EMAIL, typed="", at=MONDAY_9AM):
    """Give each of these people a contact, by default ``CODE@example.cn``."""
    return [
        add_contact(
            office, KEYS, code, kind, typed or f"{code}@example.cn", by="admin", at=at
        )["id"]
        for code in codes
    ]  # fmt: skip


def owed(office, number, *codes, kind="other", at=MONDAY_9AM, urgent=False, key="", **body):
    """Owe these people a notice of a case's running clock; return the notices' ids."""
    with office.writing() as connection:
        case = connection.execute(select(CASES).where(CASES.c.number == number)).one()
        count = len(connection.execute(select(NOTICES.c.id)).all())
        key = key or f"{case.id}:{case.clock_no}:{kind}-{count}"
        receipt = f"{number}/{case.seq}/{case.head[:8]}"
        people = [PERSON[code] for code in codes]
        told = Owed(key, case.id, case.clock_no, people, kind, body, urgent, receipt)
        owe(connection, [told], at)
        found = select(NOTICES.c.id).where(NOTICES.c.key.startswith(f"{key}:"))
        return list(connection.execute(found.order_by(NOTICES.c.id)).scalars())


def nothing_owed(office):
    """Forget the notices that setting the scene made."""
    with office.writing() as connection:
        connection.execute(NOTICES.delete())
    return office


def delivered(office, channel, at=MONDAY_9AM, *, owner="me", **options):
    channels = channel if isinstance(channel, Channels) else channels_of(channel)
    return deliver(office, channels, as_of=at, owner=owner, **options)


def notices(office):
    """Every notice, in the order of their ids."""
    with office.reading() as connection:
        return connection.execute(select(NOTICES).order_by(NOTICES.c.id)).all()


def states(office):
    return [(each.state.value, each.reason) for each in notices(office)]


def receipts(office):
    with office.reading() as connection:
        rows = connection.execute(select(DELIVERIES).order_by(DELIVERIES.c.id)).all()
    return [
        (each.person_id, each.contact_id, each.sent, each.notices, each.detail) for each in rows
    ]


def crowd(office, number, count, kind, typed, keys=KEYS):
    """That many people, each reachable and owed one notice of a case; return the notices' keys."""
    with office.writing() as connection:
        case = connection.execute(select(CASES).where(CASES.c.number == number)).one()
        ids = range(10_000, 10_000 + count)
        connection.execute(
            insert(PEOPLE), [{"id": n, "code": f"p{n}", "name": f"P{n}"} for n in ids]
        )
        contacts = [
            {
                "person_id": n, "position": 1, "kind": kind, "sealed": keys.seal(typed),
                "shown": "…", "active": True, "added_at": MONDAY_9AM,
            }
            for n in ids
        ]  # fmt: skip
        connection.execute(insert(CONTACTS), contacts)
        receipt = f"{number}/{case.seq}/{case.head[:8]}"
        key = f"{case.id}:{case.clock_no}:crowd"
        told = Owed(key, case.id, case.clock_no, list(ids), "other", {}, False, receipt)
        owe(connection, [told], MONDAY_9AM)
    return {f"{key}:{n}" for n in ids}
