"""Evidence: redrawn copies of photos, documents to be saved; never under our pages' own rights."""

from fastapi import Response
from starlette.responses import FileResponse

from casework.showing import show_evidence
from rules.access import Verb
from web.routing import Pages
from web.visits import Here

pages = Pages()


@pages.get("/case/{number}/evidence/{evidence}", permission=Verb.VIEW)
def show(visit: Here, number: str, evidence: int) -> Response:
    shown = show_evidence(visit.office, number, evidence, by=visit.by)
    headers = {**shown.headers, "Cache-Control": "private, max-age=3600"}
    return FileResponse(shown.path, headers=headers, media_type=headers.pop("Content-Type"))
