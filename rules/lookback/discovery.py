"""How many to look at to be this sure of seeing a relapse, if so many have relapsed."""

from fractions import Fraction
from functools import partial
from math import perm

from rules.faults import Unfit
from rules.lookback.tails import binomial_at_most, first, hypergeometric_at_most
from rules.wording import Wording

# No published table goes further (AICPA Audit Sampling 2017, A-1 and A-2), nor can a look-back.
LARGEST_WITHOUT_LIMIT = 5_000

_LONGEST_PRODUCT = 2_000  # factors; a thousandth of a second
_ROUNDED_TO = 10**12
_FINER = 10**12  # each rounding below loses less than this part of the last digit kept


def size_for(population: int, rate: Fraction, confidence: Fraction, tolerated: int = 0) -> int:
    """Return the smallest sample that shows more than ``tolerated`` relapsed, this surely.

    Exact for a finite population of which ``relapsed_at(population, rate)`` have relapsed; the
    whole population where these are not more than ``tolerated``. ``rate`` and ``confidence``
    lie between 0 and 1; raises Unfit. Source of the method: GAO/PCIE Financial Audit Manual 450.
    """
    _refuse_unfit(rate=rate, confidence=confidence)
    relapsed = relapsed_at(population, rate)
    if relapsed <= tolerated:
        return population
    risk = 1 - confidence

    def suffices(sample: int) -> bool:
        return not hypergeometric_at_most(tolerated, population, relapsed, sample).exceeds(risk)

    return first(suffices, 1, population, near=1)


def size_without_limit(
    rate: Fraction, confidence: Fraction, *, expected: Fraction = Fraction(0)
) -> int:
    """Return the smallest sample for a population without end (AICPA 2017, table A-1).

    If ``rate`` have relapsed, the chance of seeing no more than ``expected`` of the sample,
    rounded up to whole cases, is at most 1 - confidence. Raises Unfit for rates or confidences
    outside 0 to 1, and above ``LARGEST_WITHOUT_LIMIT``.
    """
    _refuse_unfit(rate=rate, confidence=confidence)
    if not 0 <= expected < rate:
        raise _not_below_rate(expected, rate)
    risk, smallest, tolerated = 1 - confidence, 1, 0
    while smallest <= LARGEST_WITHOUT_LIMIT:
        largest = _largest_tolerating(tolerated, expected)
        if _convinces(largest, seen=tolerated, rate=rate, risk=risk):
            convinces = partial(_convinces, seen=tolerated, rate=rate, risk=risk)
            return first(convinces, smallest, largest, near=smallest)
        smallest, tolerated = largest + 1, tolerated + 1
    raise _too_large(rate, expected)


def relapsed_at(population: int, rate: Fraction) -> int:
    """Return how many of a population a rate means: rounded down, but one unless it is empty."""
    return max(min(population, 1), int(population * rate))


def chance_to_see(population: int, sample: int, relapsed: int) -> Fraction:
    """Return the chance that a sample shows at least one of the relapsed.

    Exact up to 2,000 sampled or relapsed, whichever is less; beyond, rounded down to 10^-12.
    """
    drawn, marked = sorted((sample, relapsed))
    if drawn + marked > population:
        return Fraction(1)
    if drawn <= _LONGEST_PRODUCT:
        return 1 - Fraction(perm(population - marked, drawn), perm(population, drawn))
    return Fraction(_ROUNDED_TO - _none_rounded_up(population, drawn, marked), _ROUNDED_TO)


def _none_rounded_up(population: int, drawn: int, marked: int) -> int:
    """Return the chance of seeing none in parts of ``_ROUNDED_TO``, at least 1 of them."""
    left = _ROUNDED_TO * _FINER
    for each in range(drawn):
        left = -(-left * (population - marked - each) // (population - each))
        if left <= _FINER:
            return 1
    return -(-left // _FINER)


def _convinces(sample: int, *, seen: int, rate: Fraction, risk: Fraction) -> bool:
    return not binomial_at_most(seen, sample, rate).exceeds(risk)


def _largest_tolerating(tolerated: int, expected: Fraction) -> int:
    """Return the largest sample in which the expected, rounded up, are so many."""
    largest = tolerated // expected if expected else LARGEST_WITHOUT_LIMIT
    return min(largest, LARGEST_WITHOUT_LIMIT)


def _refuse_unfit(**shares: Fraction) -> None:
    for name, share in shares.items():
        if not 0 < share < 1:
            raise Unfit(
                Wording(
                    f"{_shown(share)} 不在 0 与 100% 之间",
                    f"{_shown(share)} is not within 0 to 100%",
                ),
                remedy=Wording("例如 5% 或 0.05。", "For example 5% or 0.05."),
                where=name,
            )


def _not_below_rate(expected: Fraction, rate: Fraction) -> Unfit:
    less, more = _shown(expected), _shown(rate)
    return Unfit(
        Wording(
            f"预期复发率 {less} 须小于可容忍复发率 {more}，且不为负",
            f"the expected rate {less} must be below the tolerable rate {more} and not below 0",
        ),
        remedy=Wording("降低预期，或提高可容忍复发率。", "Expect less, or tolerate more."),
        where="expected",
    )


def _too_large(rate: Fraction, expected: Fraction) -> Unfit:
    less, more, largest = _shown(expected), _shown(rate), LARGEST_WITHOUT_LIMIT
    return Unfit(
        Wording(
            f"预期 {less} 与可容忍 {more} 相差太小，样本量超过 {largest}",
            f"{less} expected and {more} tolerable take a sample of more than {largest}",
        ),
        remedy=Wording("拉开两者差距，或降低置信度。", "Set them apart, or be less sure."),
        where="expected",
    )


def _shown(share: Fraction) -> str:
    return f"{float(share * 100):g}%"
