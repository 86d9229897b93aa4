"""Who holds which role where, read once for a run: the people a rung or an order speaks to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, select

from casework.people import away_on, stand_ins_for
from models.tables import ORGANISATIONS, ROLE_GRANTS
from rules.access import Role
from rules.audience import Told, find_told
from rules.ladder import Audience

_GRANTS = (
    select(ROLE_GRANTS.c.role, ORGANISATIONS.c.path, ROLE_GRANTS.c.person_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == ROLE_GRANTS.c.organisation_id)
    .order_by(ROLE_GRANTS.c.person_id)
)


@dataclass(slots=True)
class Directory:
    """The grants and absences of one moment. Reading it again is one query."""

    day: date
    _held: Mapping[tuple[Role, str], Sequence[int]]
    _stand_ins: Mapping[int, int]
    _found: dict[tuple[str, Role], tuple[int, ...]] = field(default_factory=dict)
    _told: dict[tuple[str, Role, tuple[Audience, ...]], Told] = field(default_factory=dict)

    def told(self, path: str, holder: Role, audiences: tuple[Audience, ...]) -> Told:
        """Return whom audiences mean for a case at ``path`` that waits for ``holder``."""
        key = (path, holder, audiences)
        if key not in self._told:  # a batch asks the same of many cases
            self._told[key] = find_told(audiences, holder, lambda role: self.who(path, role))
        return self._told[key]

    def who(self, path: str, role: Role) -> tuple[int, ...]:
        """Return who holds ``role`` over ``path``, by the nearest place that has anybody.

        Whoever is away is replaced by their stand-in, and by that one's if they are away too.
        """
        key = (path, role)
        if key not in self._found:
            self._found[key] = self._look_up(path, role)
        return self._found[key]

    def present(self, people: Sequence[int]) -> tuple[int, ...]:
        """Return the people, each who is away replaced by their stand-in."""
        return stand_ins_for(people, self._stand_ins)

    def _look_up(self, path: str, role: Role) -> tuple[int, ...]:
        while path:
            held = self._held.get((role, path))
            if held:
                return stand_ins_for(held, self._stand_ins)
            path = path.rstrip("/").rpartition("/")[0]
            path = f"{path}/" if path else ""
        return ()


def read_directory(connection: Connection, day: date) -> Directory:
    """Return the directory as it stands on ``day``."""
    held: dict[tuple[Role, str], list[int]] = {}
    for role, path, person in connection.execute(_GRANTS):
        held.setdefault((Role(role), path), []).append(person)
    return Directory(day, held, away_on(connection, day))
