"""Between which bounds the relapsed lie, given what a sample showed.

A bound is where the chance of what was seen falls to half the risk. Up to ``EXACT`` checked, whole
numbers decide it and a float only says where to look first.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from rules.faults import Unfit
from rules.lookback import estimates, tails
from rules.wording import Wording

PARTS = 10**9  # a rate's bounds are given to a billionth, rounded outwards

# Beyond, whole numbers of many thousand digits would take seconds. A float then decides, widened
# by a hundred times its error at a population of a million.
EXACT = 2_000
_WIDENED = 1 - 1e-6


def clopper_pearson(relapsed: int, n: int, confidence: Fraction) -> tuple[Fraction, Fraction]:
    """Return the lowest and highest rate that fit ``relapsed`` of ``n`` checked.

    Source: Clopper and Pearson, Biometrika 26 (1934): each side leaves half of 1 - confidence.
    Raises Unfit for a confidence outside 0 to 1.
    """
    chance = _Chance(
        _half_risk(confidence),
        n <= EXACT,
        lambda seen, part: tails.binomial_at_most(seen, n, Fraction(part, PARTS)),
        lambda seen, part: estimates.binomial_at_most(seen, n, part / PARTS),
    )
    low = chance.first_fitting(relapsed, 1, PARTS) - 1 if relapsed > 0 else 0
    high = chance.first_too_many(relapsed, 0, PARTS) if relapsed < n else PARTS
    return Fraction(low, PARTS), Fraction(high, PARTS)


def hypergeometric_interval(
    relapsed: int, n: int, population: int, confidence: Fraction
) -> tuple[int, int]:
    """Return how many of a population have relapsed, at least and at most.

    All numbers under which what was seen is not too unlikely on either side; certain when all
    are checked. Raises Unfit for a confidence outside 0 to 1.
    """
    chance = _Chance(
        _half_risk(confidence),
        n <= EXACT,
        lambda seen, all_: tails.hypergeometric_at_most(seen, population, all_, n),
        lambda seen, all_: estimates.hypergeometric_at_most(seen, population, all_, n),
    )
    most = population - n + relapsed
    low = chance.first_fitting(relapsed, relapsed, most)
    return low, chance.first_too_many(relapsed, relapsed + 1, most + 1) - 1


class _Chance(NamedTuple):
    """The chance of seeing at most so many, under a value sought; it falls as the value grows."""

    risk: Fraction
    exactly: bool
    counted: Callable[[int, int], tails.Odds]
    estimated: Callable[[int, int], float]

    def first_fitting(self, relapsed: int, low: int, high: int) -> int:
        """Return the smallest value under which seeing so many or more is likely enough."""
        return self._first(
            lambda value: self.counted(relapsed - 1, value).opposite.exceeds(self.risk),
            lambda value: 1 - self.estimated(relapsed - 1, value) > self._limit,
            low,
            high,
        )

    def first_too_many(self, relapsed: int, low: int, high: int) -> int:
        """Return the smallest value under which seeing so few is too unlikely."""
        return self._first(
            lambda value: not self.counted(relapsed, value).exceeds(self.risk),
            lambda value: self.estimated(relapsed, value) <= self._limit,
            low,
            high,
        )

    def _first(
        self,
        counted: Callable[[int], bool],
        estimated: Callable[[int], bool],
        low: int,
        high: int,
    ) -> int:
        near = tails.first(estimated, low, high, near=(low + high) // 2)
        return tails.first(counted, low, high, near=near) if self.exactly else near

    @property
    def _limit(self) -> float:
        return float(self.risk) * (1 if self.exactly else _WIDENED)


def _half_risk(confidence: Fraction) -> Fraction:
    if not 0 < confidence < 1:
        raise Unfit(
            Wording(f"置信度 {confidence} 不在 0 与 1 之间", f"{confidence} is not within 0 to 1"),
            remedy=Wording("例如 95%。", "For example 95%."),
            where="confidence",
        )
    return (1 - confidence) / 2
