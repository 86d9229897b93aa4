"""Which cases are meant: those that were ticked, or all that a filter finds."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from casework.case_list import Filter, count_cases, list_cases
from casework.errors import Invalid, Refused
from casework.forms import LONGEST_NAME, clean
from casework.office import Office
from rules.access import Actor
from rules.actions import Action
from rules.bulk import MOST, not_together, together_for, too_many
from rules.decisions import Refusal
from rules.wording import Wording


class Pick(NamedTuple):
    """A case, and the number of events that whoever picked it knew of (None: any)."""

    number: str
    seen: int | None = None


Chosen = Sequence[Pick] | Filter


def actions_for(actor: Actor) -> tuple[Action, ...]:
    """Return what ``actor`` may ever do to many cases at once."""
    return together_for(grant.role for grant in actor.grants)


def require_together(action: Action) -> None:
    """Raise Refused for an action that is done one case at a time."""
    if refusal := not_together(action):
        raise _refused(refusal, "action")


def choose(office: Office, chosen: Chosen, *, by: str, as_of: datetime) -> list[Pick]:
    """Return the cases meant, each once; raise Invalid for none, Refused for too many."""
    if isinstance(chosen, Filter):
        found = count_cases(office, chosen, by=by, as_of=as_of)
        _bounded(found)
        rows = list_cases(office, chosen, by=by, as_of=as_of, size=MOST).rows
        return [Pick(row["number"]) for row in rows]
    picks = {clean(each.number, where="cases", longest=LONGEST_NAME): each.seen for each in chosen}
    _bounded(len(picks))
    return [Pick(number, seen) for number, seen in picks.items()]


def write_picks(picks: Sequence[Pick]) -> str:
    """Return the picks as a form carries them: ``YH2026-000001@4 YH2026-000002@7``."""
    return " ".join(f"{each.number}@{each.seen}" if each.seen else each.number for each in picks)


def read_picks(text: str) -> list[Pick]:
    """Return what ``write_picks`` wrote; what is no number of events counts as none."""
    parted = (each.rpartition("@") if "@" in each else (each, "", "") for each in text.split())
    return [Pick(number, _whole(seen)) for number, _, seen in parted if number]


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _bounded(count: int) -> None:
    if count > MOST:
        raise _refused(too_many(count), "cases")
    if not count:
        raise Invalid(
            Wording("没有选中案件", "no case is chosen"),
            remedy=Wording("请先勾选案件，或换一个筛选条件。", "Tick some, or change the filter."),
            where="cases",
        )


def _refused(refusal: Refusal, where: str) -> Refused:
    return Refused(refusal.wording, remedy=refusal.remedy, where=where)
