"""Evidence: a photo or document is stored first, then attached by its handle."""

from typing import IO, Annotated

from fastapi import Depends, Query
from pydantic import Field

from casework.accounts.tokens import Scope
from rules.access import Verb
from web.api import asked, shapes
from web.api.calls import Asked
from web.api.files import TAKES_BYTES, spooled
from web.api.handles import make_handle
from web.api.routing import Operations

operations = Operations("evidence")

MOST_BYTES = 40 * 1024 * 1024
"""More than the evidence store takes of any kind; that one says so in better words."""


class EvidenceName(asked.Asking):
    name: Annotated[str, Field(max_length=200)] = "evidence"


@operations.post(
    "/evidence",
    permission=Verb.REPORT,
    scope=(Scope.REPORT, Scope.MOVE),
    status_code=201,
    openapi_extra=TAKES_BYTES,
)
def store_evidence(
    call: Asked,
    wanted: Annotated[EvidenceName, Query()],
    file: Annotated[IO[bytes], Depends(spooled(MOST_BYTES))],
) -> shapes.Stored:
    """Store a photo or PDF; a report or a move within a day attaches it by its handle."""
    stored = call.office.evidence.put(file, name=wanted.name)  # type: ignore[arg-type] # a spooled file is a binary one
    handle = make_handle(call.settings.keys, stored, by=call.by, at=call.at)
    return shapes.Stored(
        evidence=handle, sha256=stored.sha256, media_type=stored.media_type, size=stored.size,
        width=stored.width, height=stored.height, taken_at=stored.taken_at,
    )  # fmt: skip
