"""Every cell of the published tables, and what lies between and beyond them."""

import csv
from pathlib import Path

import pytest

from rules.faults import Unfit
from rules.lookback.acceptance import (
    AQLS,
    InspectionLevel,
    SamplingPlan,
    Severity,
    code_letter,
    find_plan,
    look_up,
    read_aql,
)

DATA = Path(__file__).parent / "data"
GENERAL_2 = InspectionLevel.GENERAL_2


def rows_of(name):
    return list(csv.DictReader((DATA / name).read_text("utf-8").splitlines()))


LOTS = {
    row["lot_size"]: [int(bound) for bound in row["lot_size"].rstrip("+").split("-")]
    for row in rows_of("code_letters.csv")
}


@pytest.mark.parametrize("row", rows_of("code_letters.csv"), ids=lambda row: row["lot_size"])
def test_every_cell_of_the_code_letters_at_both_ends_of_its_lots(row):
    found = [
        {level.value: code_letter(lot, level) for level in InspectionLevel}
        for lot in LOTS[row["lot_size"]]
    ]

    assert all({**row, **letters} == row for letters in found)


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("z14_single_normal.csv", Severity.NORMAL),
        ("z14_single_tightened.csv", Severity.TIGHTENED),
    ],
)
def test_every_cell_of_the_published_tables(name, severity):
    cells = {
        (row["code"], row["aql"]): (int(row["n"]), int(row["Ac"]), int(row["Re"]))
        for row in rows_of(name)
    }

    assert len(cells) == 16 * len(AQLS)
    assert {cell: look_up(*cell, severity)[1:] for cell in cells} == cells


@pytest.mark.parametrize(
    ("lot", "aql", "plan"),
    [
        (1000, "1.0", SamplingPlan("J", 80, 2, 3)),
        (1000, "2.5", SamplingPlan("J", 80, 5, 6)),
        (1000, "0.65", SamplingPlan("J", 80, 1, 2)),
        (150, "1.0", SamplingPlan("E", 13, 0, 1)),  # arrow up from F
        (500, "2.5", SamplingPlan("H", 50, 3, 4)),
        (500, "0.65", SamplingPlan("J", 80, 1, 2)),  # arrow down from H
        (80, "0.65", SamplingPlan("F", 20, 0, 1)),  # arrow down from E
        (3000, "1.0", SamplingPlan("K", 125, 3, 4)),
        (10_000, "0.65", SamplingPlan("L", 200, 3, 4)),
        (3201, "1.5", SamplingPlan("L", 200, 7, 8)),
        (10_000, "1.5", SamplingPlan("L", 200, 7, 8)),
    ],
)
def test_plans_other_people_published(lot, aql, plan):
    assert find_plan(lot, GENERAL_2, aql, Severity.NORMAL) == plan


@pytest.mark.parametrize(
    ("lot", "n"),
    [(0, 0), (1, 1), (2, 2), (12, 12), (13, 13), (14, 13), (15, 13)],
)
def test_a_sample_as_large_as_its_lot_is_the_whole_lot(lot, n):
    assert find_plan(lot, GENERAL_2, "1.0", Severity.NORMAL) == ("E", n, 0, 1)


@pytest.mark.parametrize("lot", [0, 1, 500, 1_000_000])
def test_while_sampling_is_stopped_all_are_checked_and_nothing_is_tolerated(lot):
    assert find_plan(lot, GENERAL_2, "2.5", Severity.STOPPED) == ("", lot, 0, 1)


def test_only_the_tightened_table_has_a_letter_s():
    plan = find_plan(10_000_000, InspectionLevel.GENERAL_3, "0.025", Severity.TIGHTENED)

    assert plan == ("S", 3150, 1, 2)


@pytest.mark.parametrize(
    ("code", "plan"), [("G", SamplingPlan("F", 20, 0, 1)), ("H", SamplingPlan("J", 80, 1, 2))]
)
def test_a_table_in_circulation_is_wrong_at_0_65(code, plan):
    """It has 32/0 and 50/0 where the printed one has arrows."""
    assert look_up(code, "0.65", Severity.NORMAL) == plan


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("0.9", "0.65、1.0"),
        ("0", "0.010"),
        ("-1", "0.010"),
        ("0.0099", "0.010"),
        ("999.9", "650、1000"),
        ("1001", "1000"),
        ("5%", "0.010、0.015"),
        ("1/0", "0.010、0.015"),
        ("", "0.010、0.015"),
        ("nan", "0.010、0.015"),
        ("sNaN", "0.010、0.015"),
        ("-Infinity", "0.010、0.015"),
        ("1e999999999", "1000"),
        ("1e-999999999", "0.010"),
    ],
)
def test_an_aql_not_in_the_table_is_refused_naming_the_nearest(text, nearest):
    with pytest.raises(Unfit) as caught:
        find_plan(100, GENERAL_2, text, Severity.NORMAL)

    assert caught.value.where == "aql"
    assert f"可用：{nearest}" in caught.value.say("zh")


@pytest.mark.parametrize(
    ("text", "written"), [("1", "1.0"), (" 0.1 ", "0.10"), ("10.0", "10"), ("65e-1", "6.5")]
)
def test_an_aql_may_be_written_in_any_usual_way(text, written):
    assert read_aql(text) == written


def test_severities_have_chinese_names():
    assert [each.label.zh for each in Severity] == ["正常", "加严", "暂停"]
