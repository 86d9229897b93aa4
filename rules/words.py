"""Words that every door shares: moments, due dates and states as people say them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from rules.case import Listing, State
from rules.deadlines import days_late, days_left, is_overdue
from rules.wording import Wording
from rules.workdays import CHINA, close_of, day_due

NONE = "—"
CLAIMED = Wording("待验收", "awaiting verification")
VOIDED = Wording("已撤销", "voided")


def moment(at: date | None) -> str:
    """Return a moment by China's clock, to the minute; a day as it is."""
    if isinstance(at, datetime):
        return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    return at.isoformat() if at else NONE


def deadline(due_at: datetime | None) -> str:
    """Return the last day on time; for a limit in hours, its moment.

    The moment that ends a day would read as the day after.
    """
    if due_at is None:
        return NONE
    last = day_due(due_at)
    return last.isoformat() if close_of(last) == due_at else moment(due_at)


def day(value: date | None) -> str:
    return value.isoformat() if value else NONE


def due(due_at: datetime | None, at: datetime) -> Wording:
    """Return how long there is, or since when it is late; a dash when no clock runs."""
    if due_at is None:
        return Wording(NONE, NONE)
    if late := days_late(due_at, at):
        return Wording(f"逾期 {late} 天", f"{late} {_days(late)} late")
    if is_overdue(due_at, at):
        return Wording("时限已过", "just past")
    if left := days_left(due_at, at):
        return Wording(f"剩 {left} 天", f"{left} {_days(left)} left")
    return Wording("今天到期", "due today")


def standing(state: State, *, claimed: bool, voided: bool | None = False) -> Wording:
    """Return a state as it is said: what is claimed waits to be verified."""
    if claimed:
        return CLAIMED
    return VOIDED if voided else state.label


def state(case: Mapping[str, Any]) -> Wording:
    """Return a case's state, and whether it is claimed, voided or listed."""
    found = standing(State(case["state"]), claimed=case["claimed"], voided=case.get("voided"))
    if not case["listed"]:
        return found
    listing = Listing(case["listed"]).label
    return Wording(f"{found.zh}（{listing.zh}）", f"{found.en} ({listing.en})")


def _days(count: int) -> str:
    return "day" if count == 1 else "days"
