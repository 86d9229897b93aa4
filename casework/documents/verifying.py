"""What anybody may learn of a document or a receipt: whether it is ours, nothing of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, or_, select

from casework.documents.papers import Paper, find_token
from casework.filings.proving import Signed, signed_by_receipt
from casework.filings.store import SUBJECT as FILING
from casework.lookback.looks import SUBJECT as LOOKBACK
from casework.office import Office
from casework.records import read_records
from models.tables import CASES, EVENTS, LOOKBACKS, RECORD_EVENTS
from rules.documents import DocumentKind
from rules.proof import Sealed, first_break
from rules.wording import Wording
from rules.workdays import china_day

_EVENTS = (
    select(EVENTS)
    .join(CASES, CASES.c.id == EVENTS.c.case_id)
    .where(CASES.c.number == bindparam("number"), EVENTS.c.seq <= bindparam("seq"))
    .order_by(EVENTS.c.seq)
)
_LOOK = select(LOOKBACKS.c.id).where(LOOKBACKS.c.number == bindparam("number"))
_SHORT = 8  # of a receipt's hash, as casework.answers prints it
_LONGEST = 160
_LONGEST_ID = 18
_FILING = f"{FILING}:"
_MOST_EVENTS = 2**31 - 1  # what the column holds


class Check(NamedTuple):
    what: Wording
    holds: bool


@dataclass(frozen=True, slots=True)
class Verified:
    """``kind`` is None for what is no document, ``title`` for a receipt alone; without one of ours,
    ``genuine`` is False and nothing else is told. ``corrected`` is the number of the version that
    took a report's place.
    """

    genuine: bool
    checks: Sequence[Check]
    kind: DocumentKind | None = None
    number: str = ""
    issuer: str = ""
    issued_on: str = ""
    receipt: str = ""
    files: Sequence[str] = ()
    title: Wording | None = None
    corrected: str = ""


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
        if code.startswith(_FILING) and (signed := signed_by_receipt(connection, code)):
            return _of_filing(signed, code, holds=is_of_our_history(connection, code))
        holds = is_of_our_history(connection, code)
    return _of_receipt(code, holds=holds)


def is_of_our_history(connection: Connection, receipt: str) -> bool:
    """Return whether a receipt names an event of ours, and all before it is unbroken."""
    number, seq, short = _parted(receipt)
    if not number:
        return False
    if ":" in number:
        events = _of_record(connection, number, seq, short)
    else:
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
        content.issued_on, paper.receipt, tuple(paper.files.values()), paper.kind.label,
    )  # fmt: skip


def _of_filing(signed: Signed, receipt: str, *, holds: bool) -> Verified:
    """A receipt that does not match tells nothing, not even that there is such a report."""
    if not holds:
        return _of_receipt(receipt, holds=False)
    checks = [Check(_TEXT, signed.sound), Check(_RECEIPT, holds)]
    return Verified(
        signed.sound, checks, None, signed.number, signed.unit, f"{china_day(signed.at)}", receipt,
        (), signed.label, signed.corrected,
    )  # fmt: skip


def _of_receipt(code: str, *, holds: bool) -> Verified:
    return Verified(holds, [Check(_RECEIPT, holds)], receipt=code if holds else "")


def _parted(receipt: str) -> tuple[str, int, str]:
    """Return what a receipt is of, its event and short hash; '' for what is none.

    A case and a look-back are called by their number, any other record by kind:name.
    """
    number, seq, short = (["", "", "", *receipt.rsplit("/", 2)])[-3:]
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


def _of_record(
    connection: Connection, called: str, seq: int, short: str
) -> list[tuple[Sealed, str]]:
    """Return the events up to one, of the record called so, or of this id, that holds it."""
    kind, _, name = called.partition(":")
    rows = RECORD_EVENTS.c
    is_id = name.isascii() and name.isdecimal() and len(name) <= _LONGEST_ID
    which = or_(rows.name == name, rows.subject_id == int(name)) if is_id else rows.name == name
    found = connection.execute(
        select(rows.subject_id).where(
            rows.subject == kind, which, rows.seq == seq,
            rows.hash.startswith(short, autoescape=True),
        )
    ).scalar()  # fmt: skip
    return read_records(connection, kind, found)[:seq] if found is not None else []


_TEXT = Wording("编号、正文与签发时一致", "number and text are as issued")
_RECEIPT = Wording("回执与历史相符", "the receipt matches the history")
