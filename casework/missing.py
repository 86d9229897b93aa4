"""The daily round of what is missing: the year's duties opened, and all of them chased."""

from datetime import datetime
from typing import Any

from casework.duties.chasing import Chased, chase
from casework.events import Door
from casework.office import Office
from casework.registers.periodic import open_periodic
from casework.registers.yearly import open_yearly
from casework.reviews.opening import open_reviews


def chase_missing(
    office: Office, *, as_of: datetime, ran_at: datetime, door: Door, dry_run: bool = False
) -> Chased:
    """Open what every unit owes this year, then chase what is due; raise as ``chase`` does.

    A rehearsal counts what it would open, and chases only what is open already.
    """
    rehearsing = dry_run or as_of > ran_at
    how: Any = {"as_of": as_of, "at": ran_at, "door": door, "dry_run": rehearsing}
    opened = sum(each(office, **how) for each in (open_yearly, open_periodic, open_reviews))
    chased = chase(office, as_of=as_of, ran_at=ran_at, door=door, dry_run=dry_run)
    chased.opened = opened
    return chased
