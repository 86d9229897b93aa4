"""What stands before every page: foreign forms, large bodies and odd hosts are turned away.

All is plain ASGI: nothing is read into memory here, and nothing gets past by another method.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({"same-origin", "none"})  # none: typed or bookmarked by the person

# Scripts and styles come from our files only; data: carries Bootstrap's small arrows and blob: the
# photos a person has just chosen.
_POLICY = "; ".join(
    [
        "default-src 'none'", "script-src 'self'", "style-src 'self'",
        "img-src 'self' data: blob:", "connect-src 'self'", "form-action 'self'",
        "base-uri 'none'", "frame-ancestors 'none'",
    ]
)  # fmt: skip
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}


class Guard:
    """Answers unsafe requests only when our own page sent them, and adds the headers."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = dict(_HEADERS)
        if https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["foreign"] = _is_foreign(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Zip:
    """Compresses pages, styles and scripts; photos are small already and pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain, self._zipped = app, GZipMiddleware(app, minimum_size=1000, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        inner = self._plain if "/evidence/" in scope.get("path", "") else self._zipped
        await inner(scope, receive, send)


def _is_foreign(scope: Scope) -> bool:
    """Return whether an unsafe request does not come from a page of ours.

    Browsers say so themselves in Sec-Fetch-Site (https://www.w3.org/TR/fetch-metadata/), older
    ones in Origin; without either we do not know, and say no.
    """
    if scope["method"] in _SAFE:
        return False
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in _OURS
    origin = headers.get("origin", "")
    return not origin or urlsplit(origin).netloc != headers.get("host", "")
