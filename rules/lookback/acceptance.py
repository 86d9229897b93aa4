"""Acceptance plans of GB/T 2828.1 (ISO 2859-1): single sampling, normal and tightened."""

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple

from rules.faults import Unfit
from rules.lookback.acceptance_tables import AQLS, CODE_LETTERS, NORMAL, TIGHTENED
from rules.wording import Wording

__all__ = [
    "AQLS", "InspectionLevel", "SamplingPlan", "Severity", "code_letter", "find_plan", "look_up",
    "read_aql",
]  # fmt: skip


class InspectionLevel(StrEnum):
    """How large a sample is for its lot: the special levels are small, II is the usual one."""

    SPECIAL_1 = "S-1"
    SPECIAL_2 = "S-2"
    SPECIAL_3 = "S-3"
    SPECIAL_4 = "S-4"
    GENERAL_1 = "I"
    GENERAL_2 = "II"
    GENERAL_3 = "III"


class Severity(StrEnum):
    NORMAL = "normal"
    TIGHTENED = "tightened"
    STOPPED = "stopped"

    @property
    def label(self) -> Wording:
        return _SEVERITIES[self]


class SamplingPlan(NamedTuple):
    """How many of a lot to check; up to ``ac`` relapsed accept it, ``re`` or more reject it.

    ``code`` is the letter of the plan used, after following the table's arrows; empty when all
    are checked because sampling is stopped.
    """

    code: str
    n: int
    ac: int
    re: int


def find_plan(lot: int, level: InspectionLevel, aql: str, severity: Severity) -> SamplingPlan:
    """Return the plan for a lot of so many cases.

    A sample as large as the lot is the whole lot, with the table's Ac. A lot of 1 takes the
    plan of the smallest lots; a lot of 0 has nothing to check. While sampling is stopped the
    whole lot is checked and nothing tolerated. Raises Unfit for an AQL not in the table.
    """
    if severity is Severity.STOPPED:
        read_aql(aql)
        return SamplingPlan("", lot, 0, 1)
    plan = look_up(code_letter(lot, level), aql, severity)
    return plan._replace(n=min(plan.n, lot))


def look_up(code: str, aql: str, severity: Severity) -> SamplingPlan:
    """Return the plan of a code letter, tables II-A and II-B, whatever the size of the lot."""
    column = AQLS.index(read_aql(aql))
    row = _follow_arrows(_TABLES[severity], code, column)
    ac = int(row.cells[column])
    return SamplingPlan(row.code, row.n, ac, ac + 1)


def code_letter(lot: int, level: InspectionLevel) -> str:
    """Return the sample size code letter of a lot, table I."""
    row = max(0, bisect_right(_LOTS, lot) - 1)
    return _LETTERS[_LOTS[row]][tuple(InspectionLevel).index(level)]


def read_aql(text: str) -> str:
    """Return an AQL as the table writes it ("1" is "1.0"); raise Unfit naming the nearest."""
    try:
        asked = Decimal(text.strip())
    except InvalidOperation:
        raise _no_such(text, AQLS) from None
    if not asked.is_finite():
        raise _no_such(text, AQLS)
    if asked in _BY_VALUE:
        return _BY_VALUE[asked]
    place = bisect_right(list(_BY_VALUE), asked)
    raise _no_such(text, AQLS[max(0, place - 1) : place + 1])


class _Row(NamedTuple):
    code: str
    n: int
    cells: tuple[str, ...]


def _follow_arrows(rows: Sequence[_Row], code: str, column: int) -> _Row:
    at = next(place for place, row in enumerate(rows) if row.code == code)
    while rows[at].cells[column] in _ARROWS:
        at += _ARROWS[rows[at].cells[column]]
    return rows[at]


def _no_such(text: str, nearest: Sequence[str]) -> Unfit:
    return Unfit(
        Wording(f"没有 AQL“{text}”", f"there is no AQL {text!r}"),
        remedy=Wording(f"可用：{'、'.join(nearest)}。", f"Choose {' or '.join(nearest)}."),
        where="aql",
    )


def _read(table: str) -> tuple[_Row, ...]:
    rows = (line.split() for line in table.strip().splitlines())
    return tuple(_Row(code, int(n), tuple(cells)) for code, n, *cells in rows)


_ARROWS = {"v": 1, "^": -1}
_BY_VALUE = {Decimal(text): text for text in AQLS}
_TABLES = {Severity.NORMAL: _read(NORMAL), Severity.TIGHTENED: _read(TIGHTENED)}
_LETTERS = {
    int(first): letters for first, *letters in map(str.split, CODE_LETTERS.splitlines()[2:])
}
_LOTS = tuple(_LETTERS)
_SEVERITIES = {
    Severity.NORMAL: Wording("正常", "normal"),
    Severity.TIGHTENED: Wording("加严", "tightened"),
    Severity.STOPPED: Wording("暂停", "stopped"),
}
