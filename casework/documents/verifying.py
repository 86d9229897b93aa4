"""What anybody may learn of a document or a receipt: whether it is ours, nothing of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from casework.documents.papers import Paper, find_token
from casework.lookback.looks import SUBJECT as LOOKBACK
from casework.office import Office
from casework.records import read_records
from models.tables import CASES, EVENTS, LOOKBACKS
from rules.documents import DocumentKind
from rules.proof import Sealed, first_break
from rules.wording import Wording

_EVENTS = (
    select(EVENTS)
    .join(CASES, CASES.c.id == EVENTS.c.case_id)
    .where(CASES.c.number == bindparam("number"), EVENTS.c.seq <= bindparam("seq"))
    .order_by(EVENTS.c.seq)
)
_LOOK = select(LOOKBACKS.c.id).where(LOOKBACKS.c.number == bindparam("number"))
_SHORT = 8  # of a receipt's hash, as casework.answers prints it
_LONGEST = 120
_MOST_EVENTS = 2**31 - 1  # what the column holds


class Check(NamedTuple):
    what: Wording
    holds: bool


@dataclass(frozen=True, slots=True)
class Verified:
    """``kind`` is None for a receipt alone; without a document or a receipt of ours, ``genuine`` is
    False and nothing else is told.
    """

    genuine: bool
    checks: Sequence[Check]
    kind: DocumentKind | None = None
    number: str = ""
    issuer: str = ""
    issued_on: str = ""
    receipt: str = ""
    files: Sequence[str] = ()


def verify_code(office: Office, code: str) -> Verified:
    """Return what is known of a document's code or a receipt; any text may be asked about.

    A receipt that does not match tells nothing, not even whether there is such a case.
    """
    code = code.strip()[:_LONGEST]
    if not code.isprintable():  # PostgreSQL takes no NUL, and no code of ours holds one
        return _of_receipt(code, holds=False)
    with office.reading() as connection:
        paper = find_token(connection, code)
        if paper is not None:
            return _of_paper(connection, paper)
        holds = is_of_our_history(connection, code)
    return _of_receipt(code, holds=holds)


def is_of_our_history(connection: Connection, receipt: str) -> bool:
    """Return whether a receipt names an event of ours, and all before it is unbroken."""
    number, seq, short = _parted(receipt)
    if not number:
        return False
    events = _of_case(connection, number, seq) or _of_look(connection, number, seq)
    if len(events) != seq:
        return False
    return events[-1][1][:_SHORT] == short and first_break(events) is None


def _of_paper(connection: Connection, paper: Paper) -> Verified:
    checks = [
        Check(_TEXT, paper.sound),
        Check(_RECEIPT, is_of_our_history(connection, paper.receipt)),
    ]
    content = paper.content
    return Verified(
        all(each.holds for each in checks), checks, paper.kind, paper.number, content.issuer,
        content.issued_on, paper.receipt, tuple(paper.files.values()),
    )  # fmt: skip


def _of_receipt(code: str, *, holds: bool) -> Verified:
    return Verified(holds, [Check(_RECEIPT, holds)], receipt=code if holds else "")


def _parted(receipt: str) -> tuple[str, int, str]:
    """Return a receipt's case or look-back, event and short hash; '' for what is none."""
    number, _, rest = receipt.partition("/")
    seq, _, short = rest.partition("/")
    fits = seq.isascii() and seq.isdecimal() and len(seq) < 11 and len(short) == _SHORT
    if not fits or not 1 <= int(seq) <= _MOST_EVENTS:
        return "", 0, ""
    return number, int(seq), short


def _of_case(connection: Connection, number: str, seq: int) -> list[tuple[Sealed, str]]:
    rows = connection.execute(_EVENTS, {"number": number, "seq": seq})
    return [
        (Sealed(number, row.seq, row.at, row.kind, row.actor_id, row.role, row.door, row.body,
                row.previous, row.algorithm), row.hash)
        for row in rows
    ]  # fmt: skip


def _of_look(connection: Connection, number: str, seq: int) -> list[tuple[Sealed, str]]:
    look: int | None = connection.execute(_LOOK, {"number": number}).scalar()
    return read_records(connection, LOOKBACK, look)[:seq] if look is not None else []


_TEXT = Wording("编号、正文与签发时一致", "number and text are as issued")
_RECEIPT = Wording("回执与历史相符", "the receipt matches the history")
