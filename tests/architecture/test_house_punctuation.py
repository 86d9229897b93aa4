"""Chinese is written with its own punctuation: no half-width mark stands between two characters."""

import ast
import re

import pytest

from tests.architecture.source import modules, read, tracked, words_of

# Between the characters of a wording, or between one and a value that is filled in.
CHARACTERS = re.compile(r"[\u3400-\u9fff”》）][,:;?!()][\u3400-\u9fff“《（]")
HALF_WIDTH = re.compile(
    r"[\u3400-\u9fff”》）}][,:;?!()][\u3400-\u9fff“《（{]|[\u3400-\u9fff][:;?]$"
)
# What people type: a query's `field:value`, a regular expression, a header they may have written.
TYPED = re.compile(r"(?:^|[ '(“])-?[\u3400-\u9fff]+:\S|://|\\d|\(\?|^\[")
# Their text is an agreement already: a digest of it stands in records.
FROZEN = "rules/scoring/safe_campus.toml"


@pytest.mark.parametrize("package", ["casework", "cli", "notifications", "rules", "verify", "web"])
def test_no_wording_has_half_width_punctuation(package):
    assert [
        (name, line, text)
        for name in modules(package)
        for line, text in words_of(ast.parse(read(name)))
        if HALF_WIDTH.search(text) and not TYPED.search(text)
    ] == []


def test_no_page_and_no_shipped_text_has_half_width_punctuation():
    assert [
        (name, text)
        for name in tracked("web/templates", "rules")
        if name.endswith((".html", ".toml")) and name != FROZEN
        for text in re.findall(r'"([^"\n]*)"', read(name))
        if CHARACTERS.search(text) and not TYPED.search(text)
    ] == []
