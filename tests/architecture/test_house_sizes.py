"""Files and functions stay small enough to be read at once (aim: 250 and 40 lines)."""

import ast

from tests.architecture.sizes import distribution, file_lengths, function_lengths, lengths_of


def test_no_module_is_longer_than_300_lines():
    lengths = file_lengths()

    assert [each for each in lengths if each.lines > 300] == [], distribution(lengths)


def test_no_function_is_longer_than_60_lines():
    lengths = function_lengths()

    assert [each for each in lengths if each.lines > 60] == [], distribution(lengths)


def test_most_functions_are_short():
    lengths = function_lengths()

    assert lengths[len(lengths) // 2].lines <= 5, distribution(lengths)
    assert lengths[len(lengths) * 9 // 10].lines <= 15, distribution(lengths)


def test_a_function_is_as_long_as_its_body_without_the_docstring():
    tree = ast.parse('def f(\n    a,\n):\n    """Say it."""\n    b = a\n\n    return b\n')

    assert list(lengths_of(tree, "m.py")) == [(3, "m.py:1 f")]
