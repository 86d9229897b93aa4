"""Files in bodies and answers: read onto disk, and as the document tells of them."""

from collections.abc import AsyncIterator, Callable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

from casework.showing import Shown

_IN_MEMORY = 1024 * 1024
_BINARY = {"schema": {"type": "string", "format": "binary"}}
TAKES_BYTES: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": _BINARY}}
}


def gives(*media: str) -> dict[str, Any]:
    """Return what an operation says that answers with one of these types."""
    return {"responses": {"200": {"content": dict.fromkeys(media, _BINARY)}}}


def send_shown(shown: Shown) -> FileResponse:
    """Answer with a stored file: a photo as it was redrawn, a document to be saved."""
    headers = dict(shown.headers)
    return FileResponse(shown.path, headers=headers, media_type=headers.pop("Content-Type"))


def spooled(most: int) -> Callable[[Request], AsyncIterator[IO[bytes]]]:
    """Return the dependency that reads a body of ``most`` bytes; who asks was looked at by then."""

    async def read(request: Request) -> AsyncIterator[IO[bytes]]:
        with SpooledTemporaryFile(_IN_MEMORY) as file:
            async for chunk in request.stream():
                file.write(chunk)
                if file.tell() > most:
                    raise HTTPException(413)
            file.seek(0)
            yield file

    return read
