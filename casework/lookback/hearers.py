"""Who hears of an unfinished visit: its inspectors and the committee, never the school."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.directory import Directory, read_directory
from casework.people import away_on, stand_ins_for
from models.tables import LOOKBACK_INSPECTORS, ORGANISATIONS, ROLE_GRANTS
from rules.access import Role
from rules.audience import find_told
from rules.ladder import Audience
from rules.workdays import china_day

_TEAMS = select(
    LOOKBACK_INSPECTORS.c.lookback_id,
    LOOKBACK_INSPECTORS.c.case_id,
    LOOKBACK_INSPECTORS.c.person_id,
).order_by(LOOKBACK_INSPECTORS.c.position)
# Whoever works where the visit goes, or answers for it: a word to them is a word to the school.
_LOCALS = (
    select(ORGANISATIONS.c.path, ROLE_GRANTS.c.person_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == ROLE_GRANTS.c.organisation_id)
    .where(
        ROLE_GRANTS.c.role.in_([
            Role.REPORTER, Role.OWNER, Role.HEAD, Role.VERIFIER, Role.CLUSTER,
        ])
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hearers:
    """The teams of some visits, who is away, and who is too close to a school to be told."""

    _teams: Mapping[tuple[int, int], Sequence[int]]
    _away: Mapping[int, int]
    _locals: Mapping[str, frozenset[int]]
    _directory: Directory

    def told(self, row: Any, audiences: Sequence[Audience]) -> tuple[int, ...]:  # noqa: ANN401 — a row's columns are not typed
        """Return whom to tell of the visit ``row``: (lookback_id, case_id, path).

        An inspector who is away is replaced by their stand-in, unless that one is of the school or
        its cluster: then, as when there is no inspector, the committee hears of it.
        """
        near = self._near(row.path)
        team = self._teams.get((row.lookback_id, row.case_id), ())
        present = [each for each in stand_ins_for(team, self._away) if each in team]
        others = [each for each in stand_ins_for(team, self._away) if each not in team]
        fit = (*present, *(each for each in others if each not in near))

        def who(role: Role) -> Sequence[int]:
            return fit if role is Role.INSPECTOR else self._directory.who(row.path, role)

        return find_told(audiences, Role.INSPECTOR, who).people

    def _near(self, path: str) -> frozenset[int]:
        """Return who holds a school's or cluster's role over ``path``."""
        found = (people for place, people in self._locals.items() if path.startswith(place))
        return frozenset[int]().union(*found)


def read_hearers(
    connection: Connection, visits: Collection[tuple[int, int]], at: datetime
) -> Hearers:
    """Return who may hear of ``visits``: (look-back's id, case's id)."""
    looks = {look for look, _ in visits}
    teams: dict[tuple[int, int], list[int]] = {}
    inspectors = LOOKBACK_INSPECTORS.c
    wanted = _TEAMS.where(
        inspectors.lookback_id.in_(looks), inspectors.case_id.in_({case for _, case in visits})
    )
    for look, case, person in connection.execute(wanted):
        teams.setdefault((look, case), []).append(person)
    near: dict[str, set[int]] = {}
    for path, person in connection.execute(_LOCALS):
        near.setdefault(path, set()).add(person)
    day = china_day(at)
    return Hearers(
        teams,
        away_on(connection, day),
        {path: frozenset(people) for path, people in near.items()},
        read_directory(connection, day),
    )
