"""How a total is shared among strata: in proportion, at least one each, never more than there are.

Each stratum's share is the same multiple of its weight, held between one and its population
(largest remainder, floor of one). Reckoned in fractions, so that ties are ties.
"""

from bisect import bisect_right
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from itertools import chain

from rules.faults import Unfit
from rules.wording import Wording


class Allocation(StrEnum):
    PROPORTIONAL = "proportional"
    RISK_WEIGHTED = "risk_weighted"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


def allocate(
    total: int, weights: Mapping[str, int | Fraction], caps: Mapping[str, int]
) -> dict[str, int]:
    """Share a total among the strata of ``caps`` (their populations), in the order of ``caps``.

    Every stratum with a population gets at least one, so that a total below the number of strata
    yields that number; none gets more than its population, the rest goes to the others. The sum
    is min(max(total, strata), populations). Equal remainders go by key. Raises Unfit when a
    weight is missing or not above 0.
    """
    shares = _shares(total, weights, {key: cap for key, cap in caps.items() if cap > 0})
    given = {key: int(share) for key, share in shares.items()}
    left = int(sum(shares.values())) - sum(given.values())
    by_remainder = sorted(shares, key=lambda key: (given[key] - shares[key], key))
    for key in by_remainder[:left]:
        given[key] += 1
    return {key: given.get(key, 0) for key in caps}


def _shares(
    total: int, weights: Mapping[str, int | Fraction], caps: Mapping[str, int]
) -> dict[str, Fraction]:
    """Return exact shares between one and the cap that add up to a whole number."""
    exact = {key: _weight(weights, key) for key in caps}
    target = min(max(total, len(caps)), sum(caps.values()))
    multiple = _multiple(target, exact, caps) if caps else Fraction(0)
    return {key: _held(multiple * exact[key], caps[key]) for key in caps}


def _weight(weights: Mapping[str, int | Fraction], key: str) -> Fraction:
    weight = Fraction(weights.get(key, 0))
    if weight <= 0:
        raise Unfit(
            Wording(f"“{key}”的权重须大于 0", f"the weight of {key!r} must be above 0"),
            remedy=Wording("例如 1 或 3/2。", "For example 1 or 3/2."),
            where=key,
        )
    return weight


def _multiple(target: int, weights: Mapping[str, Fraction], caps: Mapping[str, int]) -> Fraction:
    """Return the multiple of the weights at which the shares add up to the target.

    Their sum grows in straight lines between the multiples where a share leaves one or reaches
    its cap, so the last of those not beyond the target and one division give it exactly.
    """
    bends = sorted(
        set(chain.from_iterable((1 / weights[key], caps[key] / weights[key]) for key in caps))
    )

    def sum_at(multiple: Fraction) -> Fraction:
        return sum((_held(multiple * weights[key], caps[key]) for key in caps), Fraction(0))

    bend = bends[bisect_right(bends, Fraction(target), key=sum_at) - 1]
    growing = sum(weights[key] for key in caps if 1 <= bend * weights[key] < caps[key])
    return bend + (target - sum_at(bend)) / growing if growing else bend


def _held(share: Fraction, cap: int) -> Fraction:
    return min(max(share, Fraction(1)), Fraction(cap))


_LABELS = {
    Allocation.PROPORTIONAL: Wording("按数量比例", "in proportion"),
    Allocation.RISK_WEIGHTED: Wording("按风险加权", "weighted by risk"),
}
