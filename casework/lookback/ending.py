"""How a look-back ends: closed when all is judged, published, or withdrawn and still seen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, update

from casework.answers import receipt
from casework.errors import Invalid
from casework.forms import clean
from casework.lookback.judging import judge_strata, said
from casework.lookback.looks import Hand, hold, write
from casework.office import Office
from models.tables import LOOKBACK_VISITS
from rules.lookback.acts import LookbackAct, LookbackState, state_after
from rules.wording import Wording

_QUIET = (
    update(LOOKBACK_VISITS)
    .where(LOOKBACK_VISITS.c.lookback_id == bindparam("look"))
    .values(next_step=None, next_step_at=None)
)


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of it: its state, and when it was published if it was."""

    number: str
    state: str
    published_at: datetime | None
    receipt: str


def close_lookback(office: Office, number: str, hand: Hand) -> Ended:
    """Close a look-back whose visits are finished and whose strata are judged; raise Refused."""
    with office.writing() as connection:
        look = hold(connection, number, LookbackAct.CLOSE, hand)
        strata = judge_strata(connection, look.id, look.plan.confidence)
        body = {"strata": [said(each) for each in strata]}
        entry = write(connection, look, LookbackAct.CLOSE, body, {"closed_at": hand.at})
    return Ended(
        look.number, LookbackState.CLOSED.value, look.row.published_at,
        receipt(look.number, entry.seq, entry.hash),
    )  # fmt: skip


def publish_lookback(office: Office, number: str, hand: Hand) -> Ended:
    """Put the results on the public list, which names no person; raise Refused."""
    with office.writing() as connection:
        look = hold(connection, number, LookbackAct.PUBLISH, hand)
        entry = write(connection, look, LookbackAct.PUBLISH, {}, {"published_at": hand.at})
    state = state_after(LookbackAct.PUBLISH, look.row.state)
    return Ended(look.number, state.value, hand.at, receipt(look.number, entry.seq, entry.hash))


def withdraw_lookback(office: Office, number: str, reason: str, hand: Hand) -> Ended:
    """Give a look-back up with a reason; it stays in every list. Raise Invalid, Refused."""
    why = clean(reason, where="reason")
    if not why:
        raise Invalid(
            Wording("没有写理由", "no reason is given"),
            remedy=Wording("请填写理由。", "Give the reason."),
            where="reason",
        )
    with office.writing() as connection:
        look = hold(connection, number, LookbackAct.WITHDRAW, hand)
        columns = {"withdrawn_at": hand.at, "withdrawn_reason": why, "sealed_secret": ""}
        entry = write(connection, look, LookbackAct.WITHDRAW, {"reason": why}, columns)
        connection.execute(_QUIET, {"look": look.id})
    return Ended(
        look.number, LookbackState.WITHDRAWN.value, look.row.published_at,
        receipt(look.number, entry.seq, entry.hash),
    )  # fmt: skip
