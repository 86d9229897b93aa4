"""JSON as it comes in: bounded, and without what no database or answer could give back."""

import json
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NoReturn

from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

MOST_JSON = 1024 * 1024
"""Bytes: the longest text that casework takes has 5,000 characters; files are sent apart."""


class StrictRoute(APIRoute):
    """A route that reads its JSON by ``read_json``."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            return await answer(_Strict(request.scope, request.receive))

        return strictly


def read_json(data: bytes) -> Any:  # noqa: ANN401 — any JSON
    """Return what the bytes say; raise JSONDecodeError for what is not JSON by RFC 8259.

    NaN, Infinity, a name twice in one object, halves of characters and numbers beyond 64 bits are
    refused too: others would read them otherwise, or not at all.
    """
    try:
        text = data.decode()
        found = json.loads(
            text, parse_constant=_no_number, parse_int=_whole, object_pairs_hook=_object
        )
        if "\\u" in text:
            json.dumps(found, ensure_ascii=False).encode()  # a half of a character has no bytes
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError) as fault:
        raise json.JSONDecodeError(str(fault), "", 0) from fault
    return found


class _Strict(Request):
    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            read = bytearray()
            async for chunk in self.stream():
                read += chunk
                if len(read) > MOST_JSON:
                    raise HTTPException(413)
            self._body = bytes(read)
        return self._body

    async def json(self) -> Any:  # noqa: ANN401 — any JSON
        return read_json(await self.body())


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _whole(text: str) -> int:
    number = int(text) if len(text) < 24 else 2**64
    if not -(2**63) <= number < 2**63:
        raise ValueError(text[:24])
    return number


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a name stands twice in one object"
        raise ValueError(message)
    return found
