"""Messages that go by HTTP: to a webhook, or through the operator's gateway for text messages."""

import json
import logging
import ssl
from collections.abc import Mapping
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from notifications.addresses import Pinned, Resolve, look_up, pin
from notifications.messages import Message
from notifications.receipts import Receipt, digest, without

if TYPE_CHECKING:
    import httpx

# They log whole addresses, which are secrets here.
for _each in ("httpx", "httpcore"):
    logging.getLogger(_each).setLevel(logging.WARNING)

_CONNECT_SECONDS, _READ_SECONDS = 5, 10
_MOST_ANSWER = 65_536  # bytes we wait for before we believe an answer
_TOO_SLOW = "the answer takes too long"
_TEXT_MESSAGE = 300  # characters of a text message: a handful of parts


class Webhook:
    """POST a message as JSON. ``Idempotency-Key`` is the same whenever the same is sent again."""

    def __init__(self, post: "Post") -> None:
        self._post = post

    def send(self, address: str, message: Message) -> Receipt:
        body = {
            "subject": message.subject, "text": message.text, "markdown": message.markdown,
            "keys": message.keys,
        }  # fmt: skip
        return self._post.send(address, body, message.keys)


class TextMessage:
    """By the operator's gateway: a URL with ``{to}`` and ``{text}``, which also go as JSON."""

    def __init__(self, post: "Post", url: str) -> None:
        self._post, self._url = post, url

    def send(self, address: str, message: Message) -> Receipt:
        text = message.text[:_TEXT_MESSAGE]
        url = self._url
        for name, value in (("{to}", address), ("{text}", message.subject)):
            url = url.replace(name, quote(value, safe=""))
        body = {"to": address, "text": text, "keys": message.keys}
        receipt = self._post.send(url, body, message.keys)
        return receipt._replace(detail=without(receipt.detail, self._url))


class Post:
    """HTTP to pinned addresses: looked up once, no proxies, no redirects, bounded in time."""

    def __init__(
        self, allowed: frozenset[str], resolve: Resolve = look_up, *, seconds: float = _READ_SECONDS
    ) -> None:
        """``seconds`` is how long an answer may take."""
        self._allowed, self._resolve, self._seconds = allowed, resolve, seconds

    def send(self, url: str, body: Mapping[str, Any], keys: tuple[str, ...]) -> Receipt:
        """POST JSON; raise BadAddress for an address that we do not go to."""
        named = {"Idempotency-Key": digest(keys), "Bihuan-Keys": " ".join(keys)}
        return self.send_bytes(url, json.dumps(body, ensure_ascii=False).encode(), named)

    def send_bytes(self, url: str, content: bytes, headers: Mapping[str, str]) -> Receipt:
        """POST JSON that is written already; raise BadAddress as ``send`` does."""
        import httpx  # noqa: PLC0415 — most commands send nothing

        pinned = pin(url, self._allowed, self._resolve)
        try:
            with self._client.stream(
                "POST", pinned.url, content=content, headers={**_headers(pinned), **headers},
                extensions={"sni_hostname": pinned.parsed.host.strip("[]")},
            ) as answer:  # fmt: skip
                _read_some(answer, self._seconds)
        except httpx.HTTPError as fault:
            return Receipt(sent=False, detail=type(fault).__name__)
        return Receipt(answer.is_success, f"HTTP {answer.status_code}")

    @cached_property
    def _client(self) -> "httpx.Client":
        import httpx  # noqa: PLC0415 — most commands send nothing

        return httpx.Client(
            verify=ssl.create_default_context(),
            timeout=httpx.Timeout(self._seconds, connect=_CONNECT_SECONDS),
            # A kept connection was verified for one name and could serve another at the same IP.
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
            follow_redirects=False,
        )


def _headers(pinned: Pinned) -> dict[str, str]:
    return {
        "Host": pinned.parsed.authority,
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Bihuan",
    }


def _read_some(answer: "httpx.Response", seconds: float) -> None:
    """Read an answer to its end, or to what we have room for: one cut short is no answer."""
    import httpx  # noqa: PLC0415 — most commands send nothing

    read, started = 0, monotonic()
    for chunk in answer.iter_raw():
        read += len(chunk)
        if monotonic() - started > seconds:  # a byte now and then would keep us for ever
            raise httpx.ReadTimeout(_TOO_SLOW)
        if read > _MOST_ANSWER:
            return
