"""Grams narrow a search without ever hiding a text that holds the words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.query.grams import fold, gram_query, grams


@pytest.mark.parametrize(
    ("told", "folded"),
    [
        ("灭火器 压力  不足", "灭火器 压力 不足"),
        ("ＡＢＣ１２３", "abc123"),
        ("“消防”通道——堵塞、上锁", '"消防"通道--堵塞,上锁'),
        ("㎡", "m2"),
        ("≥3米", ">=3米"),
        ("Straße", "strasse"),
        ("\n a \t", "a"),
    ],
)
def test_folding_leaves_out_what_nobody_means(told, folded):
    assert fold(told) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("folded", "found"),
    [
        ("灭火器", {"灭火", "火器", "器"}),
        ("火", {"火"}),
        ("", set()),
        ("。,-", set()),
        ("a。b", {"a", "b"}),
        ("12345", {"1234", "2345", "345", "45", "5"}),
        ("3号楼", {"3", "号楼", "楼"}),
        ("楼a1", {"楼a", "a1", "1"}),
    ],
)
def test_a_gram_begins_at_every_character(folded, found):
    assert grams(folded) == found


@pytest.mark.parametrize(
    ("folded", "query"),
    [
        ("灭火器", (frozenset({"灭火", "火器"}), "")),
        ("火", (frozenset(), "火")),
        ("3号", (frozenset(), "号")),
        ("12", (frozenset(), "12")),
        ("0001", (frozenset({"0001"}), "")),
        ("%", (frozenset(), "")),
        ("", (frozenset(), "")),
    ],
)
def test_a_search_asks_for_whole_grams_or_else_a_beginning(folded, query):
    assert gram_query(folded) == query


PIECES = st.text(st.sampled_from("灭火器3a1 -,。𠮷é①ﬁ") | st.characters(exclude_categories=["Cs"]))


@given(PIECES, PIECES, PIECES)
def test_what_holds_the_words_has_their_grams(before, words, after):
    sought = fold(words)
    told = fold(before) + sought + fold(after)

    whole, begun = gram_query(sought)

    assert whole <= grams(told)
    assert any(gram.startswith(begun) for gram in grams(told)) or not begun
