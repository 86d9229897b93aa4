"""Give a checked filing back to whoever filled it in, with a reason."""

from datetime import datetime

from sqlalchemy import Connection

from casework import notices
from casework.events import Door
from casework.filings import store
from casework.filings.filling import LONGEST_REASON
from casework.filings.owing import asked
from casework.filings.places import Which
from casework.filings.signing import require_checked, taken_by_signer
from casework.filings.store import SUBJECT, Held
from casework.forms import read_reason
from casework.office import Office
from casework.records import read_records
from rules.filings.acts import FilingAct, FilingState
from rules.wording import Wording

_WORKED = {FilingAct.FILL_IN.value, FilingAct.CHECK.value}


def return_filing(
    office: Office, which: Which, reason: str, *, by: str, at: datetime, door: Door
) -> Held:
    """Make a checked filing a draft again, and tell those who worked on it why.

    Raise Refused for who may not sign it or one that is not checked, Invalid without a reason,
    NotFound.
    """
    reason = read_reason(
        reason,
        longest=LONGEST_REASON,
        missing=Wording("没有写退回原因", "the reason is missing"),
        remedy=Wording("请写明哪里要改。", "Say what is to be changed."),
    )
    with office.writing() as connection:
        held, hand = taken_by_signer(connection, which, by, at, door)
        require_checked(held)
        draft = held._replace(state=FilingState.DRAFT)
        kept = store.change(connection, draft, hand, [(FilingAct.RETURN, {"reason": reason})])
        people = _who_worked(connection, held) - {hand.by or 0}
        told = asked(people, Wording("退回", "returned"), kept, reason)
        notices.owe(connection, [told], at)
    return kept


def _who_worked(connection: Connection, held: Held) -> set[int]:
    events = (sealed for sealed, _ in read_records(connection, SUBJECT, held.id))
    return {each.actor for each in events if each.kind in _WORKED and each.actor}
