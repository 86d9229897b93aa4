"""The columns of a case that say how it stands: its facts, and the clock that runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.cases import Stored
from casework.clocks import NewClock
from casework.events import plain
from rules.case import Facts


@dataclass(frozen=True, slots=True)
class Running:
    """The clock that goes on, or none, as the columns of the case show it."""

    no: int
    due_at: datetime | None


def running_clock(stored: Stored, facts: Facts) -> Running:
    """Return the clock that goes on; a closed case has none."""
    return Running(stored.clock_no, stored.due_at if facts.stage else None)


def state_columns(facts: Facts, clock: NewClock | Running) -> dict[str, Any]:
    """Return what facts and clock make of a case's row."""
    return {
        "state": facts.state,
        "claimed": facts.claimed,
        "voided": facts.voided,
        "level": facts.level,
        "listed": facts.listed,
        "cycle": facts.cycle,
        "hands": plain(facts.hands),
        "plan_author_id": facts.plan_author,
        "plan_by_head": facts.plan_by_head,
        "plan_deadline": facts.plan_deadline,
        "verified_by_id": facts.verified_by,
        "extension_asked_by_id": facts.extension_asked_by,
        "extensions": facts.extensions,
        "after_evidence": facts.after_evidence,
        "holder": facts.holder,
        "stage": facts.stage,
        "clock_no": clock.no,
        "due_at": clock.due_at,
        "closed_at": None,
    }
