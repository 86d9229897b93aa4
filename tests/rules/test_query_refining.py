"""A query narrowed, widened and sorted by links."""

import pytest

from rules.query import QueryTrouble, Sort, parse
from rules.query.refining import narrowed, sorted_by, without


@pytest.mark.parametrize(
    ("asked", "wanted", "expected"),
    [
        ("", [("level", "major")], "level:major"),
        ("level:ordinary", [("level", "major")], "level:major"),
        ("-level:ordinary 灭火器", [("level", "major")], "-level:ordinary level:major 灭火器"),
        ("sort:due", [("unit", '第一 "小学"')], 'unit:"第一 ""小学""" sort:due'),
        ("", [("overdue", "11..30d")], "overdue:11..30d"),
        ("", [("overdue", "no"), ("-state", "closed")], "overdue:no -state:closed"),
    ],
)
def test_a_field_is_narrowed_to_one_value(asked, wanted, expected):
    assert str(narrowed(parse(asked), wanted)) == expected


def test_a_value_that_is_none_is_refused():
    with pytest.raises(QueryTrouble):
        narrowed(parse(""), [("level", "huge")])


@pytest.mark.parametrize(
    ("place", "expected"),
    [(0, "a -b"), (1, "level:major -b"), (2, "level:major a"), (3, "level:major a -b")],
)
def test_one_part_is_taken_away(place, expected):
    assert str(without(parse("level:major a -b"), place)) == expected


def test_the_order_is_changed():
    assert str(sorted_by(parse("a sort:due"), Sort.OLDEST)) == "a sort:oldest"
