"""A fault of a policy is shown on the line it lies on."""

import pytest

from rules.fault_lines import line_of
from rules.policy import PolicyTrouble, default_text, read_policy
from rules.wording import Trouble, Wording

TEXT = """\
schema = 1

[limits.ordinary]
plan = { limit = "3wd", source = "x" }

[[ladders]]
name = "first"

[[ladders.rungs]]
key = "a"

[[ladders.rungs]]
key = "b"
offset = "soon"

[[ladders]]
name = "last"
[[ladders.rungs]]
"odd.key" = 1
"""


def about(where, problem="wrong"):
    return Trouble(Wording("错", problem), where=where)


@pytest.mark.parametrize(("where", "line"), [
    ("policy: schema", 1),
    ("policy: limits.ordinary", 3),
    ("policy: limits.ordinary.plan.limit", 4),
    ("policy: limits.ordinary.approval", 3),  # missing: the head of its table
    ("policy: ladders.0.name", 7),
    ("policy: ladders.0.rungs.1.offset", 14),
    ("policy: ladders.0.rungs.0.offset", 9),
    ("policy: ladders.1.rungs.0.odd.key", 18),
    ("C:\\规则: 1.toml: ladders.1.name", 17),
    ("policy: (file)", None),
    ("policy", None),
])  # fmt: skip
def test_a_key_stands_on_a_line(where, line):
    assert line_of(TEXT, about(where)) == line


@pytest.mark.parametrize(("broken", "line"), [
    ("schema = 1\nname = \n", 2),
    ("schema = 1\n\n[[[", 3),
    (default_text().replace('offset = "-3wd"', 'offset = "soon"', 1), 88),
    (default_text().replace('limit = "2wd"', 'limit = "2 weeks"', 1), 19),
    (default_text().replace("schema = 1", "schema = 2", 1), 9),
])  # fmt: skip
def test_what_the_reader_refuses_is_found(broken, line):
    with pytest.raises(PolicyTrouble) as caught:
        read_policy(broken)

    assert line_of(broken, caught.value) == line
