"""Every kind of event has a sentence, in Chinese and in English."""

import ast
import re

import pytest

from notifications.sentences import KINDS, tell
from rules.access import Role
from rules.deadlines import Stage
from tests.architecture.source import modules, read

STEP = {
    "stage": Stage.RECTIFICATION.value,
    "holder": Role.OWNER.value,
    "due": "2026-03-09T16:00:00+00:00",
    "days_late": 3,
    "lookback": "校安回〔2026〕1号",
    "finding": "holds",
}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_event_has_a_sentence(kind):
    told = tell(kind, Role.COMMITTEE.value, STEP, "李")

    assert re.search(r"[\u4e00-\u9fff]{2}", told.zh)
    assert re.search(r"[A-Za-z]{3}", told.en)


@pytest.mark.parametrize("module", modules("casework", "flows", "cli"))
def test_the_kind_of_an_event_is_never_a_word_of_its_own(module):
    """A kind comes from the enums that KINDS is made of, so that none is without a sentence."""
    written = [
        node.args[0]
        for node in ast.walk(ast.parse(read(module)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Happening"
        and node.args
    ]

    assert [each.lineno for each in written if isinstance(each, ast.Constant)] == []
