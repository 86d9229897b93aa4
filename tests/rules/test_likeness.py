"""When two tellings may be of one hazard."""

import pytest

from rules.query.likeness import LIKE, likeness, words_of

TOLD = "二楼东侧灭火器压力不足"


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ("二楼东侧灭火器压力不足", True),
        ("灭火器压力不足", True),  # the whole of it stands in the longer one
        ("二楼灭火器压力不足、已过期", True),
        ("灭火器过期", True),  # 灭火 and 火器 of four grams: just half
        ("灭火器已过期", False),  # two of five
        ("灭火器", False),  # two grams say nothing
        ("校车未年检", False),
        ("", False),
    ],
)
def test_what_is_like_what_is_told(other, alike):
    assert (likeness(words_of(TOLD), words_of(other)) >= LIKE) is alike


def test_width_case_and_order_of_the_two_make_no_difference():
    one, other = words_of("Ａ栋 LAB 通风柜失灵"), words_of("a栋lab通风柜失灵")

    assert likeness(one, other) == likeness(other, one) >= LIKE
