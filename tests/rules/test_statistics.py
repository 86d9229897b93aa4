"""Rates are blank without a denominator, and what still runs is neither left out nor made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.deadlines import Stage
from rules.statistics import DEFINITIONS, LET_IT_LIE, Grouping, Stays, rate, survival_quantile


@pytest.mark.parametrize(("part", "whole", "expected"), [(0, 0, None), (0, 4, 0.0), (1, 4, 0.25)])
def test_a_rate_of_nothing_is_blank(part, whole, expected):
    assert rate(part, whole) == expected


@pytest.mark.parametrize(
    ("ended", "running", "share", "days"),
    [
        ({}, {}, 0.5, None),
        ({3: 1}, {}, 0.5, 3),
        ({1: 1, 2: 1, 3: 1, 4: 1}, {}, 0.5, 2),
        ({1: 1, 2: 1, 3: 1, 4: 1}, {}, 0.9, 4),
        ({1: 1}, {5: 1}, 0.5, 1),
        ({1: 1}, {5: 2}, 0.5, None),  # two of three may yet take longer
        ({2: 1, 6: 1}, {3: 1}, 0.5, 6),  # 2/3 left after day 2, then the last at risk ends
        ({2: 1}, {2: 1}, 0.5, 2),  # what runs on the day itself is at risk on it
    ],
)
def test_a_median_counts_what_still_runs_as_at_risk(ended, running, share, days):
    assert survival_quantile(ended, running, share) == days


@given(st.dictionaries(st.integers(0, 50), st.integers(1, 9), min_size=1), st.data())
def test_without_censoring_it_is_the_ordinary_quantile(ended, data):
    share = data.draw(st.sampled_from([0.25, 0.5, 0.75, 0.9]))
    ordered = sorted(day for day, count in ended.items() for _ in range(count))

    found = survival_quantile(ended, {}, share)

    assert sum(day <= found for day in ordered) >= share * len(ordered) - 1e-9
    assert sum(day < found for day in ordered) < share * len(ordered) + 1e-9


def test_a_stay_that_runs_over_is_decided_though_it_has_not_ended():
    stays = Stays()
    stays.add(3, running=False, late=False, count=3)
    stays.add(9, running=True, late=True, count=1)
    stays.add(1, running=True, late=False, count=5)

    assert (stays.decided, stays.on_time_rate) == (4, 0.75)


def test_every_stage_has_somebody_who_let_it_lie():
    assert set(LET_IT_LIE) == set(Stage)


@pytest.mark.parametrize("each", [*DEFINITIONS.values(), *(group.label for group in Grouping)])
def test_every_figure_is_defined_in_both_languages(each):
    assert each.zh
    assert each.en
