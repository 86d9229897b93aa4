import re
from pathlib import Path

import pytest

from rules.access import Role
from rules.actions import Action
from rules.case import State
from rules.diagram import BEGIN, END, mermaid, splice, table
from rules.wording import Trouble

ROOT = Path(__file__).resolve().parents[2]
LINES = mermaid().splitlines()
ARROW = re.compile(r"    (\[\*\]|[a-z]+) --> ([a-z]+) : ([^:;#]+)")
NODE = re.compile(r'    state "([^"]+)" as ([a-z]+)')

STALE = "is stale: put rules.diagram.splice(its text, its language) in its place"


def arrows():
    found = [ARROW.fullmatch(line) for line in LINES if "-->" in line]
    return {(each[1], each[2]): each[3] for each in found}


@pytest.mark.parametrize(("name", "locale"), [("README.md", "en"), ("README.zh-CN.md", "zh")])
def test_the_readme_shows_the_table_as_it_is(name, locale):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert splice(text, locale) == text, f"{name} {STALE}"


def test_the_diagram_has_a_place_for_every_state_and_for_a_claim():
    places = {found[2]: found[1] for line in LINES if (found := NODE.fullmatch(line))}

    assert set(places) == {*State, "claimed"}
    assert places["reported"] == "已上报<br/>reported"
    assert places["claimed"] == "待验收<br/>claimed"


def test_the_arrows_are_those_of_the_table():
    assert set(arrows()) == {
        ("[*]", "reported"),
        ("reported", "plan"),
        ("reported", "claimed"),
        ("reported", "closed"),
        ("plan", "reported"),
        ("plan", "rectifying"),
        ("rectifying", "claimed"),
        ("claimed", "rectifying"),
        ("claimed", "verified"),
        ("verified", "closed"),
        ("verified", "rectifying"),
        ("closed", "rectifying"),
    }


@pytest.mark.parametrize(
    ("there", "label"),
    [
        (("[*]", "reported"), "上报 report<br/>除审计员外的任何人 anyone but the auditor"),
        (("claimed", "verified"), "验收通过 pass<br/>验收人 verifier"),
        (
            ("reported", "claimed"),
            "立行立改 fix on the spot<br/>一般 ordinary – 责任人、主要负责人 owner, head",
        ),
        (
            ("plan", "rectifying"),
            (
                "批准方案 approve plan<br/>"
                "一般 ordinary – 主要负责人、片区负责人、专委会 head, cluster lead, committee<br/>"
                "重大 major – 片区负责人、专委会 cluster lead, committee"
            ),
        ),
    ],
)
def test_an_arrow_says_what_is_done_and_by_whom(there, label):
    assert arrows()[there] == label


@pytest.mark.parametrize(
    ("place", "staying"),
    [
        ("reported", ["定级 grade", "派单 assign", "移交 transfer", "挂牌 list"]),
        ("plan", ["定级 grade", "挂牌 list"]),
        (
            "claimed",
            ["报进展 report progress", "未能进入现场 no access", "挂牌 list"],
        ),
        ("verified", ["挂牌 list", "摘牌 release"]),
    ],
)
def test_what_can_be_done_without_leaving_stands_in_a_note(place, staying):
    start = LINES.index(f"    note right of {place}")
    note = LINES[start + 1 : LINES.index("    end note", start)]

    assert [line.strip() for line in note] == staying


@pytest.mark.parametrize("action", Action)
def test_every_action_is_drawn(action):
    assert f"{action.label.zh} {action.label.en}" in mermaid()


def test_every_line_of_the_diagram_is_one_of_mermaids_own_forms():
    known = re.compile(
        rf"stateDiagram-v2|{NODE.pattern}|{ARROW.pattern}"
        r"|    note right of [a-z]+|        [^:;#<>{}]+|    end note"
    )
    assert [line for line in LINES if not known.fullmatch(line)] == []


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_table_has_a_line_for_every_move_and_a_cell_for_every_column(locale):
    lines = table(locale).splitlines()

    assert len(lines) == 2 + len(Action)
    assert {line.count("|") for line in lines} == {8}
    assert [line.split("|")[1].strip() for line in lines[2:]] == [
        action.label.say(locale) for action in Action
    ]


@pytest.mark.parametrize(
    ("locale", "action", "cells"),
    [
        ("en", Action.PASS, "claimed | verified | verifier | the same | finding | no hand in it"),
        ("en", Action.VOID, "reported | closed | cluster lead, committee | the same | reason"),
        ("zh", Action.NO_ACCESS, "待验收 | 不变 | 验收人 | 同左 | 验收意见 | 未参与整改"),
        (
            "zh",
            Action.CLOSE,
            "已验收 | 已销号 | 片区负责人、专委会 | 专委会 | – | 未挂牌、重大隐患",
        ),
        (
            "zh",
            Action.FIX_ON_SPOT,
            "已上报 | 待验收 | 责任人、主要负责人 | – | 整改后佐证（尚无时）",
        ),
        ("zh", Action.REPORT, "– | 已上报 | 除审计员外的任何人 | 同左 | – | –"),
    ],
)
def test_a_line_tells_from_to_who_what_and_when(locale, action, cells):
    assert f"| {action.label.say(locale)} | {cells}" in table(locale)


def test_the_two_tables_are_each_in_one_language():
    assert not re.search("[\u4e00-\u9fff]", table("en"))
    assert not re.search("[a-z]", table("zh"))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN, Role.REPORTER}))
def test_every_role_that_moves_something_is_named(role):
    assert role.label.zh in table("zh")


def test_splicing_keeps_what_stands_around_and_is_done_once():
    text = f"# Title\n\n{BEGIN}\nold\n{END}\n\nrest\n"
    spliced = splice(text, "en")

    assert spliced.startswith(f"# Title\n\n{BEGIN}\n<!--")
    assert spliced.endswith(f"|\n\n{END}\n\nrest\n")
    assert "old" not in spliced
    assert splice(spliced, "en") == spliced


@pytest.mark.parametrize(
    "text",
    ["", BEGIN, END, f"{END}{BEGIN}", f"{BEGIN}{END}{END}", f"{BEGIN}{END}{BEGIN}{END}"],
)
def test_markers_that_do_not_pair_are_refused(text):
    with pytest.raises(Trouble) as caught:
        splice(text, "zh")

    assert BEGIN in caught.value.say("zh")
    assert END in caught.value.say("en")
