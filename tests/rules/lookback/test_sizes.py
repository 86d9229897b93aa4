"""How many of each stratum are looked at under each rule, and how the rules are written."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from rules.faults import Unfit, problem_of, remedy_of
from rules.lookback.acceptance import Severity
from rules.lookback.allocation import Allocation
from rules.lookback.sizes import SizeRule, StratumSize, read_percent, read_share, size_strata

NORMAL, TIGHTENED, STOPPED = Severity
RULES = TypeAdapter(SizeRule)
TOWNS = {"east": 500, "north": 300, "west": 200}
NUMBERS = st.decimals(Decimal("0.001"), Decimal("99.999"), places=3)


def rule(**written):
    return RULES.validate_python(written)


def sizes(written, populations, allocation=Allocation.PROPORTIONAL, **given_to):
    sized = size_strata(rule(**written), populations, allocation=allocation, **given_to)
    return {key: (each.n, each.ac) for key, each in sized.items()}


@pytest.mark.parametrize(
    ("written", "total"),
    [
        ({"percent": "5"}, 50),
        ({"percent": "7"}, 70),  # 7 % of 1000 in floating point is 70.00000000000001
        ({"percent": "4.91"}, 50),  # rounded up
        ({"percent": "5.01"}, 51),
        ({"percent": "5", "floor": 51}, 51),
        ({"percent": "5", "floor": 50}, 50),
        ({"percent": "5", "ceiling": 50}, 50),
        ({"percent": "5", "ceiling": 49}, 49),
        ({"percent": "0.000000001"}, 3),  # one of each stratum
        ({"percent": "100"}, 1000),
        ({"percent": "5", "floor": 2000}, 1000),
    ],
)
def test_a_percentage_of_all_is_shared(written, total):
    shared = sizes({"rule": "percentage", **written}, TOWNS)

    assert sum(n for n, _ in shared.values()) == total


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (10, {"east": (5, 0), "north": (3, 0), "west": (2, 0)}),
        (1, {"east": (1, 0), "north": (1, 0), "west": (1, 0)}),
        (5000, {"east": (500, 0), "north": (300, 0), "west": (200, 0)}),
    ],
)
def test_a_fixed_number_is_shared(count, expected):
    assert sizes({"rule": "fixed", "count": count}, TOWNS) == expected


def test_shared_by_risk_a_stratum_gets_more_than_its_size():
    shared = sizes(
        {"rule": "fixed", "count": 14},
        TOWNS,
        Allocation.RISK_WEIGHTED,
        weights={"west": Fraction(3)},
    )

    assert shared == {"east": (5, 0), "north": (3, 0), "west": (6, 0)}


def test_weights_say_nothing_where_shares_are_proportional():
    weights = {"west": Fraction(3)}

    assert sizes({"rule": "fixed", "count": 10}, TOWNS, weights=weights)["west"] == (2, 0)


def test_a_weight_of_nothing_is_refused():
    with pytest.raises(Unfit, match="west"):
        sizes(
            {"rule": "fixed", "count": 9},
            TOWNS,
            Allocation.RISK_WEIGHTED,
            weights={"west": Fraction(0)},
        )


def test_an_acceptance_plan_takes_each_stratum_as_a_lot():
    sized = size_strata(
        rule(rule="acceptance", aql="1.0"),
        {"large": 1000, "small": 150, "single": 1, "none": 0},
        allocation=Allocation.PROPORTIONAL,
    )

    assert sized == {
        "large": StratumSize(1000, 80, 2, 3, "J", NORMAL),
        "small": StratumSize(150, 13, 0, 1, "E", NORMAL),
        "single": StratumSize(1, 1, 0, 1, "E", NORMAL),
        "none": StratumSize(0, 0, 0, 1, "E", NORMAL),
    }


def test_discovery_takes_each_stratum_alone_and_tolerates_none():
    written = {"rule": "discovery", "rate": "5%", "confidence": "95%"}

    assert sizes(written, {"a": 100, "b": 1_000_000, "c": 1, "d": 0}) == {
        "a": (45, 0), "b": (59, 0), "c": (1, 0), "d": (0, 0),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("severity", "acceptance", "fixed", "discovery"),
    [
        (NORMAL, (80, 2), (20, 1), (45, 0)),
        (TIGHTENED, (80, 1), (40, 1), (90, 0)),  # by the table; twice as many; twice as many
        (STOPPED, (1000, 0), (1000, 0), (100, 0)),
    ],
)
def test_a_stratum_rejected_before_is_looked_at_harder(severity, acceptance, fixed, discovery):
    one, lot = {"a": severity}, {"a": 1000}
    found = [
        sizes({"rule": "acceptance"}, lot, severities=one),
        sizes({"rule": "fixed", "count": 20, "accept": 1}, lot, severities=one),
        sizes({"rule": "discovery", "rate": "5%", "confidence": "95%"}, {"a": 100}, severities=one),
    ]

    assert [each["a"] for each in found] == [acceptance, fixed, discovery]


def test_twice_as_many_is_never_more_than_there_are():
    written = {"rule": "fixed", "count": 8}

    assert sizes(written, {"a": 10}, severities={"a": TIGHTENED}) == {"a": (10, 0)}


@pytest.mark.parametrize(
    ("count", "expected"), [(1, (1, 0)), (2, (2, 1)), (3, (3, 2)), (4, (4, 2))]
)
def test_a_sample_of_which_all_may_relapse_is_never_asked_for(count, expected):
    written = {"rule": "fixed", "count": count, "accept": 2}

    assert sizes(written, {"a": 10}) == {"a": expected}


@given(
    st.sampled_from(
        [
            {"rule": "percentage", "percent": "7", "accept": 1},
            {"rule": "fixed", "count": 30},
            {"rule": "acceptance", "aql": "4.0"},
            {"rule": "discovery", "rate": "5%", "confidence": "90%"},
        ]
    ),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 200)),
    st.sampled_from(Severity),
)
def test_whatever_the_rule_none_gets_more_than_it_has_and_none_is_left_out(
    written, populations, severity
):
    sized = sizes(written, populations, severities=dict.fromkeys("ace", severity))

    assert list(sized) == list(populations)
    assert all(min(1, size) <= sized[key][0] <= size for key, size in populations.items())


@pytest.mark.parametrize(
    "written",
    ["5%", " 5 % ", "5％", "5", 5, "0.05", 0.05, Decimal("0.05"), "1/20", Fraction(1, 20)],
)
def test_a_share_may_be_written_in_any_usual_way(written):
    assert read_share(written) == Fraction(1, 20)


@pytest.mark.parametrize(
    ("written", "share"),
    [("1", "1/100"), ("0.5", "1/2"), ("0.5%", "1/200"), (0.1, "1/10"), ("99.9", "999/1000")],
)
def test_a_number_is_a_share_below_one_and_per_cent_from_one_on(written, share):
    assert read_share(written) == Fraction(share)


@pytest.mark.parametrize(
    "written",
    ["0", "100", "100%", "101", "-5", "", "a", "5‰", "nan", "1e-3", "1/0", "0/5", None, True, "٥"],
)
def test_a_share_of_nothing_of_all_or_of_no_number_is_refused(written):
    with pytest.raises(Unfit) as caught:
        read_share(written)

    assert "例如" in caught.value.say("zh")


@pytest.mark.parametrize(
    ("written", "percent"),
    [("5", "5"), ("5%", "5"), (0.1, "1/10"), ("1/3", "1/3"), (100, "100"), ("100", "100")],
)
def test_a_number_of_per_cent_is_read_as_it_stands(written, percent):
    assert read_percent(written) == Fraction(percent)


@pytest.mark.parametrize("written", ["0", "100.001", "-1", "", "five"])
def test_a_number_of_per_cent_lies_between_nothing_and_a_hundred(written):
    with pytest.raises(Unfit):
        read_percent(written)


@given(NUMBERS, NUMBERS)
def test_what_is_written_back_is_read_as_the_same_rule(one, other):
    written = [
        rule(rule="percentage", percent=str(one)),
        rule(rule="discovery", rate=f"{one}%", confidence=f"{other}%"),
    ]

    assert [RULES.validate_json(RULES.dump_json(each)) for each in written] == written


@pytest.mark.parametrize(
    ("written", "problem", "remedy"),
    [
        ({"rule": "percentage", "percent": "0"}, "“0”", "例如 5"),
        ({"rule": "percentage", "percent": "5", "floor": 9, "ceiling": 8}, "floor", "例如"),
        ({"rule": "percentage", "percent": "5", "floor": 0}, "不得小于 1", ""),
        ({"rule": "fixed", "count": 0}, "不得小于 1", ""),
        ({"rule": "fixed", "count": "5"}, "应为整数", ""),
        ({"rule": "acceptance", "aql": "0.9"}, "AQL“0.9”", "0.65、1.0"),
        ({"rule": "acceptance", "aql": "15"}, "AQL 15", "10 或更小"),
        ({"rule": "acceptance", "level": "IV"}, "应为", ""),
        ({"rule": "discovery", "rate": "0", "confidence": "95%"}, "“0”", "5%"),
        ({"rule": "discovery", "rate": "5%"}, "缺少", ""),
        ({"rule": "fixed", "count": 5, "percent": "5"}, "没有这个键", ""),
    ],
)
def test_an_unfit_rule_says_what_is_wrong_and_how_to_mend_it(written, problem, remedy):
    with pytest.raises(ValidationError) as caught:
        rule(**written)

    (fault,) = caught.value.errors()
    assert problem in problem_of(fault).zh
    assert remedy in remedy_of(fault).zh


@pytest.mark.parametrize(
    ("aql", "kept"), [("10", "10"), (1, "1.0"), (0.1, "0.10"), ("2.50", "2.5")]
)
def test_an_aql_is_kept_as_the_table_writes_it(aql, kept):
    assert rule(rule="acceptance", aql=aql).aql == kept
