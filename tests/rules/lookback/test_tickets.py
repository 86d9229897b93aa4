import json
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.lookback.tickets import (
    Ticket,
    fraction,
    next_ticket,
    sampled,
    sampled_with_replacement,
    seed_key,
    shown,
    ticket,
)

VECTORS = json.loads(
    (Path(__file__).parent / "data" / "consistent_sampler_vectors.json").read_text("utf-8")
)
# Two of the published cases describe their ids in words.
RANGES = {
    "AB-0..AB-1999 (2000 ids)": [f"AB-{number}" for number in range(2_000)],
    "SIP-0001..SIP-0200 (200 ids)": [f"SIP-{number:04d}" for number in range(1, 201)],
}
# USAGE_EXAMPLES, example 7: ids a and b, seed 52, with replacement.
RETURNED = [
    ("0.197384308", "b", 1), ("0.255926637", "b", 2), ("0.366142288", "a", 1),
    ("0.647437512", "a", 2), ("0.756017834", "a", 3), ("0.791946361", "b", 3),
    ("0.808380564", "a", 4), ("0.9198557294", "a", 5), ("0.9413251822", "b", 4),
    ("0.9442626691", "b", 5), ("0.9640637133", "b", 6), ("0.9686329377", "a", 6),
    ("0.9768155032", "a", 7), ("0.99512038467", "a", 8), ("0.99579318063", "a", 9),
    ("0.99583860264", "b", 7), ("0.99600663461", "b", 8), ("0.99681028452", "b", 9),
    ("0.99840177044", "b", 10), ("0.99882694976", "b", 11),
]  # fmt: skip
# USAGE_EXAMPLES, example 8: ids a to e, seed 52, with replacement.
RETURNED_OF_FIVE = [
    ("0.054468191", "d", 1), ("0.075709054", "d", 2), ("0.097719928", "d", 3),
    ("0.197384308", "b", 1), ("0.243379719", "d", 4), ("0.255926637", "b", 2),
    ("0.302883911", "e", 1), ("0.366142288", "a", 1), ("0.434726434", "d", 5),
    ("0.492683857", "c", 1), ("0.609720116", "e", 2), ("0.647437512", "a", 2),
    ("0.694790524", "d", 6), ("0.756017834", "a", 3), ("0.791946361", "b", 3),
]  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS, ids=[each["source"] for each in VECTORS])
def test_every_given_vector_is_reproduced(vector):
    ids = RANGES.get(str(vector["ids"]), vector["ids"])
    first = islice(sampled(map(str, ids), str(vector["seed"])), vector["take"])

    assert [tuple(map(str, each)) for each in vector["expect"]] == [
        (shown(each.fraction), each.id, str(each.generation)) for each in first
    ]


@pytest.mark.parametrize(("ids", "published"), [("ab", RETURNED), ("abcde", RETURNED_OF_FIVE)])
def test_drawing_with_replacement_is_reproduced(ids, published):
    tickets = islice(sampled_with_replacement(ids, "52"), len(published))

    assert [(shown(each.fraction), each.id, each.generation) for each in tickets] == published


# The values in the docstrings of the reference implementation.
def test_a_whole_ticket_is_reproduced():
    assert ticket(seed_key("01382438112797316654"), "AB-130") == (
        "0.26299714122838008416507544297546663599715395525154425586041245287750224561854"
    )


def test_the_next_ticket_is_reproduced():
    first = Ticket(
        "0.26299714122838008416507544297546663599715395525154425586041245287750224561854", "AB-130"
    )

    assert next_ticket(first) == Ticket(
        "0.8232357229934205790595761924514048157652891124687533667363938813600770093316",
        "AB-130",
        2,
    )


def test_a_fraction_too_short_is_passed_by_the_next():
    assert next_ticket(Ticket("0.25471", "x")).fraction == (
        "0.642853261655004694691182528114375607701032283189922170593838029306715548381901"
    )


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        (4, "0.9991234"),
        (1, "0.9991"),
        (9, "0.999123456789"),
        (20, "0.9991234567890"),
    ],
)
def test_a_fraction_is_cut_after_its_leading_nines(digits, said):
    assert shown("0.9991234567890", digits) == said


def test_a_fraction_reads_the_number_from_its_last_digit():
    assert fraction((1_234).to_bytes(32, "big")) == "0.4321" + "0" * 60
    assert fraction(b"\xff" * 32) == "0." + str(2**256 - 1)[::-1]


@given(st.text(max_size=8), st.text(max_size=8), st.integers(1, 6))
def test_a_returned_ticket_only_grows_and_stays_below_one(seed, name, times):
    held = Ticket(ticket(seed_key(seed), name), name)
    grown = [held]
    for _ in range(times):
        grown.append(next_ticket(grown[-1]))

    assert grown == sorted(grown)
    assert len(set(grown)) == times + 1
    assert grown[-1].fraction < "1"


def test_nobody_in_the_basket_draws_nothing():
    assert list(sampled_with_replacement([], "52")) == []
