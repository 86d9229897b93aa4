"""Money as plans write it: 500元, 1.2万元, ¥3,000; in whole yuan, halves up."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

_AMOUNT = re.compile(r"(?<![\d.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(亿|万|千|百)?\s*(?:元|圆|块)?")
_MARKED = re.compile(r"元|圆|块|万|亿|¥|人民币|^[\d,.\s]+$")
_TIMES = {"": 1, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_MOST = 10**12
"""Beyond a million million yuan a digit slipped."""


def yuan_in(text: str) -> int | None:
    """Return the yuan of the one amount that is written in ``text``; None when there is none, or
    more than one, for whoever reads it to decide.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain in _NOTHING:
        return 0
    found = _AMOUNT.findall(plain) if _MARKED.search(plain) else []
    if len(found) != 1:
        return None
    whole, fraction, times = found[0]
    amount = Decimal(whole.replace(",", "") + fraction) * _TIMES[times]
    yuan = int(amount.quantize(Decimal(1), ROUND_HALF_UP))
    return yuan if yuan <= _MOST else None


_NOTHING = frozenset({"无", "无需", "不需要", "0", "0元", "none", "-", "/"})
