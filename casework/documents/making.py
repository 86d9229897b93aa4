"""The files of a document: made once in each format, kept by hash, and given out unchanged."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from casework.documents.contents import Content
from casework.documents.issuing import Hand
from casework.documents.papers import (
    Paper,
    find_paper,
    last_entry,
    open_paper,
    require_sound,
    subject_of,
)
from casework.documents.shelf import keep_file, read_file
from casework.events import Happening
from casework.evidence_store import display_name
from casework.office import Office
from casework.people import find_actor
from casework.records import write_record
from models.tables import DOCUMENTS
from rules.documents import DocumentAct, DocumentFormat

_TYPES = {
    DocumentFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    DocumentFormat.PDF: "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A file of a document: its name, what it is, its bytes and their SHA-256."""

    number: str
    name: str
    media_type: str
    data: bytes
    sha256: str


def make_file(office: Office, paper: int, form: DocumentFormat, hand: Hand) -> Made:
    """Return the file of an issued document in a format, to whoever may see the document.

    Made the first time it is asked for, and the same bytes ever after. Raise NotFound, Invalid for
    what was altered or cannot be printed (naming the characters), Unavailable without a font.
    """
    found = open_paper(office, paper, by=hand.by)
    require_sound(found)
    digest = found.files.get(form)
    data = read_file(office.evidence, digest) if digest else drawing(form)(found.content)
    if digest is None:
        digest = _remember(office, found, form, keep_file(office.evidence, data), hand, len(data))
        data = read_file(office.evidence, digest)
    name = display_name(f"{found.number} {found.content.title}.{form.value}".replace("/", "-"))
    return Made(found.number, name, _TYPES[form], data, digest)


def drawing(form: DocumentFormat) -> Callable[[Content], bytes]:
    """Return what draws a format; its library is loaded when it is first used."""
    if form is DocumentFormat.DOCX:
        from casework.documents.word import draw_docx  # noqa: PLC0415 — 0.2 s to import

        return draw_docx
    from casework.documents.pdf import draw_pdf  # noqa: PLC0415 — 40 MB to load

    return draw_pdf


def _remember(
    office: Office, paper: Paper, form: DocumentFormat, digest: str, hand: Hand, size: int
) -> str:
    """Write that a file was made; return its hash, or that of who made it a moment before."""
    with office.writing() as connection:
        hold = select(DOCUMENTS.c.id).where(DOCUMENTS.c.id == paper.id).with_for_update()
        connection.execute(hold)
        now = find_paper(connection, paper.number)
        if now and form in now.files:
            return now.files[form]
        actor = find_actor(connection, hand.by)
        body = {"format": form.value, "sha256": digest, "size": size}
        happening = Happening(
            DocumentAct.RENDER.value, actor.id, _NO_ROLE, hand.door, hand.at, body
        )
        subject = subject_of(paper.id, paper.number)
        write_record(connection, subject, happening, last_entry(connection, paper.id))
    return digest


_NO_ROLE = ""  # whoever may see a document may have its file made
