"""What a day brings: this month's check is committed to, and drawn on a later day.

The commitment is out before the frame is frozen. A day that was missed is made up for by the next;
a step that was taken is not taken again.
"""

from typing import NamedTuple

from sqlalchemy import select

from casework.guardchecks.checks import Hand
from casework.guardchecks.drawing import Committed, DrawnCheck, commit_check, draw_check
from casework.office import Office
from models.tables import GUARD_CHECKS
from notifications.sealing import Keys
from rules.guardchecks.acts import CheckState, period_of
from rules.workdays import china_day

_CHECKS = GUARD_CHECKS.c


class Stepped(NamedTuple):
    """What was done; None for what was not due, or done before."""

    committed: Committed | None = None
    drawn: tuple[DrawnCheck, ...] = ()


def step_checks(office: Office, hand: Hand, keys: Keys, *, share: int) -> Stepped:
    """Draw what was committed to on an earlier day, and begin this month's check if there is none.

    Raise Invalid for the share.
    """
    today = china_day(hand.at)
    with office.reading() as connection:
        rows = connection.execute(
            select(_CHECKS.number, _CHECKS.period, _CHECKS.state, _CHECKS.committed_at).order_by(
                _CHECKS.period
            )
        ).all()
    waiting = [
        row.number for row in rows
        if row.state is CheckState.COMMITTED and china_day(row.committed_at) < today
    ]  # fmt: skip
    drawn = tuple(draw_check(office, number, hand, keys) for number in waiting)
    period = period_of(today)
    if any(row.period == period for row in rows):
        return Stepped(None, drawn)
    return Stepped(commit_check(office, period, share, hand, keys), drawn)
