"""Bounds on the rate and the number of relapsed: published values, brute force, laws."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.faults import Unfit
from rules.lookback import estimates
from rules.lookback.intervals import EXACT, PARTS, clopper_pearson, hypergeometric_interval
from rules.lookback.tails import binomial_at_most, hypergeometric_at_most

SURE = Fraction(95, 100)
HALF = Fraction(25, 1000)
CONFIDENCES = st.sampled_from([Fraction(1, 2), Fraction(9, 10), SURE, Fraction(999, 1000)])


@st.composite
def seen(draw, most=30):
    n = draw(st.integers(1, most))
    return draw(st.integers(0, n)), n


@pytest.mark.parametrize(
    ("relapsed", "n", "low", "high"),
    [
        (0, 0, 0, 1),
        (0, 1, 0, 0.975),
        (1, 1, 0.025, 1),
        (0, 10, 0, 0.308497),  # 1 - 0.025^(1/10)
        (1, 10, 0.002529, 0.445016),
        (5, 10, 0.187086, 0.812914),
        (10, 10, 0.691503, 1),
        (0, 59, 0, 0.060609),
        (4, 20, 0.057334, 0.436614),
        (10, 100, 0.049005, 0.176223),
    ],
)
def test_rates_at_95_percent_as_published(relapsed, n, low, high):
    found = clopper_pearson(relapsed, n, SURE)

    assert tuple(map(float, found)) == pytest.approx((low, high), abs=1e-6)


@given(seen(), CONFIDENCES)
def test_the_rates_bounds_are_the_nearest_billionths_outwards(case, confidence):
    (relapsed, n), risk, part = case, (1 - confidence) / 2, Fraction(1, PARTS)
    low, high = clopper_pearson(relapsed, n, confidence)

    assert low <= Fraction(relapsed, n) <= high
    assert relapsed == 0 or not binomial_at_most(relapsed - 1, n, low).opposite.exceeds(risk)
    assert relapsed == n or not binomial_at_most(relapsed, n, high).exceeds(risk)
    assert relapsed == 0 or binomial_at_most(relapsed - 1, n, low + part).opposite.exceeds(risk)
    assert relapsed == n or binomial_at_most(relapsed, n, high - part).exceeds(risk)


@given(seen(), CONFIDENCES)
def test_those_that_hold_lie_opposite_to_those_that_relapsed(case, confidence):
    relapsed, n = case
    low, high = clopper_pearson(relapsed, n, confidence)

    assert clopper_pearson(n - relapsed, n, confidence) == (1 - high, 1 - low)


@given(seen(), st.tuples(CONFIDENCES, CONFIDENCES).map(sorted))
def test_more_sure_is_wider(case, confidences):
    (narrow, narrow_end), (wide, wide_end) = (clopper_pearson(*case, each) for each in confidences)

    assert wide <= narrow <= narrow_end <= wide_end


@pytest.mark.parametrize("n", range(1, 9))
def test_whatever_the_rate_the_interval_covers_it_often_enough(n):
    intervals = [clopper_pearson(relapsed, n, SURE) for relapsed in range(n + 1)]
    rates = [Fraction(each, 60) for each in range(61)]
    covered = [
        sum(
            comb(n, relapsed) * rate**relapsed * (1 - rate) ** (n - relapsed)
            for relapsed, (low, high) in enumerate(intervals)
            if low <= rate <= high
        )
        for rate in rates
    ]

    assert min(covered) >= SURE


@pytest.mark.parametrize("population", range(1, 13))
def test_the_bounds_in_a_population_are_all_numbers_that_fit(population):
    for n in range(population + 1):
        for relapsed in range(n + 1):
            fitting = [
                number
                for number in range(relapsed, population - n + relapsed + 1)
                if hypergeometric_at_most(relapsed, population, number, n).exceeds(HALF)
                and hypergeometric_at_most(relapsed - 1, population, number, n).opposite.exceeds(
                    HALF
                )
            ]

            found = hypergeometric_interval(relapsed, n, population, SURE)

            assert found == (fitting[0], fitting[-1])
            assert fitting == list(range(fitting[0], fitting[-1] + 1))


@pytest.mark.parametrize("population", [5, 9, 14])
def test_however_many_relapsed_the_bounds_cover_them_often_enough(population):
    for n in range(population + 1):
        bounds = [
            hypergeometric_interval(relapsed, n, population, SURE) for relapsed in range(n + 1)
        ]
        for number in range(population + 1):
            ways = sum(
                comb(number, relapsed) * comb(population - number, n - relapsed)
                for relapsed, (low, high) in enumerate(bounds)
                if low <= number <= high
            )

            assert Fraction(ways, comb(population, n)) >= SURE


@pytest.mark.parametrize(
    ("relapsed", "n", "population", "bounds"),
    [
        (0, 0, 50, (0, 50)),
        (0, 0, 0, (0, 0)),
        (3, 50, 50, (3, 3)),  # all checked
        (0, 59, 1_000_000, (0, 60_607)),
        (50, 1_000, 1_000_000, (37_342, 65_382)),
        (5, 125_000, 125_000, (5, 5)),
    ],
)
def test_bounds_in_a_population_at_95_percent(relapsed, n, population, bounds):
    assert hypergeometric_interval(relapsed, n, population, SURE) == bounds


@settings(max_examples=15)
@given(st.tuples(st.integers(1, 60), st.integers(EXACT + 1, EXACT + 500)))
def test_where_a_float_decides_the_bounds_lie_outside_the_exact_ones(case):
    relapsed, n = case
    low, high = clopper_pearson(relapsed, n, SURE)
    least, most = hypergeometric_interval(relapsed, n, 20 * n, SURE)
    near = Fraction(1, 10**8)

    assert not binomial_at_most(relapsed - 1, n, low).opposite.exceeds(HALF)
    assert not binomial_at_most(relapsed, n, high).exceeds(HALF)
    assert binomial_at_most(relapsed, n, high - near).exceeds(HALF)
    assert not hypergeometric_at_most(relapsed, 20 * n, most + 1, n).exceeds(HALF)
    assert hypergeometric_at_most(relapsed, 20 * n, most, n).exceeds(HALF)
    assert hypergeometric_at_most(relapsed - 1, 20 * n, least, n).opposite.exceeds(HALF)


@given(st.integers(-1, 31), st.integers(0, 30), st.integers(0, 40))
def test_estimated_rates_are_close(number, n, twentieths):
    rate = Fraction(twentieths, 40)

    exact = Fraction(*binomial_at_most(number, n, rate))

    assert estimates.binomial_at_most(number, n, float(rate)) == pytest.approx(
        float(exact), abs=1e-12
    )


@given(st.integers(-1, 31), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_estimated_numbers_are_close(number, n, relapsed, more):
    population = max(n, relapsed) + more

    exact = Fraction(*hypergeometric_at_most(number, population, relapsed, n))
    found = estimates.hypergeometric_at_most(number, population, relapsed, n)

    assert found == pytest.approx(float(exact), abs=1e-12)


@pytest.mark.parametrize("confidence", [Fraction(0), Fraction(1), Fraction(95), Fraction(-1)])
def test_a_confidence_outside_nothing_and_certainty_is_refused(confidence):
    for ask in (
        clopper_pearson,
        lambda *given_to: hypergeometric_interval(*given_to[:2], 9, given_to[2]),
    ):
        with pytest.raises(Unfit) as caught:
            ask(1, 5, confidence)

        assert caught.value.where == "confidence"
