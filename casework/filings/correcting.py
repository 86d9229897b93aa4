"""Correct a frozen filing by a new version: it begins as the old one stood, with a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from casework.errors import Refused
from casework.events import Door, Happening
from casework.filings import store
from casework.filings.checking import check_anew
from casework.filings.compiling import first_row
from casework.filings.filling import LONGEST_REASON
from casework.filings.places import Which, find_named, require_filler
from casework.filings.store import Held
from casework.forms import read_reason
from casework.numbering import take_ids
from casework.office import Office
from casework.people import find_actor
from casework.records import START, Entry, write_records
from casework.registers.store import Hand
from rules.filings.acts import FilingAct, FilingState
from rules.wording import Wording


def correct_filing(
    office: Office, which: Which, reason: str, *, by: str, at: datetime, door: Door
) -> Held:
    """Begin a new version of a frozen filing, its numbers taken anew; the old one stays.

    Raise Refused where it is not frozen yet or for who may not, Invalid without a reason, NotFound.
    """
    reason = _required(reason)
    with office.writing() as connection:
        actor = find_actor(connection, by)
        named = find_named(connection, which)
        hand = Hand(actor.id, require_filler(actor, named), at, door)
        old = store.find(connection, named, lock=True)
        if old.state is not FilingState.FROZEN:
            raise _open(old)
        book = office.rulebooks.at(connection, at)
        new = _begin(connection, old, reason, hand)
        return check_anew(connection, book.policy, new, hand).held


def _begin(connection: Connection, old: Held, reason: str, hand: Hand) -> Held:
    (number,) = take_ids(connection, "filings", 1)
    version = old.version + 1
    body = {"corrects": old.number, "reason": reason}
    happening = Happening(
        FilingAct.CORRECT.value, hand.by, hand.role.value, hand.door, hand.at, body
    )
    told = store.subject(number, old.named, version)
    (entry,) = write_records(connection, [(told, happening, START)])
    row = first_row(old.sheet, old.named, number, due=old.due_on, at=hand.at)
    store.add(connection, [{**row, **_version(version, reason, entry)}], [old.sheet.cells])
    return store.find(connection, old.named)


def _version(version: int, reason: str, entry: Entry) -> Mapping[str, Any]:
    return {"version": version, "reason": reason, "seq": entry.seq, "head": entry.hash}


def _required(reason: str) -> str:
    return read_reason(
        reason,
        longest=LONGEST_REASON,
        missing=Wording("没有写更正原因", "the reason is missing"),
        remedy=Wording("请写明为何更正。", "Say why it is corrected."),
    )


def _open(held: Held) -> Refused:
    return Refused(
        Wording(f"{held.subject.name} 尚未签发", f"{held.subject.name} is not frozen yet"),
        remedy=Wording("直接填写即可，无须更正。", "Fill it in; there is nothing to correct."),
        where="period",
    )
