"""When a stratum is accepted, rejected or left open, and what is said of it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.lookback.acceptance import Severity
from rules.lookback.findings import Finding, InspectionMode
from rules.lookback.intervals import clopper_pearson
from rules.lookback.sizes import StratumSize
from rules.lookback.verdict import Decision, Tally, judge, power

ACCEPTED, REJECTED, OPEN = Decision
COUNTS = st.integers(0, 12)


def stratum(population=100, n=10, ac=1):
    return StratumSize(population, n, ac, ac + 1, "", Severity.NORMAL)


def tally(holds=0, relapsed=0, no_access=0, not_applicable=0, pending=0):
    return Tally(holds, relapsed, no_access, not_applicable, pending)


@pytest.mark.parametrize(
    ("found", "decision", "short"),
    [
        (tally(pending=10), OPEN, 10),
        (tally(holds=9, pending=1), OPEN, 1),
        (tally(holds=10), ACCEPTED, 0),
        (tally(holds=9, relapsed=1), ACCEPTED, 0),  # Ac
        (tally(holds=8, relapsed=2), REJECTED, 0),  # Re
        (tally(relapsed=2, pending=8), REJECTED, 8),  # at once, whatever is pending
        (tally(holds=8, relapsed=1, no_access=1), OPEN, 1),
        (tally(holds=8, relapsed=1, not_applicable=1), OPEN, 1),
        (tally(holds=9, relapsed=1, no_access=2, not_applicable=3), ACCEPTED, 0),
        (tally(holds=10, pending=1), OPEN, 0),  # enlarged: the eleventh is not left out
        (tally(holds=11), ACCEPTED, 0),
    ],
)
def test_a_stratum_of_which_ten_are_to_be_checked_and_one_may_have_relapsed(found, decision, short):
    verdict = judge(stratum(), found)

    assert (verdict.decision, verdict.short) == (decision, short)


@pytest.mark.parametrize(
    ("found", "decision"),
    [
        (tally(holds=8, no_access=2), ACCEPTED),
        (tally(holds=8, not_applicable=2), ACCEPTED),
        (tally(no_access=10), ACCEPTED),
        (tally(holds=8, no_access=1, pending=1), OPEN),
        (tally(holds=7, relapsed=2, no_access=1), REJECTED),
    ],
)
def test_a_stratum_drawn_to_the_last_case_is_not_short_of_any(found, decision):
    verdict = judge(stratum(population=10), found, nothing_left=True)

    assert (verdict.decision, verdict.short) == (decision, 0)


def test_an_empty_stratum_is_accepted_and_says_nothing():
    verdict = judge(stratum(population=0, n=0, ac=0), tally())

    assert verdict == (ACCEPTED, 0, 0, None, (0, 1), (0, 0), 0)


def test_the_rate_is_that_of_the_checked():
    found = tally(holds=6, relapsed=2, no_access=5, not_applicable=40)

    verdict = judge(stratum(ac=2), found)

    assert (verdict.checked, verdict.relapsed, verdict.rate) == (8, 2, Fraction(1, 4))
    assert verdict.interval == clopper_pearson(2, 8, Fraction(95, 100))


def test_what_no_longer_applies_cannot_have_relapsed_but_what_was_locked_can():
    checked = [
        judge(stratum(), tally(holds=90, relapsed=1, not_applicable=9)),
        judge(stratum(), tally(holds=90, relapsed=1, no_access=9)),
    ]

    assert [each.bound_in_population for each in checked] == [(1, 1), (1, 2)]


@given(COUNTS, COUNTS, COUNTS, st.integers(0, 5), st.integers(0, 8))
def test_one_more_relapse_never_turns_a_rejection(holds, relapsed, pending, ac, n):
    size = stratum(n=n, ac=ac)
    found = tally(holds, relapsed, pending=pending)
    worse = found._replace(relapsed=relapsed + 1)

    assert judge(size, found).decision is not REJECTED or judge(size, worse).decision is REJECTED


@given(COUNTS, COUNTS, st.integers(0, 5), st.integers(0, 8))
def test_an_accepted_stratum_has_enough_checked_and_no_more_than_ac_relapsed(
    holds, relapsed, ac, n
):
    verdict = judge(stratum(n=n, ac=ac), tally(holds, relapsed))

    assert (verdict.decision is ACCEPTED) == (holds + relapsed >= n and relapsed <= ac)
    assert (verdict.decision is REJECTED) == (relapsed > ac)


@pytest.mark.parametrize(
    ("population", "sample", "rate", "chance"),
    [
        (5, 2, "0.2", Fraction(2, 5)),  # one of five
        (5, 2, "0.4", Fraction(7, 10)),
        (5, 2, "0.01", Fraction(2, 5)),  # less than one counts as one
        (5, 5, "0.2", 1),
        (5, 0, "0.2", 0),
        (0, 0, "0.2", 0),
    ],
)
def test_the_chance_of_seeing_a_relapse(population, sample, rate, chance):
    assert power(population, sample, Fraction(rate)) == chance


@pytest.mark.parametrize(("sample", "enough"), [(58, False), (59, True)])
def test_59_of_a_million_are_enough_to_be_95_percent_sure(sample, enough):
    assert (power(1_000_000, sample, Fraction(5, 100)) >= Fraction(95, 100)) is enough


@pytest.mark.parametrize(
    ("words", "zh"),
    [
        (Decision, ["合格", "不合格", "未定"]),
        (Finding, ["未复发", "复发", "未能入校", "不适用"]),
        (InspectionMode, ["突击检查", "明察", "暗访"]),
    ],
)
def test_decisions_findings_and_modes_have_chinese_names(words, zh):
    assert [each.label.zh for each in words] == zh
