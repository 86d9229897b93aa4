"""How the client asks: one address, one token, problems as exceptions, pages to their end."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Self
from urllib.parse import quote

import httpx

_SECONDS = 30


class Problem(Exception):
    """What the API did not do, and why (RFC 9457); ``told`` is all it said."""

    def __init__(self, told: Mapping[str, Any], status: int) -> None:
        self.told, self.status = told, status
        self.detail: str = told.get("detail", "")
        self.remedy: str = told.get("remedy", "")
        self.field: str = told.get("field", "")
        self.line: int | None = told.get("line")
        super().__init__(f"{status} {self.field}: {self.detail} {self.remedy}".strip())


class Session:
    """``address`` is where people find the pages; ``http`` an httpx client of your own."""

    def __init__(
        self, address: str, token: str, *, language: str = "zh", http: httpx.Client | None = None
    ) -> None:
        self._http = http or httpx.Client(timeout=_SECONDS)
        self._address = address.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """Ask once; raise Problem, or httpx's own error when no answer came."""
        answer = self._http.request(
            method, f"{self._address}/api/v1{path}", params=_given(query), json=body,
            content=content,
            headers={**self._headers, **{k: v for k, v in (headers or {}).items() if v}},
        )  # fmt: skip
        if answer.is_success:
            return answer
        is_problem = "problem+json" in answer.headers.get("content-type", "")
        raise Problem(answer.json() if is_problem else {}, answer.status_code)

    def follow(self, page: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Yield the items of a page and of all that follow it."""
        while True:
            yield from page["items"]
            if page["next"] is None:
                return
            page = self._ask("GET", page["next"].removeprefix("/api/v1")).json()


def is_signed(
    secret: str, headers: Mapping[str, str], body: bytes, *, at: float, within: float = 300
) -> bool:
    """Whether a webhook's body came from whoever has ``secret``, and lately (Standard Webhooks).

    ``secret`` begins with ``whsec_``, ``headers`` are those of the request in whatever case,
    ``body`` its very bytes, ``at`` the moment now in seconds since 1970.
    """
    said = {name.lower(): value for name, value in headers.items()}
    name, stamp = said.get("webhook-id", ""), said.get("webhook-timestamp", "")
    if not name or not stamp.isascii() or not stamp.isdigit():
        return False
    if abs(at - int(stamp[:12])) > within:
        return False
    key = b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{name}.{stamp}.".encode() + body, sha256).digest()
    ours = f"v1,{b64encode(made).decode()}".encode()
    given = said.get("webhook-signature", "").split()
    return any(hmac.compare_digest(ours, each.encode()) for each in given)


def part(value: object) -> str:
    """Return a value as a part of a path."""
    return quote(str(value), safe="")


def _given(query: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what is asked for; None leaves the query of the address as it is."""
    if query is None:
        return None
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in query.items()
        if value is not None
    }
