"""公文: what can be issued about a case, an order or a look-back, and the files of what was."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Path, Response

from casework.documents.issuing import Hand, Wanted, issue_document, list_documents
from casework.documents.making import make_file
from casework.documents.verifying import verify_code
from casework.events import Door
from rules.access import Verb
from rules.documents import DocumentFormat, DocumentKind
from rules.wording import Trouble
from web.forms import Sent, bad_choice
from web.permission import Anyone
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

Id = Annotated[int, Path(ge=1, lt=2**63)]  # what a column holds


@pages.get("/documents/{of}", permission=Verb.VIEW)
def list_(visit: Here, of: str) -> Response:
    return _page(visit, of)


@pages.post("/documents/{of}", permission=Verb.VIEW)
def issue(visit: Here, form: Sent, of: str) -> Response:
    """Issue a document, or find it issued already; then its files are there to be taken."""
    kind = form.text("kind")
    if kind not in set(DocumentKind):
        raise bad_choice("kind")
    wanted = Wanted(DocumentKind(kind), of, form.number("nth"))
    try:
        paper = issue_document(visit.office, wanted, _hand(visit), base=base_of(visit))
    except Trouble as trouble:
        return _page(visit, of, trouble=trouble)
    return visit.redirect(f"/documents/{of}?done={paper.id}")


@pages.get("/document/{paper}/{form}", permission=Verb.VIEW)
def take(visit: Here, paper: Id, form: str) -> Response:
    """The file, made when it is first asked for and the same ever after."""
    if form not in set(DocumentFormat):
        raise bad_choice("form")
    made = make_file(visit.office, paper, DocumentFormat(form), _hand(visit))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.name, safe='')}",
        "X-Content-Type-Options": "nosniff", "Cache-Control": "private",
    }  # fmt: skip
    return Response(made.data, headers=headers, media_type=made.media_type)


@pages.get("/verify", permission=Anyone.ANYBODY)
def ask(visit: Here) -> Response:
    return _verified(visit, visit.request.query_params.get("code", ""))


@pages.get("/verify/{code:path}", permission=Anyone.ANYBODY)
def verify(visit: Here, code: str) -> Response:
    """Where the code on a document leads: nobody signs in to learn whether it is ours."""
    return _verified(visit, code)


def _page(visit: Visit, of: str, *, trouble: Trouble | None = None) -> Response:
    found = list_documents(visit.office, of, by=visit.by, at=visit.at)
    done = visit.request.query_params.get("done", "")
    papers = [each.paper for each in found if each.paper]
    return visit.page(
        "documents.html", status=status_of(trouble) if trouble else 200, of=of, found=found,
        trouble=trouble, kinds=DocumentKind,
        done=next((each for each in papers if str(each.id) == done), None),
    )  # fmt: skip


def _verified(visit: Visit, code: str) -> Response:
    found = verify_code(visit.office, code) if code.strip() else None
    return visit.page("verify.html", found=found, code=code)


def _hand(visit: Visit) -> Hand:
    return Hand(visit.by, visit.at, Door.PAGE)


def base_of(visit: Visit) -> str:
    """Return the address these pages are read at."""
    return visit.settings.base_of(visit.request.url)
