"""When a notice may leave, how long to wait after a failure, and what people say back."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256

from rules.bounds import Sending
from rules.wording import Wording
from rules.workdays import CHINA, Calendar, china_day

LONGEST_WAIT = timedelta(hours=6)
_DAY = timedelta(days=1)
_SPREAD = 0.1  # of the wait, to either side, so that many do not try again in one moment
_SOON = 365  # days; with workdays_only no calendar is closed for longer


class Answer(StrEnum):
    """What a person says to a notice; it becomes an event of the case."""

    ACKNOWLEDGE = "acknowledge"

    @property
    def label(self) -> Wording:
        return Wording("知悉", "acknowledge")


def may_send(at: datetime, sending: Sending, calendar: Calendar) -> bool:
    """Return whether an ordinary notice may leave at ``at``; an urgent one always may."""
    return next_opening(at, sending, calendar) == at


def next_opening(at: datetime, sending: Sending, calendar: Calendar) -> datetime:
    """Return the first moment from ``at`` on at which an ordinary notice may leave."""
    first = china_day(at)
    for later in range(_SOON):
        day = first + later * _DAY
        if sending.workdays_only and not calendar.likely_workday(day):
            continue
        midnight = datetime.combine(day, time(), CHINA)
        opens, closes = (
            midnight + timedelta(hours=hour) for hour in (sending.from_hour, sending.to_hour)
        )
        if at < closes:
            return max(at, opens)
    message = f"no working day within {_SOON} days of {first}"
    raise ValueError(message)


def wait_after(tries: int, key: str) -> timedelta:
    """Return how long to wait after the ``tries``-th failure: tries⁴ seconds, at most six hours.

    The key spreads it by up to a tenth to either side, always the same for the same failure.
    """
    wait = min(timedelta(seconds=tries**4), LONGEST_WAIT)
    dice = int.from_bytes(sha256(f"{key}\x00{tries}".encode()).digest()[:4]) / 2**32
    return wait * (1 + _SPREAD * (2 * dice - 1))
