"""Who comes first, and how many of each cluster may be chosen as models 标杆."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from rules.scoring.acts import ScoringResult


class Candidate(NamedTuple):
    """``total`` are the points of its sheet: those of two versions are compared as shares."""

    unit: str
    cluster: str
    points: int
    automatic: int
    result: ScoringResult
    honoured: bool
    total: int


class Place(NamedTuple):
    """``rank`` is within the cluster; equals share one. ``chosen`` is a model."""

    candidate: Candidate
    rank: int
    chosen: bool


def quotas(units: Mapping[str, int], percent: int) -> dict[str, int]:
    """Return how many units of each cluster may be chosen, by the number of units in it.

    All places are ``percent`` of all units, rounded half up, at least one where there is a unit.
    Each cluster has the whole part of its share; the places left go to the largest remainders,
    of equal ones to the cluster whose code comes first.
    """
    every = sum(units.values())
    places = max(min(every, 1), (every * percent + 50) // 100)
    whole = {each: places * count // max(every, 1) for each, count in units.items()}
    left = places - sum(whole.values())
    order = sorted(units, key=lambda each: (-(places * units[each] % max(every, 1)), each))
    return {each: whole[each] + (each in order[:left]) for each in units}


def ranked(candidates: Sequence[Candidate], quota: Mapping[str, int]) -> list[Place]:
    """Return the candidates cluster by cluster, the best first.

    A vetoed one comes last. Of equal points, more points reckoned from the data come first, then
    the unit's code. Chosen are those who passed and bear the honour, as far as the quota goes.
    """
    order = sorted(candidates, key=lambda each: (each.cluster, *_worth(each), each.unit))
    given: dict[str, int] = {}
    found: list[Place] = []
    for each in order:
        eligible = each.result is ScoringResult.PASSED and each.honoured
        chosen = eligible and given.get(each.cluster, 0) < quota.get(each.cluster, 0)
        given[each.cluster] = given.get(each.cluster, 0) + chosen
        found.append(Place(each, _rank(each, order), chosen))
    return found


def _worth(each: Candidate) -> tuple[bool, Fraction, Fraction]:
    vetoed = each.result is ScoringResult.VETOED
    return vetoed, Fraction(-each.points, each.total), Fraction(-each.automatic, each.total)


def _rank(each: Candidate, among: Sequence[Candidate]) -> int:
    better = (
        other for other in among if other.cluster == each.cluster and _worth(other) < _worth(each)
    )
    return 1 + sum(1 for _ in better)
