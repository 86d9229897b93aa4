"""Samples large enough to see a relapse: published tables, brute force, and laws."""

import csv
from fractions import Fraction
from itertools import combinations, product
from math import comb, prod
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.faults import Unfit
from rules.lookback.discovery import (
    LARGEST_WITHOUT_LIMIT,
    chance_to_see,
    relapsed_at,
    size_for,
    size_without_limit,
)
from rules.lookback.tails import binomial_at_most, first, hypergeometric_at_most

TABLE = Path(__file__).parent / "data" / "discovery_hypergeom_computed.csv"
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
MILLION = 1_000_000
SHARES = st.fractions(Fraction(1, 200), Fraction(199, 200), max_denominator=200)


def percent(text):
    return Fraction(text) / 100


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['N']} at {row['rate']}")
def test_every_cell_of_the_computed_table(row):
    population, rate = int(row["N"]), Fraction(row["rate"])
    sizes = [size_for(population, rate, percent(sure)) for sure in ("90", "95", "99")]

    assert relapsed_at(population, rate) == int(row["D=floor(N*rate)"])
    assert sizes == [int(row[key]) for key in ("n90", "n95", "n99")]


def test_the_sizes_of_the_financial_audit_manual():
    """PracTools and GAO FAM 450: N = 5000, 5 %, 90 % sure, up to 0 … 4 tolerated."""
    sizes = [size_for(5000, percent("5"), percent("90"), seen) for seen in range(5)]

    assert sizes == [45, 76, 105, 131, 157]


def test_the_published_row_with_none_expected():
    """AICPA Audit Sampling 2017, table A-1: 5 % risk, zero expected."""
    rates = ["2", "3", "4", "5", "6", "7", "8", "9", "10", "15", "20"]
    sizes = [size_without_limit(percent(rate), percent("95")) for rate in rates]

    assert sizes == [149, 99, 74, 59, 49, 42, 36, 32, 29, 19, 14]


@pytest.mark.parametrize(
    ("rate", "expected", "size"),
    [
        ("5", "3.5", 400),  # 3.5 % of 400 is 14; in floating point a little more, and 423
        ("7", "3.25", 113),  # printed 112, at which the risk is 10.07 %
        ("7", "6", 1150),
    ],
)
def test_sizes_with_some_expected_at_ten_percent_risk(rate, expected, size):
    asked = size_without_limit(percent(rate), percent("90"), expected=percent(expected))

    assert asked == size


def test_the_printed_112_is_not_enough():
    assert binomial_at_most(4, 112, percent("7")).exceeds(percent("10"))
    assert not binomial_at_most(4, 113, percent("7")).exceeds(percent("10"))


@pytest.mark.parametrize(
    ("population", "rate", "size"),
    [
        (0, "5", 0),
        (1, "5", 1),
        (19, "5", 19),  # one of 19: 18 of 19 is 94.7 %
        (20, "5", 19),  # 19 of 20 is 95 % to the dot
        (MILLION, "5", 59),
        (MILLION, "0.0001", 950_000),  # one in a million, 95 % to the dot
    ],
)
def test_sizes_at_95_percent(population, rate, size):
    assert size_for(population, percent(rate), percent("95")) == size


@pytest.mark.parametrize(("tolerated", "size"), [(4, 100), (5, 100), (6, 100)])
def test_as_many_tolerated_as_can_have_relapsed_takes_all(tolerated, size):
    assert size_for(100, percent("5"), percent("99.99"), tolerated) == size


@given(st.integers(1, 400), SHARES, SHARES, st.integers(0, 3))
def test_the_size_is_just_enough(population, rate, confidence, tolerated):
    size = size_for(population, rate, confidence, tolerated)
    relapsed = relapsed_at(population, rate)
    risks = [
        Fraction(*hypergeometric_at_most(tolerated, population, relapsed, sample))
        for sample in (size - 1, size)
    ]

    assert risks[0] > 1 - confidence
    assert risks[1] <= 1 - confidence or relapsed <= tolerated


@given(st.integers(1, 400), st.tuples(SHARES, SHARES).map(sorted), SHARES)
def test_more_sure_takes_more(population, confidences, rate):
    less, more = (size_for(population, rate, each) for each in confidences)

    assert less <= more


@given(st.integers(1, 400), st.tuples(SHARES, SHARES).map(sorted), SHARES)
def test_a_higher_rate_takes_less(population, rates, confidence):
    rare, common = (size_for(population, each, confidence) for each in rates)

    assert rare >= common


@given(SHARES, SHARES)
def test_no_finite_population_takes_more_than_an_endless_one(rate, confidence):
    population = 200 * rate.denominator  # so that the rate is met exactly

    assert size_for(population, rate, confidence) <= size_without_limit(rate, confidence)


@pytest.mark.parametrize("population", range(1, 8))
def test_chances_are_those_of_counting_every_sample(population):
    for relapsed, size in product(range(population + 1), repeat=2):
        samples = list(combinations(range(population), size))
        shown = [sum(case < relapsed for case in sample) for sample in samples]
        for seen in range(-1, size + 2):
            odds = hypergeometric_at_most(seen, population, relapsed, size)
            assert Fraction(*odds) == Fraction(sum(each <= seen for each in shown), len(samples))
        at_least_one = Fraction(sum(each > 0 for each in shown), len(samples))
        assert chance_to_see(population, size, relapsed) == at_least_one


@given(st.integers(0, 12), SHARES, st.integers(-1, 13))
def test_chances_without_end_are_the_sum_of_their_terms(sample, rate, seen):
    terms = [
        comb(sample, each) * rate**each * (1 - rate) ** (sample - each)
        for each in range(min(seen, sample) + 1)
    ]

    assert Fraction(*binomial_at_most(seen, sample, rate)) == sum(terms)


@pytest.mark.parametrize(("sample", "relapsed"), [(2001, 2001), (2001, 9000), (50_000, 2_100)])
def test_a_chance_too_long_to_write_is_rounded_down(sample, relapsed):
    steps = [Fraction(MILLION - relapsed - each, MILLION - each) for each in range(sample)]
    shown = 1 - float(chance_to_see(MILLION, sample, relapsed))

    assert shown == pytest.approx(prod(map(float, steps)), abs=2e-12)
    assert chance_to_see(MILLION, sample, relapsed) < 1


@pytest.mark.parametrize(("sample", "certain"), [(950_000, False), (950_001, True)])
def test_only_a_sample_larger_than_all_others_is_certain(sample, certain):
    assert (chance_to_see(MILLION, sample, 50_000) == 1) is certain


@given(st.integers(-5, 60), st.integers(0, 60), st.integers(-9, 70))
def test_the_search_finds_the_turn_from_wherever_it_starts(low, length, near):
    high = low + length
    found = [first(lambda n, turn=turn: n >= turn, low, high, near=near) for turn in (low, high)]

    assert found == [low, high]


def test_the_search_asks_twice_when_it_starts_right():
    asked = []

    assert first(lambda n: asked.append(n) or n >= 700, 1, MILLION, near=700) == 700
    assert asked == [700, 699]


@pytest.mark.parametrize(
    ("rate", "confidence", "where"),
    [
        ("0", "95", "rate"),
        ("100", "95", "rate"),
        ("-1", "95", "rate"),
        ("5", "0", "confidence"),
        ("5", "100", "confidence"),
        ("5", "9500", "confidence"),
    ],
)
def test_shares_outside_nothing_and_all_are_refused(rate, confidence, where):
    for ask in (lambda *given_to: size_for(100, *given_to), size_without_limit):
        with pytest.raises(Unfit) as caught:
            ask(percent(rate), percent(confidence))

        assert caught.value.where == where
        assert "5%" in caught.value.say("zh")


@pytest.mark.parametrize("expected", ["5", "6", "-1"])
def test_what_is_expected_must_be_below_what_is_tolerable(expected):
    with pytest.raises(Unfit, match="expected rate"):
        size_without_limit(percent("5"), percent("95"), expected=percent(expected))


@pytest.mark.parametrize(("rate", "expected"), [("5", "4.9"), ("0.05", "0"), ("0.0000001", "0")])
def test_a_size_beyond_every_published_table_is_refused(rate, expected):
    with pytest.raises(Unfit, match=str(LARGEST_WITHOUT_LIMIT)):
        size_without_limit(percent(rate), percent("95"), expected=percent(expected))
