"""Files in bodies and answers, as the document tells of them."""

from typing import Any

_BINARY = {"schema": {"type": "string", "format": "binary"}}
TAKES_BYTES: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": _BINARY}}
}


def gives(*media: str) -> dict[str, Any]:
    """Return what an operation says that answers with one of these types."""
    return {"responses": {"200": {"content": dict.fromkeys(media, _BINARY)}}}
