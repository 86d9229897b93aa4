"""Whatever somebody types is read back as it was typed, or refused in plain words.

The strings are those of minimaxir/big-list-of-naughty-strings (MIT, see ledger/data/README.md).
"""

import csv
import json
import re
import unicodedata
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.case_file import open_case_file
from casework.case_list import Filter, list_cases
from casework.errors import Invalid
from casework.events import Door
from casework.forms import clean
from casework.importing import import_ledger
from casework.reports import Report, report
from models.tables import CASES
from rules.actions import Action
from tests.invariants import broken
from tests.offices import MONDAY_9AM, act, rectifying

_BLNS = Path(__file__).parent / "ledger/data/strings/blns.json"
STRINGS = [each for each in json.loads(_BLNS.read_text(encoding="utf-8")) if each.strip()]
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
CONTROLS = [each for each in STRINGS if _CONTROL.search(each.strip())]
KEPT = [each for each in STRINGS if each not in CONTROLS and len(each.strip()) <= 200]
UNWRITABLE = ["\x00", "a\x00b", "\x01", "\x1b[31m", "\x7f", "\x85", "\ud800", "a\udfff", "\udcff"]


def tell(office, **told):
    told = Report("S1", **{"description": "灯坏", "category": "消防", **told})
    answer = report(office, told, by="reporter1", at=MONDAY_9AM, door=Door.API, again=True)
    return answer.number


def test_there_are_strings_of_both_sorts():
    assert (len(KEPT) > 400, 0 < len(CONTROLS) < 10) == (True, True)


def test_what_was_typed_is_read_back_as_typed(office):
    texts = ("description", "location", "measure", "owner", "department")
    told = {tell(office, **dict.fromkeys(texts, each)): each for each in KEPT}

    with office.reading() as connection:
        rows = connection.execute(select(CASES)).all()
    changed = [
        (row.number, name)
        for row in rows
        for name in texts
        if getattr(row, name) != told[row.number].strip()
    ]
    assert changed == []
    assert broken(office) == []


@pytest.mark.parametrize("index", range(0, 400, 40))
def test_it_is_found_listed_and_told_as_typed(office, index):
    text = KEPT[index].strip()
    number = tell(office, description=text)

    [row] = list_cases(office, Filter(text=text), by="head1", as_of=MONDAY_9AM).rows
    file = open_case_file(office, number, by="head1", as_of=MONDAY_9AM)

    assert (row["number"], row["description"]) == (number, text)
    assert file.history[0]["body"]["description"] == text
    assert file.history[0]["zh"].endswith(text)
    assert file.broken_at is None


def test_none_of_them_finds_a_case_that_does_not_hold_it(sqlite_office):
    tell(sqlite_office, description="围墙开裂")

    found = [
        each
        for each in KEPT
        if each.strip() not in "YH2026-000001"
        and list_cases(sqlite_office, Filter(text=each), by="head1", as_of=MONDAY_9AM).rows
    ]

    assert found == []


@pytest.mark.parametrize("text", CONTROLS)
def test_control_characters_are_refused(sqlite_office, text):
    with pytest.raises(Invalid, match="control characters"):
        tell(sqlite_office, description=text)


@pytest.mark.parametrize("text", UNWRITABLE, ids=ascii)
@pytest.mark.parametrize(
    "field", ["description", "location", "measure", "owner", "department", "source", "category"]
)
def test_what_no_database_keeps_is_refused_by_field(office, field, text):
    with pytest.raises(Invalid, match="control characters") as refused:
        tell(office, **{field: f"灯{text}坏"})

    assert refused.value.where == field


@pytest.mark.parametrize("text", UNWRITABLE, ids=ascii)
def test_what_no_database_keeps_is_refused_in_a_move_too(sqlite_office, text):
    number = rectifying(sqlite_office)

    with pytest.raises(Invalid, match="control characters") as refused:
        act(sqlite_office, number, Action.PROGRESS, "owner1", text=f"灯{text}坏")

    assert refused.value.where == "text"


def test_moves_keep_what_was_typed(office):
    number = rectifying(office)
    for text in KEPT[::20]:
        act(office, number, Action.PROGRESS, "owner1", text=text)

    file = open_case_file(office, number, by="owner1", as_of=MONDAY_9AM)

    told = [event["body"]["given"]["text"] for event in file.history[3:]]
    assert told == [text.strip() for text in KEPT[::20]]
    assert file.broken_at is None


def test_a_ledger_of_them_lands_as_typed_or_says_why_not(office, tmp_path):
    path = tmp_path / "blns.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["单位", "隐患描述", "隐患部位", "类别", "备注"])
        out.writerows(["S1", f"灯坏{text}。", text, "消防", text] for text in STRINGS)

    imported = import_ledger(office, path, by="head1", at=MONDAY_9AM, partial=True)

    assert imported.rows == len(STRINGS)
    assert imported.cases + imported.duplicate + imported.rejected == imported.rows
    assert imported.cases > 380
    assert imported.rejected < 40
    assert [each for each in imported.problems if not each.remedy.zh] == []
    with office.reading() as connection:
        kept = set(connection.execute(select(CASES.c.description)).scalars())
    assert kept <= {f"灯坏{_as_ledgers_keep(text)}。" for text in STRINGS}
    assert broken(office) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\u200b", "\u200b"),
        ("\u202e倒", "\u202e倒"),
        ("𠮷䶮㛃", "𠮷䶮㛃"),
        ("e\u0301", "e\u0301"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("\ufeff灯", "\ufeff灯"),
        ("第一行\r\n第二行\t。", "第一行\r\n第二行\t。"),
        ("\u3000灯\u00a0", "灯"),
    ],
    ids=ascii,
)
def test_rare_and_composed_characters_are_kept(office, text, kept):
    number = tell(office, description=text)

    file = open_case_file(office, number, by="head1", as_of=MONDAY_9AM)

    assert file.case["description"] == kept == clean(text, where="")


def _as_ledgers_keep(text):
    return "".join(c for c in text if c in "\t\n\r" or unicodedata.category(c) != "Cc")
