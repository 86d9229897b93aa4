import json
from collections import Counter
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from rules.deadlines import Threshold
from rules.risk import LEC, LS, SCHEMES, Colour, Scheme, assess
from rules.wording import Trouble, Wording

VECTORS = json.loads((Path(__file__).parent / "data" / "lec_vectors.json").read_text("utf-8"))
ALL_LEC = [
    assess(LEC, dict(zip("LEC", values, strict=True)))
    for values in product(VECTORS["L"], VECTORS["E"], VECTORS["C"])
]
ALL_LS = [assess(LS, {"L": each, "S": other}) for each, other in product(range(1, 6), repeat=2)]


def test_all_252_combinations_fall_where_the_published_bands_put_them():
    counts = Counter(risk.colour.level.zh.removesuffix("风险") for risk in ALL_LEC)

    assert counts == VECTORS["counts_of_252"]


@pytest.mark.parametrize(("score", "hits"), VECTORS["boundary_hits"].items())
def test_which_combinations_hit_a_bound_exactly(score, hits):
    assert sum(risk.score == Decimal(score) for risk in ALL_LEC) == len(hits)


def test_there_are_103_different_scores():
    assert len({risk.score for risk in ALL_LEC}) == 103


@pytest.mark.parametrize("example", VECTORS["published_examples"], ids=lambda row: row["what"])
def test_published_examples(example):
    assert assess(LEC, {letter: example[letter] for letter in "LEC"}).score == example["D"]


@pytest.mark.parametrize(
    ("judged", "score", "colour"),
    [
        ((10, 1, 7), "70", Colour.YELLOW),  # the bound belongs to the upper band
        ((1, 10, 7), "70", Colour.YELLOW),
        (("0.2", 3, 100), "60", Colour.BLUE),
        ((10, 1, 15), "150", Colour.YELLOW),
        ((6, 2, 15), "180", Colour.ORANGE),
        ((10, 2, 15), "300", Colour.ORANGE),
        ((10, 6, 7), "420", Colour.RED),
        ((0.1, 3, 1), "0.3", Colour.BLUE),  # 0.1 * 3 is not 0.3 in floating point
        ((0.1, 0.5, 1), "0.05", Colour.BLUE),
        ((10, 10, 100), "10000", Colour.RED),
    ],
)
def test_lec_is_reckoned_exactly(judged, score, colour):
    risk = assess(LEC, dict(zip("LEC", judged, strict=True)))

    assert (risk.scheme, risk.shown, risk.colour) == ("lec", score, colour)


def test_the_25_cells_of_the_matrix():
    assert Counter(risk.colour for risk in ALL_LS) == {
        Colour.RED: 3,
        Colour.ORANGE: 3,
        Colour.YELLOW: 5,
        Colour.BLUE: 14,
    }


@pytest.mark.parametrize(
    ("likelihood", "severity", "colour"),
    [
        (2, 4, Colour.BLUE),
        (3, 3, Colour.YELLOW),
        (3, 4, Colour.YELLOW),
        (3, 5, Colour.ORANGE),
        (4, 4, Colour.ORANGE),
        (4, 5, Colour.RED),
    ],
)
def test_both_sides_of_every_bound_of_the_matrix(likelihood, severity, colour):
    assert assess(LS, {"L": likelihood, "S": severity}).colour is colour


@pytest.mark.parametrize(
    "given",
    [2, 0, -1, "", "a", "nan", "sNaN", "Infinity", "1e999999999", "1e-999999999", True, None],
)
def test_only_the_published_values_are_accepted(given):
    with pytest.raises(Trouble) as caught:
        assess(LEC, {"L": given, "E": 1, "C": 1})

    assert caught.value.where == "L"
    assert "0.5" in caught.value.say("zh")


@pytest.mark.parametrize("given", ["0.1", " 0.10 ", 0.1, Decimal("0.1"), "1e-1"])
def test_a_value_may_be_written_in_any_usual_way(given):
    assert assess(LEC, {"L": given, "E": 10, "C": 1}).score == 1


@pytest.mark.parametrize(
    ("judged", "where"), [({"L": 1, "E": 1}, "C"), ({"L": 1, "E": 1, "C": 1, "S": 1}, "S")]
)
def test_a_missing_or_unknown_factor_is_named(judged, where):
    with pytest.raises(Trouble) as caught:
        assess(LEC, judged)

    assert caught.value.where == where


def test_another_scheme_is_only_data():
    yes_or_no = Scheme(
        name="two",
        label=Wording("两级", "two levels"),
        factors=LS.factors[:1],
        bands=(Threshold(1, Colour.BLUE), Threshold(5, Colour.RED)),
        source="a test",
    )

    assert assess(yes_or_no, {"L": 5}).colour is Colour.RED
    assert assess(yes_or_no, {"L": 4}).colour is Colour.BLUE


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)
def test_every_scheme_names_its_source_and_leaves_no_score_without_colour(scheme):
    assert scheme.source
    assert min(each.bound for each in scheme.bands) == 0


@pytest.mark.parametrize(
    ("colour", "zh", "level"),
    [
        (Colour.RED, "红", "重大风险"),
        (Colour.ORANGE, "橙", "较大风险"),
        (Colour.YELLOW, "黄", "一般风险"),
        (Colour.BLUE, "蓝", "低风险"),
    ],
)
def test_colours_have_chinese_names(colour, zh, level):
    assert (colour.label.zh, colour.level.zh) == (zh, level)
