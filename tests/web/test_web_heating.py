"""Shades of heat: relative to the worst, on both sides of every bound."""

import pytest

from casework.heat import Heat
from web.heating import shades


def a_place(late):
    return Heat("P", "片区", late, late, 0)


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        ([], []),
        ([0, 0], [0, 0]),
        ([1], [4]),
        ([0, 1, 25, 26, 50, 51, 75, 76, 100], [0, 1, 1, 2, 2, 3, 3, 4, 4]),
    ],
)
def test_the_worst_is_the_warmest_and_nothing_late_is_cold(late, expected):
    assert shades([a_place(each) for each in late]) == expected
