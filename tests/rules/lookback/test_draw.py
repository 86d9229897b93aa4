from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.lookback.draw import Drawn, draw, enlarge
from rules.lookback.tickets import sampled, seed_key, ticket
from rules.wording import Trouble

STRATA = ["cluster=C01", "cluster=C02", "cluster=C03"]
frames = st.dictionaries(st.text("ABC0123", min_size=1, max_size=6), st.sampled_from(STRATA))
sizes = st.fixed_dictionaries({stratum: st.integers(0, 12) for stratum in STRATA})
seeds = st.text(max_size=6)
MANY = [(f"SIP-{number:05d}", STRATA[number % 3]) for number in range(6_000)]


@given(frames, seeds, sizes)
def test_the_smallest_tickets_of_each_stratum_are_drawn(frame, seed, wanted):
    drawn = draw(frame.items(), seed, wanted)

    for stratum in STRATA:
        ids = [each for each, place in frame.items() if place == stratum]
        expected = list(sampled(ids, seed))[: wanted[stratum]]
        assert [(each.ticket, each.id) for each in drawn[stratum]] == [
            (each.fraction, each.id) for each in expected
        ]


@pytest.mark.parametrize("size", [0, 1, 2, 1_000, 1_999, 2_000, 2_001])
def test_a_large_stratum_is_drawn_as_sorting_it_would(size):
    drawn = draw(MANY, "七月", dict.fromkeys(STRATA, size))
    ids = [each for each, place in MANY if place == STRATA[1]]

    assert [each.id for each in drawn[STRATA[1]]] == [
        each.id for each in list(sampled(ids, "七月"))[:size]
    ]


def test_what_is_drawn_carries_its_ticket_and_rank():
    drawn = draw([("b", "x"), ("a", "x")], "31", {"x": 1})

    assert drawn == {"x": [Drawn("b", "x", ticket(seed_key("31"), "b"), 1)]}


@given(st.permutations(MANY[:60]), seeds, sizes)
def test_the_order_of_the_database_changes_nothing(shuffled, seed, wanted):
    assert draw(shuffled, seed, wanted) == draw(MANY[:60], seed, wanted)


@given(st.integers(0, 60), st.integers(0, 60), seeds)
def test_unrelated_cases_do_not_change_the_order_of_the_others(few, more, seed):
    whole = dict.fromkeys(STRATA, 100)
    before = draw(MANY[:few], seed, whole)
    after = draw(MANY[: few + more], seed, whole)

    known = dict(MANY[:few])
    for stratum in STRATA:
        kept = [each.id for each in after[stratum] if each.id in known]
        assert kept == [each.id for each in before[stratum]]


@given(frames, seeds, sizes, sizes)
def test_a_smaller_draw_is_the_beginning_of_a_larger_one(frame, seed, wanted, extra):
    small = draw(frame.items(), seed, wanted)
    larger = {stratum: wanted[stratum] + extra[stratum] for stratum in STRATA}

    grown = enlarge(frame.items(), seed, larger, small)

    assert grown == draw(frame.items(), seed, larger)
    assert all(grown[each][: len(small[each])] == small[each] for each in STRATA)


@pytest.mark.parametrize(
    ("seed", "size", "frame"),
    [
        ("s", 3, MANY[:30]),  # fewer than before
        ("t", 9, MANY[:30]),  # another seed
        ("s", 9, MANY[90:120]),  # another frame
    ],
)
def test_a_draw_that_would_not_keep_the_earlier_one_is_refused(seed, size, frame):
    before = draw(MANY[:30], "s", dict.fromkeys(STRATA, 5))

    with pytest.raises(Trouble, match="does not begin with the earlier") as refused:
        enlarge(frame, seed, dict.fromkeys(STRATA, size), before)

    assert refused.value.where == STRATA[0]


def test_one_id_in_two_strata_has_one_ticket_and_is_drawn_in_each():
    drawn = draw([("a", "x"), ("a", "y"), ("b", "y")], "s", {"x": 5, "y": 5})

    assert drawn["x"][0].ticket == next(each for each in drawn["y"] if each.id == "a").ticket
    assert {each.id for each in drawn["y"]} == {"a", "b"}


def test_a_stratum_without_a_size_gives_none_and_an_empty_one_nothing():
    assert draw([("a", "x"), ("b", "y")], "s", {"y": 0, "z": 4}) == {"y": [], "z": []}


def test_a_negative_size_is_refused():
    with pytest.raises(Trouble, match="negative") as refused:
        draw([], "s", {"x": 0, "y": -1})

    assert refused.value.where == "y"


# 2,000 draws of 3 from 12 choose each case 500 times on average. Of a sample without replacement
# the statistic (12 - 1) / (12 - 3) · Σ (seen - 500)² / 500 follows chi-square with 11 degrees;
# 31.26 is its 99.9 % point (NIST/SEMATECH e-Handbook 1.3.6.7.4).
def test_over_many_seeds_every_case_is_drawn_as_often():
    ids = [f"SIP-2026-{number:03d}" for number in range(12)]
    seen = Counter(
        each.id
        for seed in range(2_000)
        for each in draw([(one, "all") for one in ids], f"seed {seed}", {"all": 3})["all"]
    )

    assert sum((seen[one] - 500) ** 2 for one in ids) / 500 * 11 / 9 < 31.26
    assert set(seen) == set(ids)


# 6,600 draws of 2 from 12 choose each of the 66 pairs 100 times on average; 105.99 is chi-square's
# 99.9 % point with 65 degrees.
def test_over_many_seeds_every_pair_is_drawn_as_often():
    frame = [(f"SIP-2026-{number:03d}", "all") for number in range(12)]
    seen = Counter(
        frozenset(each.id for each in draw(frame, f"{seed}", {"all": 2})["all"])
        for seed in range(6_600)
    )

    assert len(seen) == 66
    assert sum((times - 100) ** 2 for times in seen.values()) / 100 < 105.99


def test_every_case_of_a_large_frame_is_reached_by_some_seed():
    frame = [(f"SIP-{number:04d}", "all") for number in range(400)]
    reached = {each.id for seed in range(80) for each in draw(frame, f"{seed}", {"all": 60})["all"]}

    assert len(reached) == 400
