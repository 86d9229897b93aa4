"""What happened under an order: the case's events between its issue and its release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.demand_plan import REPORTS
from rules.orders import OrderAct

_ASKED = {OrderAct.DEMAND.value, OrderAct.MISS_REPORT.value}

Events = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Story:
    """``history`` is all of it; ``reports`` what the unit reported, and was asked to in vain."""

    history: Events
    reports: Events


def story_of(order: Mapping[str, Any], history: Events) -> Story:
    """Return what of a case's history belongs to one of its orders, as ``CaseFile`` tells it."""
    under = [each for each in history if _is_under(order, each)]
    reports = [each for each in under if each["kind"] in REPORTS | _ASKED]
    return Story(under, reports)


def _is_under(order: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    if event["body"].get("order") == order["number"]:
        return True
    until = order["released_at"] or event["at"]
    begun: bool = order["issued_at"] <= event["at"] <= until
    return begun
