"""Stored files as they leave: redrawn photos whole or small, documents to be saved."""

from fastapi import Response
from starlette.responses import FileResponse

from casework.images import JPEG, thumbnail
from casework.showing import Shown
from web.visits import Visit

_KEPT = "private, max-age=3600"  # by the browser: a file never changes under its address


def send_shown(visit: Visit, shown: Shown) -> Response:
    """Answer with a file; ``?small=1`` asks for a photo as pages show it beside others.

    It is drawn from the redrawn copy, in a hundredth of a second: what is kept stays what it was.
    """
    headers = {**shown.headers, "Cache-Control": _KEPT}
    media_type = headers.pop("Content-Type")
    if media_type == JPEG and visit.request.query_params.get("small"):
        small = thumbnail(shown.path.read_bytes())
        return Response(small, headers=headers, media_type=media_type)
    return FileResponse(shown.path, headers=headers, media_type=media_type)
