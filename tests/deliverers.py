"""Deliverers in processes of their own, which work until they are killed.

Started by ``multiprocessing`` from a server that has imported this module, so that a child takes
milliseconds to begin.
"""

from multiprocessing import get_context
from os import getpid

import httpx  # noqa: F401 — loaded once, for every child
from cryptography.fernet import Fernet

from casework.delivery import deliver
from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.office import Office
from models import ContactKind
from notifications.channels import Channels
from notifications.posting import Post, Webhook
from notifications.sealing import Keys
from tests.conftest import opened

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.deliverers"])


def new_key():
    return Fernet.generate_key().decode()


def webhooks(key, address):
    """Channels that post to the receiver at ``address`` on loopback."""
    return Channels(Keys([key]), {ContactKind.WEBHOOK: Webhook(Post(frozenset({address})))})


def deliver_until_killed(url, folder, key, address, as_of, begun):
    """Send what is owed, message by message, over and over; ``begun`` hears of each."""
    with opened(url) as engine:
        office = Office(engine, EvidenceStore(folder / "evidence", Limits()))
        channels = webhooks(key, address)
        while True:
            deliver(
                office, channels, as_of=as_of, owner=f"d{getpid()}", batch=20,
                progress=begun.send,
            )  # fmt: skip
