"""Money as plans write it."""

import pytest

from rules.filings.funds import yuan_in


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("500元", 500), ("1.2万元", 12_000), ("1.2 万", 12_000), ("¥3,000", 3_000),
        ("3000", 3_000), ("自筹0.05万元", 500), ("校内经费 8000 元", 8_000), ("２００元", 200),
        ("1.5元", 2), ("1.4元", 1), ("无", 0), ("0", 0), ("1亿元", 100_000_000),
    ],
)  # fmt: skip
def test_one_amount_is_read(written, yuan):
    assert yuan_in(written) == yuan


@pytest.mark.parametrize(
    "written",
    ["", "校内经费", "待定", "500元至800元", "2026年预算", "区拨款和自筹", "99999亿元"],
)
def test_no_amount_or_several_are_left_to_a_reader(written):
    assert yuan_in(written) is None
