"""Chances of seeing at most so many relapsed, in floating point: where to look, not what is so.

Their error grows with the population, to about 10^-8 of the chance at a million.
"""

from collections.abc import Iterable
from math import exp, lgamma, log, log1p

_NEGLIGIBLE = 1e-17  # of the sum: below the last digit of a float


def binomial_at_most(seen: int, sample: int, rate: float) -> float:
    """Return about the chance that ``tails.binomial_at_most`` counts out."""
    if seen < 0 or seen >= sample or not 0 < rate < 1:
        return float(seen >= 0 and (seen >= sample or rate <= 0))
    odds = rate / (1 - rate)
    if seen < sample * rate:
        downwards = (i / ((sample - i + 1) * odds) for i in range(seen, 0, -1))
        return _sum(_binomial(seen, sample, rate), downwards)
    upwards = ((sample - i) * odds / (i + 1) for i in range(seen + 1, sample))
    return 1 - _sum(_binomial(seen + 1, sample, rate), upwards)


def hypergeometric_at_most(seen: int, population: int, relapsed: int, sample: int) -> float:
    """Return about the chance that ``tails.hypergeometric_at_most`` counts out."""
    spare = population - relapsed - sample  # below 0, so many relapsed are seen at least
    least, most = max(0, -spare), min(sample, relapsed)
    if seen < least or seen >= most:
        return float(seen >= most)
    if seen * population < sample * relapsed:
        downwards = (
            i * (spare + i) / ((relapsed - i + 1) * (sample - i + 1))
            for i in range(seen, least, -1)
        )
        return _sum(_hypergeometric(seen, population, relapsed, sample), downwards)
    upwards = (
        (relapsed - i) * (sample - i) / ((i + 1) * (spare + i + 1)) for i in range(seen + 1, most)
    )
    return 1 - _sum(_hypergeometric(seen + 1, population, relapsed, sample), upwards)


def _sum(term: float, ratios: Iterable[float]) -> float:
    """Return the sum of terms of which each is the one before it times the next ratio."""
    total = term
    for ratio in ratios:
        term *= ratio
        total += term
        if term <= total * _NEGLIGIBLE:
            break
    return total


def _binomial(seen: int, sample: int, rate: float) -> float:
    return exp(_log_comb(sample, seen) + seen * log(rate) + (sample - seen) * log1p(-rate))


def _hypergeometric(seen: int, population: int, relapsed: int, sample: int) -> float:
    return exp(
        _log_comb(relapsed, seen)
        + _log_comb(population - relapsed, sample - seen)
        - _log_comb(population, sample)
    )


def _log_comb(among: int, chosen: int) -> float:
    return lgamma(among + 1) - lgamma(chosen + 1) - lgamma(among - chosen + 1)
