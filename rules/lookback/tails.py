"""Chances of seeing at most so many relapsed, in whole numbers, and the search for where they turn.

Nothing here is rounded: 5 % and 3.5 % are a twentieth and seven two-hundredths.
"""

from collections.abc import Callable
from fractions import Fraction
from math import comb
from typing import NamedTuple


class Odds(NamedTuple):
    """A chance of ``parts`` in ``whole``, not reduced: that would cost more than finding it."""

    parts: int
    whole: int

    def exceeds(self, limit: Fraction) -> bool:
        return self.parts * limit.denominator > limit.numerator * self.whole

    @property
    def opposite(self) -> "Odds":
        return Odds(self.whole - self.parts, self.whole)


def hypergeometric_at_most(seen: int, population: int, relapsed: int, sample: int) -> Odds:
    """Return the chance that a sample shows at most ``seen`` of the relapsed of a population.

    The time grows with the smaller of ``sample`` and ``relapsed``, and with ``seen``.
    """
    drawn, marked = sorted((sample, relapsed))  # the same chance whichever is called the sample
    if seen >= drawn:
        return Odds(1, 1)
    if 2 * seen > drawn:
        return hypergeometric_at_most(
            drawn - seen - 1, population, population - marked, drawn
        ).opposite
    return Odds(_ways_at_most(seen, population, marked, drawn), comb(population, drawn))


def binomial_at_most(seen: int, sample: int, rate: Fraction) -> Odds:
    """Return the chance that a sample of an endless population shows at most ``seen`` relapsed.

    The time grows with the square of ``sample``.
    """
    if not 0 <= seen < sample:
        return Odds(int(seen >= 0), 1)
    if 2 * seen > sample:
        return binomial_at_most(sample - seen - 1, sample, 1 - rate).opposite
    yes, no = rate.numerator, rate.denominator - rate.numerator
    ways = total = 1
    for each in range(1, seen + 1):
        ways = ways * (sample - each + 1) * yes // each
        total = total * no + ways
    return Odds(total * no ** (sample - seen), rate.denominator**sample)


def first(holds: Callable[[int], bool], low: int, high: int, *, near: int) -> int:
    """Return the smallest number from ``low`` to ``high`` for which something holds.

    It must go on holding from there on; ``high`` is taken to hold without being asked. Asked
    first at ``near``, then ever further away: two questions when ``near`` is right.
    """
    below, above, step = low - 1, high, 1
    probe = min(max(near, low), high)
    while above - below > 1:
        if holds(probe):
            above, probe = probe, probe - step
        else:
            below, probe = probe, probe + step
        step *= 2
        if not below < probe < above:
            probe = (below + above) // 2
    return above


def _ways_at_most(seen: int, population: int, marked: int, drawn: int) -> int:
    others = population - marked
    least = max(0, drawn - others)
    if seen < least:
        return 0
    total = ways = comb(marked, least) * comb(others, drawn - least)
    for now in range(least, seen):
        grows = (marked - now) * (drawn - now)
        ways = ways * grows // ((now + 1) * (others - drawn + now + 1))
        total += ways
    return total
