"""Issue a document: its number and text are fixed once, and remembered in a history of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert

from casework.documents.bases import Basis
from casework.documents.contents import Content, digest_of
from casework.documents.grounds import Ground, find_ground, hold_ground, roles_at
from casework.documents.papers import Paper, committee, find_paper, require_sound, subject_of
from casework.documents.record import write_record as write_look
from casework.documents.writing import Told, letterhead, write_content
from casework.errors import NotFound, Refused
from casework.events import Door, Happening
from casework.numbering import take_ids
from casework.office import Office
from casework.people import find_actor
from casework.records import START, write_record
from casework.salts import new_salt
from models.tables import DOCUMENTS
from rules.access import Role
from rules.decisions import Refusal
from rules.documents import DocumentAct, DocumentKind, issuing_role
from rules.wording import Wording


class Hand(NamedTuple):
    """Who acts, when, and through which door."""

    by: str
    at: datetime
    door: Door


class Wanted(NamedTuple):
    """A document of a kind about a case, order or look-back; the newest unless ``nth`` is given."""

    kind: DocumentKind
    of: str
    nth: int | None = None


@dataclass(frozen=True, slots=True)
class Possible:
    """A document that could be issued or was (``paper``); ``why_not`` says what hinders it."""

    basis: Basis
    paper: Paper | None
    why_not: Refusal | None


def list_documents(office: Office, of: str, *, by: str, at: datetime) -> Sequence[Possible]:
    """Return every document that a case, order or look-back has given rise to, oldest first.

    Raise NotFound for what the reader may not see.
    """
    ground = find_ground(office, of, by=by, at=at)
    with office.reading() as connection:
        roles = roles_at(connection, ground, find_actor(connection, by))
        return [
            Possible(basis, find_paper(connection, basis.number), _why_not(basis, roles))
            for basis in ground.bases
        ]


def issue_document(office: Office, wanted: Wanted, hand: Hand, *, base: str) -> Paper:
    """Issue a document, or return it as it was issued before: same number, same text.

    ``base`` is the address of our pages, to which its code leads. Raise NotFound, Refused with the
    rule's wording, Invalid when an issued one was altered.
    """
    ground = find_ground(office, wanted.of, by=hand.by, at=hand.at)
    basis = _chosen(ground, wanted)
    with office.writing() as connection:
        hold_ground(connection, ground)
        issued = find_paper(connection, basis.number)
        if issued is None:
            _issue(office, connection, ground, basis, hand, base)
        paper = find_paper(connection, basis.number)
    if paper is None:  # pragma: no cover — it was written a line above
        raise _none_yet(wanted)
    require_sound(paper)
    return replace(paper, repeated=issued is not None)


def _chosen(ground: Ground, wanted: Wanted) -> Basis:
    found = [each for each in ground.bases if each.kind is wanted.kind]
    if wanted.nth is not None:
        found = [each for each in found if each.nth == wanted.nth]
    if not found:
        raise _none_yet(wanted)
    return found[-1]


def _none_yet(wanted: Wanted) -> NotFound:
    label = wanted.kind.label
    return NotFound(
        Wording(f"{wanted.of} 没有可出{label.zh}的依据",
                f"nothing in {wanted.of} gives rise to a {label.en}"),
        remedy=Wording("可用 bihuan document list 查看能出哪些公文。",
                       "`bihuan document list` shows what can be issued."),
        where="kind",
    )  # fmt: skip


def _why_not(basis: Basis, roles: frozenset[Role]) -> Refusal | None:
    role = issuing_role(basis.kind, roles, basis.level)
    if isinstance(role, Refusal):
        return role
    return Refusal(basis.late, _TOO_LATE) if basis.late else None


def _issue(
    office: Office, connection: Connection, ground: Ground, basis: Basis, hand: Hand, base: str
) -> None:
    actor = find_actor(connection, hand.by)
    roles = roles_at(connection, ground, actor)
    if hindered := _why_not(basis, roles):
        raise Refused(hindered.wording, remedy=hindered.remedy, where=basis.number)
    role = issuing_role(basis.kind, roles, basis.level)
    assert isinstance(role, Role)  # noqa: S101 — what hinders it was asked for above
    token = new_salt()
    signing = _Signing(role, hand.at, f"{base}/verify/{token}")
    content = _written(office, connection, ground, basis, signing)
    column = "case_id" if ground.case else "lookback_id"
    about = {column: hold_ground(connection, ground), "token": token}
    happening = Happening(
        DocumentAct.ISSUE.value, actor.id, role.value, hand.door, hand.at, _said(content)
    )
    _keep(connection, content, about, happening)


class _Signing(NamedTuple):
    """In which role a document is issued, when, and at which address it is verified."""

    role: Role
    at: datetime
    address: str


def _written(
    office: Office, connection: Connection, ground: Ground, basis: Basis, signing: _Signing
) -> Content:
    _path, top = committee(connection)
    role, at, address = signing
    if ground.look is not None:
        return write_look(ground.look, top, at=at, receipt=ground.receipt, address=address)
    assert ground.case is not None  # noqa: S101 — a ground is one or the other
    case = ground.case.case
    category = office.rulebooks.at(connection, at).policy.category(case["category"])
    told = Told(ground.case, basis, category.label.zh if category else case["category"])
    head = letterhead(top, case["cluster"] or "", role, basis.level)
    return write_content(told, head, at=at, receipt=ground.receipt, address=address)


def _said(content: Content) -> dict[str, str]:
    """Return what the document's history holds of its text: no word of it, only its hash."""
    return {
        "number": content.number, "kind": content.kind, "content": digest_of(content.written()),
        "receipt": content.receipt,
    }  # fmt: skip


def _keep(
    connection: Connection, content: Content, about: Mapping[str, Any], happening: Happening
) -> None:
    (paper,) = take_ids(connection, "document", 1)
    row = {
        "id": paper, "number": content.number, "kind": DocumentKind(content.kind),
        "receipt": content.receipt, "content": content.written(), "issued_at": happening.at,
        "issued_by_id": happening.actor_id,
    }  # fmt: skip
    connection.execute(insert(DOCUMENTS), {"case_id": None, "lookback_id": None, **row, **about})
    write_record(connection, subject_of(paper, content.number), happening, START)


_TOO_LATE = Wording("已签发的仍可下载。", "One that was issued before can still be downloaded.")
