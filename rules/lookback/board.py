"""The board of visits: who goes where on which day, and who still has room."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from rules.lookback.roster import Assignment, AssignmentRules, Inspector


class Candidacy(NamedTuple):
    """A visit with those who may make it and the days it may be made on, each in ticket order."""

    case: str
    eligible: tuple[str, ...]
    days: tuple[date, ...]


class Board:
    """``seats`` may still be rearranged; what was ``kept`` takes up room and stays."""

    def __init__(
        self, roster: Sequence[Inspector], rules: AssignmentRules, kept: Mapping[str, Assignment]
    ) -> None:
        self.rules = rules
        self.seats: dict[str, Assignment] = {}
        self.load = Counter({inspector.code: 0 for inspector in roster})
        self._present = {inspector.code: inspector.days for inspector in roster}
        self._kept: Counter[tuple[str, date]] = Counter()
        self._taken: Counter[tuple[str, date]] = Counter()
        for day, team in kept.values():
            self.load.update(team)
            self._kept.update((code, day) for code in team)

    def is_present(self, code: str, day: date) -> bool:
        return day in self._present[code]

    def limit(self, code: str, day: date) -> int:
        """How many visits of that day could be this inspector's, beyond those kept."""
        return max(0, self.rules.per_day - self._kept[code, day])

    def room(self, code: str, day: date) -> int:
        """How many more visits the inspector could make that day, if present."""
        return self.limit(code, day) - self._taken[code, day]

    def can_go(self, code: str, day: date) -> bool:
        return self.is_present(code, day) and self.room(code, day) > 0

    def put(self, case: str, seat: Assignment) -> None:
        self.seats[case] = seat
        self.load.update(seat.inspectors)
        self._taken.update((code, seat.day) for code in seat.inspectors)

    def lift(self, case: str) -> Assignment:
        seat = self.seats.pop(case)
        self.load.subtract(seat.inspectors)
        self._taken.subtract((code, seat.day) for code in seat.inspectors)
        return seat

    def best(self, visit: Candidacy) -> Assignment | None:
        """Return the least loaded team with a day in common, ties by ticket; None without one."""
        # The sort is stable: among equal loads the order of the tickets stays.
        ordered = sorted(visit.eligible, key=self.load.__getitem__)
        teams = {self._team(ordered, day) for day in visit.days} - {()}
        if not teams:
            return None
        place = {code: at for at, code in enumerate(ordered)}
        # The heaviest load of the team counts first.
        best = min(
            teams,
            key=lambda team: (
                sorted((self.load[code] for code in team), reverse=True),
                [place[code] for code in team],
            ),
        )
        return self.day_for(visit, best)

    def day_for(self, visit: Candidacy, team: Sequence[str]) -> Assignment | None:
        """Return the visit on the first day, in ticket order, on which the whole team can go."""
        for day in visit.days:
            if all(self.can_go(code, day) for code in team):
                return Assignment(day, tuple(code for code in visit.eligible if code in team))
        return None

    def _team(self, ordered: Sequence[str], day: date) -> tuple[str, ...]:
        going = (code for code in ordered if self.can_go(code, day))
        team = tuple(islice(going, self.rules.per_visit))
        return team if len(team) == self.rules.per_visit else ()
