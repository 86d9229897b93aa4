"""What a stratum's findings say: accepted, rejected or still open, and how many have relapsed."""

from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from rules.lookback.discovery import chance_to_see, relapsed_at
from rules.lookback.intervals import clopper_pearson, hypergeometric_interval
from rules.lookback.sizes import StratumSize
from rules.wording import Wording

CONFIDENCE = Fraction(95, 100)


class Decision(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    OPEN = "open"

    @property
    def label(self) -> Wording:
        return _DECISIONS[self]


class Tally(NamedTuple):
    """How many drawn cases have which finding; ``pending`` have none yet."""

    holds: int
    relapsed: int
    no_access: int
    not_applicable: int
    pending: int

    @property
    def checked(self) -> int:
        """How many were seen; a closed gate and a case that no longer applies show nothing."""
        return self.holds + self.relapsed


class StratumVerdict(NamedTuple):
    """``rate`` is that of the checked, ``interval`` of where they come from, at the confidence.

    ``bound_in_population`` says how many of the stratum itself have relapsed, at least and at
    most: those not applicable are taken out of it, those not seen are left in, as if not drawn.
    ``short`` says how many more must be checked before the stratum can be accepted.
    """

    decision: Decision
    checked: int
    relapsed: int
    rate: Fraction | None
    interval: tuple[Fraction, Fraction]
    bound_in_population: tuple[int, int]
    short: int


def judge(
    size: StratumSize,
    tally: Tally,
    confidence: Fraction = CONFIDENCE,
    *,
    nothing_left: bool = False,
) -> StratumVerdict:
    """Judge a stratum by what was found so far.

    It is rejected as soon as Re have relapsed, whatever is pending. It is accepted once enough
    are checked and no visit is pending, or a suspicious case could be left out for another one;
    ``nothing_left`` says that the whole stratum is drawn, so that there cannot be more.
    """
    checked, relapsed = tally.checked, tally.relapsed
    applicable = size.population - tally.not_applicable
    return StratumVerdict(
        decision=_decide(size, tally, nothing_left=nothing_left),
        checked=checked,
        relapsed=relapsed,
        rate=Fraction(relapsed, checked) if checked else None,
        interval=clopper_pearson(relapsed, checked, confidence),
        bound_in_population=hypergeometric_interval(relapsed, checked, applicable, confidence),
        short=0 if nothing_left else max(0, size.n - checked),
    )


def power(population: int, sample: int, rate: Fraction) -> Fraction:
    """Return the chance that a sample shows a relapse if so many of the population relapsed."""
    return chance_to_see(population, sample, relapsed_at(population, rate))


def _decide(size: StratumSize, tally: Tally, *, nothing_left: bool) -> Decision:
    if tally.relapsed >= size.re:
        return Decision.REJECTED
    enough = nothing_left or tally.checked >= size.n
    return Decision.ACCEPTED if enough and not tally.pending else Decision.OPEN


_DECISIONS = {
    Decision.ACCEPTED: Wording("合格", "accepted"),
    Decision.REJECTED: Wording("不合格", "rejected"),
    Decision.OPEN: Wording("未定", "open"),
}
