"""Evidence: redrawn copies of photos, documents to be saved; never under our pages' own rights."""

from typing import Annotated

from fastapi import Path, Response

from casework.showing import show_evidence
from rules.access import Verb
from web.photos import send_shown
from web.routing import Pages
from web.visits import Here

pages = Pages()

Id = Annotated[int, Path(ge=1, lt=2**63)]  # what a column holds


@pages.get("/case/{number}/evidence/{evidence}", permission=Verb.VIEW)
def show(visit: Here, number: str, evidence: Id) -> Response:
    return send_shown(visit, show_evidence(visit.office, number, evidence, by=visit.by))
