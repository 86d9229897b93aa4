"""Issued documents: found, shown to whoever may see them, and held to what was issued."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from casework.documents.contents import Content, digest_of
from casework.errors import Invalid, NotFound
from casework.office import Office
from casework.people import find_actor, names_of
from casework.records import Entry, Subject, read_records
from models import Place
from models.tables import CASES, DOCUMENTS, LOOKBACKS, ORGANISATIONS
from rules.access import Actor, Verb
from rules.documents import DocumentAct, DocumentKind
from rules.proof import first_break
from rules.wording import Wording

SUBJECT = "document"
_SELECT = (
    select(DOCUMENTS, CASES.c.number.label("case"), LOOKBACKS.c.number.label("look"),
           ORGANISATIONS.c.path)
    .outerjoin(CASES, CASES.c.id == DOCUMENTS.c.case_id)
    .outerjoin(LOOKBACKS, LOOKBACKS.c.id == DOCUMENTS.c.lookback_id)
    .outerjoin(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
)  # fmt: skip
_BY_NUMBER = _SELECT.where(DOCUMENTS.c.number == bindparam("number"))
_BY_ID = _SELECT.where(DOCUMENTS.c.id == bindparam("id"))
_BY_TOKEN = _SELECT.where(DOCUMENTS.c.token == bindparam("token"))
_ROOT = select(ORGANISATIONS.c.path, ORGANISATIONS.c.name).where(
    ORGANISATIONS.c.kind == Place.COMMITTEE
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that was issued. ``of`` is the case's or look-back's number, ``files`` the
    SHA-256 of each file made of it, by format, ``sound`` whether it is what its history says.
    """

    id: int
    number: str
    kind: DocumentKind
    of: str
    issued_at: datetime
    issued_by: str
    receipt: str
    token: str
    content: Content
    files: Mapping[str, str]
    sound: bool
    repeated: bool = False

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def find_paper(connection: Connection, number: str) -> Paper | None:
    """Return the document of this number, if it was issued."""
    row = connection.execute(_BY_NUMBER, {"number": number}).first()
    return paper_of(connection, row) if row else None


def find_token(connection: Connection, token: str) -> Paper | None:
    row = connection.execute(_BY_TOKEN, {"token": token}).first()
    return paper_of(connection, row) if row else None


def open_paper(office: Office, paper: int, *, by: str) -> Paper:
    """Return a document to whoever may see what it is about; raise NotFound otherwise."""
    with office.reading() as connection:
        row = connection.execute(_BY_ID, {"id": paper}).first()
        if row is None or not _sees(connection, row, find_actor(connection, by)):
            raise NotFound(
                Wording("没有这份公文", "there is no such document"),
                remedy=Wording("可用 bihuan document list 查找。", "See `bihuan document list`."),
                where="document",
            )
        return paper_of(connection, row)


def may_see_paper(connection: Connection, actor: Actor, paper: int) -> bool:
    """Return whether a person may see what the document is about."""
    row = connection.execute(_BY_ID, {"id": paper}).first()
    return row is not None and _sees(connection, row, actor)


def paper_of(connection: Connection, row: Row[Any]) -> Paper:
    """Return a row as a document, checked against its own history."""
    events = read_records(connection, SUBJECT, row.id)
    bodies = [(sealed.kind, json.loads(sealed.body)) for sealed, _ in events]
    files = {body["format"]: body["sha256"] for kind, body in bodies if kind == DocumentAct.RENDER}
    issued: dict[str, str] = next((body for kind, body in bodies if kind == DocumentAct.ISSUE), {})
    said = (issued.get("number"), issued.get("content"), issued.get("receipt"))
    sound = said == (row.number, digest_of(row.content), row.receipt)
    names = names_of(connection, [row.issued_by_id])
    return Paper(
        row.id, row.number, row.kind, row.case or row.look, row.issued_at,
        names.get(row.issued_by_id or 0, ""), row.receipt, row.token, Content.read(row.content),
        files, sound and first_break(events) is None,
    )  # fmt: skip


def require_sound(paper: Paper) -> None:
    """Raise Invalid for a document whose text is not what was issued."""
    if not paper.sound:
        raise Invalid(
            Wording("公文与签发时不同", "the document is not what was issued"),
            remedy=Wording("请从备份恢复，并查明原因。", "Restore a backup and find out why."),
            where=paper.number,
        )


def last_entry(connection: Connection, paper: int) -> Entry:
    """Return where a document's history stands."""
    events = read_records(connection, SUBJECT, paper)
    return Entry(events[-1][0].seq, events[-1][1])


def subject_of(paper: int, number: str) -> Subject:
    return Subject(SUBJECT, paper, number)


def committee(connection: Connection) -> tuple[str, str]:
    """Return the path and the name of the whole organisation."""
    path, name = connection.execute(_ROOT).one()
    return path, name


def _sees(connection: Connection, row: Row[Any], actor: Actor) -> bool:
    if row.case_id is not None:
        return actor.may(Verb.VIEW, row.path)
    return actor.may(Verb.SEE_LOOKBACKS, committee(connection)[0])
