"""What the story knows of a case besides what the database does, and of the people around it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from casework.cases import Stored
from casework.sample.hazards import Hazard
from casework.sample.organisation import COMMITTEE, Organisation, Team
from rules.access import Role
from rules.actions import Action
from rules.case import Bounds, Facts, Level

# Working days until the holder of a case comes back to it. Our choice: enough of each that a
# quarter shows all that can happen.
PACES = {"prompt": (0, 1), "steady": (1, 3), "slow": (2, 6), "idle": (8, 18)}
_SHARES = (40, 35, 18, 7)


@dataclass(slots=True)
class Life:
    """A case as its people see it. ``effort`` is how often work is reported before it is done."""

    number: str
    hazard: Hazard
    team: Team
    effort: int
    pressed: bool = False
    done: Counter[Action] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Scene:
    """A case at the moment somebody turns to it."""

    life: Life
    stored: Stored
    bounds: Bounds
    at: datetime
    chance: Random

    @property
    def facts(self) -> Facts:
        return self.stored.facts

    @property
    def today(self) -> date:
        return self.bounds.today

    @property
    def is_major(self) -> bool:
        return self.facts.level is Level.MAJOR

    @property
    def extension_asked(self) -> bool:
        return self.facts.extension_asked_by is not None

    def has_not(self, action: Action) -> bool:
        return not self.life.done[action]


def paces_of(organisation: Organisation, chance: Random) -> dict[str, str]:
    """Draw how fast each school and each cluster works, by its code."""
    places = [place.code for place in organisation.places]
    return {code: chance.choices(list(PACES), _SHARES)[0] for code in places}


def begin(number: str, hazard: Hazard, team: Team, chance: Random) -> Life:
    heavy = hazard.obstacle is not None or hazard.level is Level.MAJOR
    return Life(
        number, hazard, team, effort=chance.randint(2, 3) if heavy else chance.randint(0, 1)
    )


def whose(role: Role | None, team: Team) -> str:
    """Return the code of the place whose people the case waits for."""
    match role:
        case Role.OWNER | Role.HEAD:
            return team.unit
        case Role.CLUSTER | Role.VERIFIER:
            return team.cluster
        case _:
            return COMMITTEE[0]
