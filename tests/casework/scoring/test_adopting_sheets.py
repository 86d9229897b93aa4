"""Sheets adopted in versions: which year goes by which, who may, and what begun ones keep."""

import pytest

from casework.adopting import try_text
from casework.errors import Conflict, Invalid, NotFound
from casework.scoring.listing import rank
from casework.scoring.sheets import SHEETS, count_users, in_force, list_sheets, sheet_for
from casework.scoring.showing import show_assessment
from rules.scoring.changes import changes
from rules.scoring.sheets import read_sheet
from tests.casework.scoring.assessed import a_sheet, adopted, opened, signed, which
from tests.sealing import faults, sealed

LIGHTER = {"texts": {"points = 8\n": "points = 4\n"}}


def version_for(office, year):
    with office.reading() as connection:
        return sheet_for(connection, "safe_campus", year).version


@pytest.mark.parametrize(
    ("sinces", "year", "version"),
    [
        ([], 2026, 1), ([2026], 2025, 1), ([2026], 2026, 2), ([2027], 2026, 1),
        ([2027, 2026], 2026, 3), ([2027, 2026], 2027, 2), ([2026, 2026], 2026, 3),
    ],
    ids=str,
)  # fmt: skip
def test_a_year_goes_by_the_version_that_begins_last_before_it(
    sqlite_office, sinces, year, version
):
    for number, since in enumerate(sinces, start=2):
        adopted(sqlite_office, number, since)

    assert version_for(sqlite_office, year) == version


def test_an_assessment_keeps_the_version_it_began_with(office, tmp_path):
    signed(office, "S1", honour="是")
    opened(office, "S2")
    adopted(office, **LIGHTER)
    signed(office, "S3", honour="是")

    totals = {
        unit: show_assessment(office, which(unit), by="committee1")["total"]
        for unit in ("S1", "S2", "S3")
    }
    assert totals == {"S1": 100, "S2": 100, "S3": 96}
    ranking = rank(office, "safe_campus", 2026, by="committee1")
    assert [(each["points"], each["total"]) for each in ranking.rows] == [(100, 100), (96, 96)]
    sealed(office, tmp_path, days=300)
    assert faults(office, tmp_path) == []


def test_what_a_version_changes_is_told_item_by_item(sqlite_office):
    part, before = try_text(sqlite_office, SHEETS, a_sheet(**LIGHTER))

    found = changes(read_sheet(before), part)

    assert [each.key for each in found] == ["since", "total", "on_time"]
    assert version_for(sqlite_office, 2026) == 1


def test_how_many_began_with_which_version_is_counted(sqlite_office):
    opened(sqlite_office, "S1")
    adopted(sqlite_office)
    opened(sqlite_office, "S2")

    assert count_users(sqlite_office, "safe_campus") == {1: 1, 2: 1}


def test_versions_are_numbered_one_after_the_other(sqlite_office):
    with pytest.raises(Conflict) as conflict:
        adopted(sqlite_office, 3)

    assert conflict.value.where == "version"
    assert "version = 2" in conflict.value.remedy.zh


def test_two_sheets_have_not_the_same_mark(sqlite_office):
    with pytest.raises(Invalid) as invalid:
        adopted(sqlite_office, 1, texts={'key = "safe_campus"': 'key = "other"'})

    assert invalid.value.where == "mark"


def test_a_year_before_all_versions_has_no_sheet(sqlite_office):
    fresh = {'key = "safe_campus"': 'key = "fresh"', 'mark = "创建"': 'mark = "新"'}
    adopted(sqlite_office, 1, 2027, texts=fresh)

    with pytest.raises(NotFound), sqlite_office.reading() as connection:
        sheet_for(connection, "fresh", 2026)
    assert in_force(list_sheets(sqlite_office)["fresh"], 2027).part.since == 2027
