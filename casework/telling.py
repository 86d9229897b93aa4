"""A move as its event tells it: what was given, and what is different afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

from casework.attachments import Attachment
from casework.cases import Stored
from casework.clocks import NewClock
from casework.events import Door, Happening, plain
from casework.orders import NewOrder
from casework.writer import Place
from rules.access import Actor
from rules.actions import Given
from rules.case import Facts
from rules.decisions import Filled, Move


@dataclass(frozen=True, slots=True)
class Errand:
    """A move on its way: who does it, when, through which door, with which files."""

    actor: Actor
    at: datetime
    door: Door
    files: Sequence[Attachment]


class Started(NamedTuple):
    """What a move starts: a clock, a supervision order, either, or neither."""

    clock: NewClock | None
    order: NewOrder | None


def tell_move(
    stored: Stored,
    facts: Facts,
    move_: Move,
    place: Place,
    started: Started,
    errand: Errand,
) -> Happening:
    """Return the event of a move."""
    private = {field.value: value for field, value in move_.given.items() if field is Given.OWNER}
    body = {
        "given": _said(move_.given),
        "changed": _changes(stored, facts, place),
        **({"clock": started.clock.said()} if started.clock else {}),
        **({"order": started.order.said()} if started.order else {}),
        **({"evidence": [each.said() for each in errand.files]} if errand.files else {}),
    }
    return Happening(
        move_.action.value, move_.by, move_.role.value, errand.door, errand.at, body, private
    )


def _said(given: Filled) -> dict[str, Any]:
    """Return the fields as the event tells them; people's names stay out of the chain."""
    unsaid = {Given.OWNER, Given.EVIDENCE}
    return {field.value: plain(value) for field, value in given.items() if field not in unsaid}


def _changes(stored: Stored, facts: Facts, place: Place) -> dict[str, Any]:
    """Return what is different after the move: each name with its value before and after."""
    changed = {
        each.name: [
            plain(getattr(stored.facts, each.name)),
            plain(getattr(facts, each.name)),
        ]
        for each in fields(Facts)
        if getattr(stored.facts, each.name) != getattr(facts, each.name)
    }
    if place.unit_id != stored.unit_id:
        changed["unit_id"] = [stored.unit_id, place.unit_id]
    if place.department != stored.department:
        changed["department"] = [stored.department, place.department]
    return changed
