"""What every allocation keeps to, and what some come to."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.faults import Unfit
from rules.lookback.allocation import Allocation, allocate

CAPS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 60), max_size=9)
FACTORS = st.fractions(Fraction(1, 9), 9, max_denominator=9)


@st.composite
def cases(draw):
    caps = draw(CAPS)
    weights = {key: draw(FACTORS) * max(1, cap) for key, cap in caps.items()}
    return draw(st.integers(0, 400)), weights, caps


@given(cases())
def test_the_sum_is_the_total_within_what_is_possible(case):
    total, _, caps = case
    strata = sum(cap > 0 for cap in caps.values())

    assert sum(allocate(*case).values()) == min(max(total, strata), sum(caps.values()))


@given(cases())
def test_every_stratum_that_has_cases_gets_one_and_none_more_than_it_has(case):
    given_to, caps = allocate(*case), case[2]

    assert list(given_to) == list(caps)
    assert all(min(1, cap) <= given_to[key] <= cap for key, cap in caps.items())


@given(cases())
def test_strata_neither_raised_nor_held_down_are_within_one_of_proportion(case):
    _, weights, caps = case
    given_to = allocate(*case)
    free = [key for key in caps if 1 < given_to[key] < caps[key]]
    ranges = [
        ((given_to[key] - 1) / weights[key], (given_to[key] + 1) / weights[key]) for key in free
    ]

    assert max((low for low, _ in ranges), default=0) < min((high for _, high in ranges), default=1)


@given(cases())
def test_the_order_in_which_strata_come_changes_nothing(case):
    total, weights, caps = case

    assert allocate(total, weights, dict(reversed(caps.items()))) == allocate(*case)


@given(cases(), st.integers(2, 5))
def test_only_the_ratio_of_weights_matters(case, factor):
    total, weights, caps = case

    assert allocate(total, {key: weights[key] * factor for key in caps}, caps) == allocate(*case)


@given(cases())
def test_a_larger_weight_never_gets_less_where_there_is_enough(case):
    total, weights, caps = case
    roomy = dict.fromkeys(caps, 1_000)
    given_to = allocate(total, weights, roomy)
    ordered = [given_to[key] for key in sorted(caps, key=lambda key: (weights[key], given_to[key]))]

    assert ordered == sorted(ordered)


@pytest.mark.parametrize(
    ("total", "caps", "expected"),
    [
        (10, {"a": 500, "b": 300, "c": 200}, {"a": 5, "b": 3, "c": 2}),
        (10, {"a": 550, "b": 300, "c": 150}, {"a": 6, "b": 3, "c": 1}),  # a tie: the first key
        (10, {"c": 150, "b": 300, "a": 550}, {"a": 6, "b": 3, "c": 1}),
        (3, {"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 1, "c": 1}),
        (2, {"a": 90, "b": 5, "c": 5}, {"a": 1, "b": 1, "c": 1}),  # the floor wins
        (3, {"a": 90, "b": 5, "c": 5}, {"a": 1, "b": 1, "c": 1}),
        (4, {"a": 90, "b": 5, "c": 5}, {"a": 2, "b": 1, "c": 1}),
        (100, {"a": 998, "b": 1, "c": 1}, {"a": 98, "b": 1, "c": 1}),
        (100, {"a": 60, "b": 0, "c": 40}, {"a": 60, "b": 0, "c": 40}),
        (101, {"a": 60, "b": 0, "c": 40}, {"a": 60, "b": 0, "c": 40}),
        (0, {"a": 0}, {"a": 0}),
        (5, {}, {}),
    ],
)
def test_in_proportion(total, caps, expected):
    assert allocate(total, caps, caps) == expected


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (3, {"a": 1, "b": 1, "c": 1}),
        (12, {"a": 4, "b": 7, "c": 1}),
        (20, {"a": 9, "b": 10, "c": 1}),  # b has no more; a and c share what it leaves
        (60, {"a": 43, "b": 10, "c": 7}),
        (120, {"a": 100, "b": 10, "c": 10}),
    ],
)
def test_weighted_by_risk(total, expected):
    caps = {"a": 100, "b": 10, "c": 10}
    weights = {"a": 100 * Fraction(1), "b": 10 * Fraction(20), "c": 10 * Fraction(3, 2)}

    assert allocate(total, weights, caps) == expected


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": -1}, {"a": Fraction(-1, 2)}])
def test_a_weight_missing_or_not_above_nothing_is_named(weights):
    with pytest.raises(Unfit) as caught:
        allocate(1, weights, {"a": 5})

    assert caught.value.where == "a"


def test_an_empty_stratum_needs_no_weight():
    assert allocate(1, {"a": 1}, {"a": 5, "b": 0}) == {"a": 1, "b": 0}


def test_allocations_have_chinese_names():
    assert [each.label.zh for each in Allocation] == ["按数量比例", "按风险加权"]
