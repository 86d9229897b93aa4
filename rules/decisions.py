"""What a decision about a case is: a Move that may happen, or a Refusal that says why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.access import Role
from rules.actions import Action, Given
from rules.case import State
from rules.moves import Clockwork
from rules.wording import NOTHING, Wording

Filled = Mapping[Given, Any]
"""What a person filled in: dates for dates, enums for codes, ids for units and people, text for
the rest; ``Given.EVIDENCE`` counts the after-photos handed in with the move."""


@dataclass(frozen=True, slots=True)
class Move:
    """A move that may happen. ``role`` is the one of the mover's roles that it is made in; ``due``
    the last day on time that it sets for the next clock (None: the policy's limit for the stage).
    """

    action: Action
    target: State
    by: int | None
    role: Role
    given: Filled
    clock: Clockwork
    due: date | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a move may not happen; ``field`` names the one to mend, if it is one."""

    wording: Wording
    remedy: Wording = NOTHING
    field: Given | None = None
