"""Moving visits that were already placed, to make room for one more or to even out the loads."""

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import combinations

from rules.lookback.board import Board, Candidacy
from rules.lookback.roster import Assignment

_Teams = dict[str, frozenset[str]]


class Rearrangement:
    """Looks for places for all when one more visit does not fit.

    The search is complete: within a day, teams are matched by augmenting paths, which find a
    matching if there is one; between days, up to a team's size of visits give way to another, and
    what has moved stays in that branch. ``attempts`` bounds the work of all calls together;
    ``gave_up`` says that the last answer is no proof.
    """

    def __init__(self, board: Board, visits: Mapping[str, Candidacy], attempts: int) -> None:
        self.gave_up = False
        self._board = board
        self._visits = visits
        self._attempts = attempts
        self._days: dict[date, _Teams] = {}

    def makes_room(self, visit: Candidacy) -> bool:
        """Place the visit and return True, or leave the board as it was."""
        self.gave_up = False
        self._days = {day: {} for each in self._visits.values() for day in each.days}
        for case, seat in self._board.seats.items():
            self._days[seat.day][case] = frozenset(seat.inspectors)
        found = self._settle([visit], frozenset())
        if found:
            self._write()
        return found

    def _settle(self, waiting: Sequence[Candidacy], settled: frozenset[str]) -> bool:
        """Place all who wait, moving only visits not yet settled."""
        if not waiting:
            return True
        visit, *others = waiting
        for giving_way in range(self._board.rules.per_visit + 1):
            for day in visit.days:
                free = self._may_give_way(visit, day, settled)
                for moved in combinations(free, giving_way):
                    if self._tired(settled):
                        return False
                    if self._swap(visit, day, moved, others, settled):
                        return True
        return False

    def _may_give_way(self, visit: Candidacy, day: date, settled: frozenset[str]) -> list[str]:
        # One that the same people may make would only change places with this visit.
        alike = set(visit.eligible)
        return [
            case
            for case in self._days[day]
            if case not in settled and alike.symmetric_difference(self._visits[case].eligible)
        ]

    def _swap(
        self,
        visit: Candidacy,
        day: date,
        moved: Sequence[str],
        others: Sequence[Candidacy],
        settled: frozenset[str],
    ) -> bool:
        before = self._days[day]
        teams = {case: team for case, team in before.items() if case not in moved}
        if not self._joins(teams, visit, day):
            return False
        self._days[day] = teams
        waiting = [*(self._visits[case] for case in moved), *others]
        if self._settle(waiting, settled | {visit.case}):
            return True
        self._days[day] = before
        return False

    def _tired(self, settled: frozenset[str]) -> bool:
        self._attempts -= 1
        if self._attempts < 0 or len(settled) > _DEEPEST:
            self.gave_up = True
        return self.gave_up

    def _joins(self, teams: _Teams, visit: Candidacy, day: date) -> bool:
        """Give the visit a team of that day, if need be by other teams of the others."""

        def limit(code: str) -> int:
            return self._board.limit(code, day) if self._board.is_present(code, day) else 0

        used = Counter(code for team in teams.values() for code in team)
        teams[visit.case] = frozenset()
        return all(
            self._one_joins(teams, visit, used, limit) for _ in range(self._board.rules.per_visit)
        )

    def _one_joins(
        self, teams: _Teams, visit: Candidacy, used: Counter[str], limit: Callable[[str], int]
    ) -> bool:
        # Who could take a seat, of which case, and from whom.
        came = {
            code: (visit.case, "")
            for code in visit.eligible
            if limit(code) and code not in teams[visit.case]
        }
        waiting = deque(came)
        while waiting:
            code = waiting.popleft()
            if used[code] < limit(code):
                used[code] += 1
                _hand_on(teams, came, code)
                return True
            for case, team in teams.items():
                if code in team and case != visit.case:
                    for other in self._visits[case].eligible:
                        if other not in came and other not in team and limit(other):
                            came[other] = (case, code)
                            waiting.append(other)
        return False

    def _write(self) -> None:
        for case in list(self._board.seats):
            self._board.lift(case)
        for day, teams in self._days.items():
            for case, team in teams.items():
                eligible = self._visits[case].eligible
                going = tuple(code for code in eligible if code in team)
                self._board.put(case, Assignment(day, going))


# Deeper chains have never helped, and Python's stack is finite.
_DEEPEST = 100


def _hand_on(teams: _Teams, came: Mapping[str, tuple[str, str]], code: str) -> None:
    while code:
        case, before = came[code]
        teams[case] = teams[case] - {before} | {code}
        code = before


def even_out(board: Board, visits: Mapping[str, Candidacy]) -> None:
    """Hand visits on from the most to the least loaded until no chain of hand-ons helps.

    Every chain lowers the sum of squares of the loads. Where neither absence nor the daily limit
    stands between, no chain left means the least possible difference (for one inspector a visit:
    Harvey, Ladner, Lovász, Tamir, "Semi-matchings for bipartite graphs and load balancing").
    """
    sources = sorted(board.load)
    while any(_relieve(board, visits, code) for code in _heaviest_first(board, sources)):
        pass


def _heaviest_first(board: Board, codes: Sequence[str]) -> list[str]:
    return sorted(codes, key=lambda code: -board.load[code])


def _relieve(board: Board, visits: Mapping[str, Candidacy], source: str) -> bool:
    came: dict[str, tuple[str, str]] = {source: ("", "")}
    waiting = deque([source])
    while waiting:
        code = waiting.popleft()
        if board.load[code] <= board.load[source] - 2 and _hands_on(board, visits, came, code):
            return True
        for case, seat in list(board.seats.items()):
            if code in seat.inspectors:
                for other in visits[case].eligible:
                    if other not in came and _exchanged(board, visits[case], code, other):
                        came[other] = (case, code)
                        waiting.append(other)
    return False


def _exchanged(board: Board, visit: Candidacy, out: str, to: str) -> Assignment | None:
    """Return the visit with one inspector in another's place, on its own day if possible."""
    seat = board.seats[visit.case]
    if to in seat.inspectors:
        return None
    if board.can_go(to, seat.day):
        team = {to, *seat.inspectors} - {out}
        return Assignment(seat.day, tuple(code for code in visit.eligible if code in team))
    board.lift(visit.case)
    changed = board.day_for(visit, [to, *(code for code in seat.inspectors if code != out)])
    board.put(visit.case, seat)
    return changed


def _hands_on(
    board: Board, visits: Mapping[str, Candidacy], came: Mapping[str, tuple[str, str]], code: str
) -> bool:
    """Carry out the chain that ends at ``code``; undo all of it when one link no longer holds."""
    before: list[tuple[str, Assignment]] = []
    while came[code][0]:
        case, out = came[code]
        changed = _exchanged(board, visits[case], out, code)
        if changed is None:
            for each, seat in reversed(before):
                board.lift(each)
                board.put(each, seat)
            return False
        before.append((case, board.lift(case)))
        board.put(case, changed)
        code = out
    return True
