"""双随机: inspectors and days drawn for each visit, by the same tickets as the cases.

The least loaded go first, ties are broken by ticket, recusal is never dropped: a visit that cannot
be made says which rule stands in the way, and who could go if a person waived that one rule.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from rules.lookback.board import Board, Candidacy
from rules.lookback.rearranging import Rearrangement, even_out
from rules.lookback.roster import (
    Assignment,
    AssignmentRules,
    Blocked,
    Inspector,
    Rule,
    Visit,
    recusals,
    refuse_twice,
)
from rules.lookback.tickets import seed_key, ticket
from rules.wording import Wording

NOBODY_YET: Mapping[str, Assignment] = MappingProxyType({})


class Assigned(NamedTuple):
    """``visits`` by case, those kept among them; ``impossible`` in the order of the cases."""

    visits: dict[str, Assignment]
    impossible: tuple[Blocked, ...]


def assign(
    visits: Sequence[Visit],
    roster: Sequence[Inspector],
    rules: AssignmentRules,
    seed: str,
    *,
    kept: Mapping[str, Assignment] = NOBODY_YET,
) -> Assigned:
    """Return who makes each visit and when, whatever the order of ``visits`` and ``roster``.

    ``kept`` are assignments made earlier: they take up room and are not changed. Those that are
    impossible cannot be added to the others however these are rearranged; where the search for
    that was cut short, the wording says so. Raise Trouble for a case or inspector named twice.
    """
    refuse_twice(visits, roster)
    drawing = _Drawing(
        [each for each in visits if each.case not in kept], roster, rules, seed, kept
    )
    blocked = drawing.place_all()
    impossible = tuple(drawing.why(case, sure=sure) for case, sure in sorted(blocked.items()))
    return Assigned({**kept, **drawing.board.seats}, impossible)


# What rearranging may cost in all: a second or two at a thousand visits.
_ATTEMPTS = 20_000


class _Drawing:
    def __init__(
        self,
        visits: Sequence[Visit],
        roster: Sequence[Inspector],
        rules: AssignmentRules,
        seed: str,
        kept: Mapping[str, Assignment],
    ) -> None:
        self.board = Board(roster, rules, kept)
        self._key = seed_key(seed)
        self._visits = {visit.case: visit for visit in visits}
        self._roster = sorted(roster)
        self._days = sorted(frozenset[date]().union(*(each.days for each in roster)))
        self._candidacies = {visit.case: self._candidacy(visit) for visit in visits}

        self._rearranging = Rearrangement(self.board, self._candidacies, _ATTEMPTS)

    def place_all(self) -> dict[str, bool]:
        """Place what can be placed; return the other cases, and whether that is proven."""
        blocked: dict[str, bool] = {}
        for visit in self._hardest_first():
            sure = None if self._placed(visit) else self._refusal(visit, blocked)
            if sure is not None:
                blocked[visit.case] = sure
        even_out(self.board, self._candidacies)
        return {
            case: sure
            for case, sure in blocked.items()
            if sure or not self._placed(self._candidacies[case])
        }

    def why(self, case: str, *, sure: bool) -> Blocked:
        """Return which rule keeps the case from being visited, and the nearest choice."""
        visit, needed = self._visits[case], self.board.rules.per_visit
        most = max((len(going) for going in self._going(visit, None)), default=0)
        rule = next((each for each in Rule if self._helps(visit, each)), None)
        alone = rule is not None
        rule = rule or self._first_to_exhaust(visit)
        zh = f"{rule.label.zh}：同一天最多 {most} 人可去，每次须 {needed} 人"
        en = f"{rule.label.en}: at most {most} can go on one day, a visit needs {needed}"
        if not alone:
            zh, en = f"{zh}；只放宽这一条仍不够", f"{en}; waiving this alone is not enough"
        if not sure:
            zh, en = (
                f"{zh}；试排 {_ATTEMPTS} 次未能腾出",
                f"{en}; {_ATTEMPTS} attempts found no room",
            )
        return Blocked(case, rule, Wording(zh, en), self._nearest(visit, rule))

    def _candidacy(self, visit: Visit) -> Candidacy:
        open_to = [each for each in self._roster if not recusals(each, visit, self.board.rules)]
        codes = [each.code for each in open_to]
        days = [day for day in self._days if self._enough_on(day, codes)]
        return Candidacy(
            visit.case,
            tuple(sorted(codes, key=lambda code: self._ticket("inspector", visit.case, code))),
            tuple(sorted(days, key=lambda day: self._ticket("day", visit.case, f"{day}"))),
        )

    def _enough_on(self, day: date, codes: Sequence[str]) -> bool:
        going = sum(self.board.can_go(code, day) for code in codes)
        return going >= self.board.rules.per_visit

    def _hardest_first(self) -> list[Candidacy]:
        return sorted(
            self._candidacies.values(),
            key=lambda each: (len(each.eligible), self._ticket("visit", each.case)),
        )

    def _placed(self, visit: Candidacy) -> bool:
        seat = self.board.best(visit)
        if seat:
            self.board.put(visit.case, seat)
        return seat is not None

    def _refusal(self, visit: Candidacy, blocked: Mapping[str, bool]) -> bool | None:
        """Make room and return None, or say whether it is proven that there is none."""
        eligible = set(visit.eligible)
        for case, sure in blocked.items():
            # Whoever could take this visit could have taken that one.
            if eligible.issubset(self._candidacies[case].eligible):
                return sure
        if not visit.days or len(self.board.seats) >= self._most_visits:
            return True
        if self._rearranging.makes_room(visit):
            return None
        return not self._rearranging.gave_up

    @cached_property
    def _most_visits(self) -> int:
        """More visits than this do not fit into the window, whoever goes where."""
        seats = (
            [self.board.limit(each.code, day) for each in self._roster if day in each.days]
            for day in self._days
        )
        return sum(sum(each) // self.board.rules.per_visit for each in seats)

    def _helps(self, visit: Visit, waived: Rule) -> bool:
        needed = self.board.rules.per_visit
        return any(len(going) >= needed for going in self._going(visit, waived))

    def _nearest(self, visit: Visit, waived: Rule) -> tuple[str, ...]:
        teams = self._going(visit, waived)
        enough = [going for going in teams if len(going) >= self.board.rules.per_visit]
        found = {code for going in enough or teams for code in going}
        return tuple(
            sorted(
                found,
                key=lambda code: (
                    self.board.load[code],
                    self._ticket("inspector", visit.case, code),
                ),
            )
        )

    def _going(self, visit: Visit, waived: Rule | None) -> list[list[str]]:
        """Return for each day of the window who could go when one rule is waived."""
        open_to = [
            each for each in self._roster if recusals(each, visit, self.board.rules) <= {waived}
        ]
        return [
            [each.code for each in open_to if self._can_go(each, day, waived)]
            for day in self._days or [date.min]
        ]

    def _can_go(self, inspector: Inspector, day: date, waived: Rule | None) -> bool:
        present = waived is Rule.ABSENCE or day in inspector.days
        return present and (waived is Rule.CAPACITY or self.board.room(inspector.code, day) > 0)

    def _first_to_exhaust(self, visit: Visit) -> Rule:
        """Return the rule after which too few are left, taking one rule after the other."""
        left, needed = [*self._roster], self.board.rules.per_visit
        if len(left) < needed:
            return Rule.ROSTER
        for rule in (Rule.REACH, Rule.UNIT, Rule.CLUSTER, Rule.HANDS):
            left = [each for each in left if rule not in recusals(each, visit, self.board.rules)]
            if len(left) < needed:
                return rule
        present = max(sum(day in each.days for each in left) for day in self._days or [date.min])
        return Rule.ABSENCE if present < needed else Rule.CAPACITY

    def _ticket(self, *about: str) -> str:
        # Of another purpose than the draw of cases, whatever a case or an inspector is called.
        return ticket(self._key, "\n".join(("bihuan-lookback-visit-1", *about)))
