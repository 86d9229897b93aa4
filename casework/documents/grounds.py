"""What a document is asked about: a case, an order about one, or a look-back; seen by who may."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from casework.case_file import CaseFile, open_case_file
from casework.cases import find_case
from casework.documents.bases import Basis, bases_of
from casework.errors import NotFound
from casework.forms import LONGEST_NAME, clean
from casework.lookback.looking import LookbackFile, open_lookback
from casework.lookback.looks import find_look
from casework.lookback.office_roles import require_office, roles_in_lookbacks
from casework.office import Office
from casework.order_list import find_order
from rules.access import Actor, Role, Verb
from rules.documents import DocumentKind, document_number
from rules.lookback.acts import LookbackState
from rules.wording import Wording


@dataclass(frozen=True, slots=True)
class Ground:
    """A case or a look-back as its reader sees it, and what documents could rest on in it."""

    of: str
    receipt: str
    bases: Sequence[Basis]
    case: CaseFile | None = None
    look: LookbackFile | None = None


def find_ground(office: Office, written: str, *, by: str, at: datetime) -> Ground:
    """Return the case, the order's case or the look-back called ``written``; raise NotFound.

    An order's ground holds the documents on that order alone.
    """
    with office.reading() as connection:
        case, order = _case_of(connection, written)
    if case is None:
        return _of_look(office, written, by)
    file = open_case_file(office, case, by=by, as_of=at)
    bases = [each for each in bases_of(file) if not order or each.order.get("number") == order]
    return Ground(case, file.receipt, bases, case=file)


def roles_at(connection: Connection, ground: Ground, actor: Actor) -> frozenset[Role]:
    """Return the roles that somebody holds over what a document is about."""
    if ground.case is None:
        return roles_in_lookbacks(actor)
    return actor.roles_over(find_case(connection, ground.of).unit_path)


def hold_ground(connection: Connection, ground: Ground) -> int:
    """Hold what a document is about until the transaction ends; return its id.

    Of two who issue the same at once one waits, and finds what the other issued.
    """
    if ground.case is None:
        held: int = find_look(connection, ground.of, to_act=True).id
        return held
    return find_case(connection, ground.of, to_move=True).id


def _case_of(connection: Connection, written: str) -> tuple[str | None, str]:
    """Return the number of the case meant, and of the order if that was asked for."""
    called = clean(written, where="number", longest=LONGEST_NAME)
    with suppress(NotFound):
        return find_case(connection, called).number, ""
    with suppress(NotFound):
        order = find_order(connection, called)
        return order.case, order.number
    return None, ""


def _of_look(office: Office, written: str, by: str) -> Ground:
    """Return a look-back to who sees look-backs; its inspectors see their visits, not this."""
    try:
        file = open_lookback(office, written.strip(), by=by)
    except NotFound as missing:
        raise _nothing(written) from missing
    with office.reading() as connection:
        require_office(connection, by, Verb.SEE_LOOKBACKS)
    number, closed_at = file.row["number"], file.row["closed_at"]
    basis = Basis(
        DocumentKind.LOOKBACK, document_number(DocumentKind.LOOKBACK, number), 1,
        closed_at or file.row["planned_at"],
    )  # fmt: skip
    if file.row["state"] is not LookbackState.CLOSED:
        basis = replace(basis, late=_NOT_CLOSED)
    return Ground(number, file.receipt, [basis], look=file)


def _nothing(written: str) -> NotFound:
    return NotFound(
        Wording(f"没有编号为 {written} 的案件、督办令或回头看",
                f"there is no case, order or look-back {written}"),
        remedy=Wording(
            "可用 bihuan case list、bihuan order list 或 bihuan lookback list 查找。",
            "Look with `bihuan case list`, `bihuan order list` or `bihuan lookback list`.",
        ),
        where="number",
    )  # fmt: skip


_NOT_CLOSED = Wording("回头看尚未结束", "the look-back is not closed yet")
