"""Webhooks, signed as Standard Webhooks says: https://www.standardwebhooks.com

The signature covers the message's id, the moment it is sent and the very bytes of its body.
"""

import base64
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, Protocol

from notifications.addresses import Resolve, look_up, read_allowed
from notifications.posting import Post
from notifications.receipts import Receipt, without
from notifications.sealing import Keys, read_keys
from rules.wording import Locale, Trouble

PREFIX = "whsec_"
_SECRET_BYTES = 32  # the specification asks for 24 to 64


class Poster(Protocol):
    def send_bytes(self, url: str, content: bytes, headers: Mapping[str, str]) -> Receipt:
        """POST bytes; raise Trouble for an address that we do not go to."""


class Receiver(NamedTuple):
    """Where a message goes, and the secrets that sign it; each sealed."""

    url: str
    secrets: Sequence[str]


@dataclass(frozen=True, slots=True)
class Hooks:
    """What sending needs: keys that open addresses and secrets, and who posts."""

    keys: Keys
    poster: Poster
    base_url: str = ""
    locale: Locale = "zh"

    def send(self, to: Receiver, name: str, content: bytes, *, at: datetime) -> Receipt:
        """Sign and POST a message called ``name``.

        Neither address nor secret stands in the receipt. A name that does not resolve, an address
        that we refuse or a key that is missing may be mended: only a receiver that says it is gone
        is final.
        """
        try:
            url, *hidden = (self.keys.unseal(each) for each in (to.url, *to.secrets))
            headers = sign(hidden, name, int(at.timestamp()), content)
            receipt = self.poster.send_bytes(url, content, headers)
        except Trouble as trouble:
            return Receipt(sent=False, detail=trouble.say(self.locale))
        gone = receipt.detail == "HTTP 410"  # the receiver is gone, and says so
        return Receipt(receipt.sent, without(receipt.detail, url, *hidden), final=gone)


class Drawer:
    """A folder that takes messages as files instead of anybody outside, for demonstrations."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send_bytes(self, _url: str, content: bytes, headers: Mapping[str, str]) -> Receipt:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{headers['webhook-id']}.json"
        path.write_bytes(content)
        return Receipt(sent=True, detail=path.name)


def open_hooks(
    environ: Mapping[str, str], folder: Path, *, locale: Locale = "zh", resolve: Resolve = look_up
) -> Hooks:
    """Return what the environment sets up: the rules of addresses are those of contacts."""
    keys, base_url = read_keys(environ, folder), environ.get("BIHUAN_BASE_URL", "")
    if mailbox := environ.get("BIHUAN_MAILBOX"):
        return Hooks(keys, Drawer(Path(mailbox)), base_url, locale)
    allowed = read_allowed(environ.get("BIHUAN_ALLOW_HOSTS", ""))
    return Hooks(keys, Post(allowed, resolve), base_url, locale)


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def sign(using: Sequence[str], name: str, at: int, content: bytes) -> dict[str, str]:
    """Return the three headers of a message sent ``at``, in seconds since 1970.

    There is a signature by each secret: whoever knows one of them believes it.
    """
    signed = f"{name}.{at}.".encode() + content
    return {
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(_signature(each, signed) for each in using),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return f"v1,{base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()}"
