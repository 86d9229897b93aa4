"""检查计划 in and out of workbooks: a line of the breakdown a row, rows of one title one plan."""

import pytest
from openpyxl import Workbook, load_workbook

from casework.errors import NotFound
from casework.events import Door
from casework.exporting.sheet import Taking
from casework.inspections.plan_importing import import_plans
from casework.inspections.plan_sheets import export_plans, write_template
from casework.inspections.plans import list_plans
from rules.inspections.kinds import InspectionKind
from rules.inspections.periods import Cadence
from tests.inspections import FIRE, given, planned
from tests.offices import MONDAY_9AM

HEADER = [
    "计划名称",
    "类型",
    "频次",
    "开始",
    "任务",
    "检查表",
    "范围",
    "责任单位",
    "责任人",
    "检查人员",
]
FIRST = ["消防专项", "专查", "双周", "2026-03-02", "消防", "消防安全检查", "第一小学", "第一片区",
         "CLUSTER1", "verifier1a、verifier1b"]  # fmt: skip
SECOND = [None, None, None, None, "食堂", "canteen", "第一片区", "P1", "CLUSTER1（cluster1）", ""]
THIRD = [
    "年度督查",
    "督查",
    "年",
    "2026/3/2",
    "学期综合",
    "学期综合检查",
    "第二中学",
    "",
    "cluster1",
    "",
]


@pytest.fixture
def book(tmp_path):
    def write(*rows):
        made = Workbook()
        for row in (HEADER, *rows):
            made.active.append(row)
        if len(rows) > 1 and rows[1][0] is None:  # as people do: one cell for both lines
            for column in "ABCD":
                made.active.merge_cells(f"{column}2:{column}3")
        made.save(tmp_path / "分解.xlsx")
        return tmp_path / "分解.xlsx"

    return write


def brought(office, path, **how):
    return import_plans(office, path, by="cluster1", at=MONDAY_9AM, default_unit="P1", **how)


def plans(office):
    return [each["plan"] for each in reversed(list_plans(office, by="cluster1"))]


def test_rows_of_one_title_are_one_plan_and_names_do_as_well_as_codes(office, book):
    path = book(FIRST, SECOND, THIRD)

    tried = brought(office, path, dry_run=True)
    none = plans(office)
    done = brought(office, path)
    again = brought(office, path)
    fire, yearly = plans(office)

    assert (tried.rows, tried.problems, tried.added, none) == (3, [], 3, [])
    assert (done.landed, done.added) == (True, 3)
    assert (again.added, again.same) == (0, 3)
    assert (fire.kind, fire.cadence) == (InspectionKind.SPECIAL, Cadence.BIWEEKLY)
    assert [(each.checklist, each.place, each.responsible) for each in fire.lines] == [
        ("fire", "S1", "P1"), ("canteen", "P1", "P1"),
    ]  # fmt: skip
    assert fire.lines[0].inspectors == ("verifier1a", "verifier1b")
    assert {each.lead for each in fire.lines} == {"cluster1"}
    assert (yearly.cadence, yearly.lines[0].responsible) == (Cadence.YEARLY, "S2")


@pytest.mark.parametrize(
    ("at", "says", "field"),
    [
        (1, "中餐", "kind"), (2, "有时", "cadence"), (3, "某天", "first_on"),
        (4, "", "task"), (5, "没有的表", "checklist"), (5, "每日自查", "checklist"),
        (6, "第九小学", "place"), (8, "无此人", "lead"), (9, "verifier1a", "inspectors"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_row_and_column(sqlite_office, book, at, says, field):
    wrong = [says if n == at else cell for n, cell in enumerate(FIRST)]

    result = brought(sqlite_office, book(THIRD, wrong))

    assert (result.landed, result.rejected) == (False, 1)
    assert [(each.row, each.field) for each in result.problems] == [(3, field)]
    assert plans(sqlite_office) == []


def test_a_plan_lands_whole_or_not_at_all(sqlite_office, book):
    path = book(FIRST, [None, None, None, None, "食堂", "没有", "P1", "", "cluster1", ""], THIRD)

    result = brought(sqlite_office, path, partial=True, errors_to=path.with_name("错误.xlsx"))

    assert [each.title for each in plans(sqlite_office)] == ["年度督查"]
    assert (result.added, result.rejected) == (1, 2)
    assert [each.field for each in result.problems] == ["title", "checklist"]
    assert load_workbook(path.with_name("错误.xlsx")).active.max_row == 3


def test_plans_leave_with_how_far_they_got_and_are_not_doubled_coming_back(sqlite_office, tmp_path):
    number = planned(sqlite_office, FIRE)
    given(sqlite_office)
    taking = Taking("cluster1", MONDAY_9AM, Door.CLI)

    written = export_plans(sqlite_office, tmp_path / "计划.xlsx", taking)
    header, row = load_workbook(tmp_path / "计划.xlsx").active.iter_rows(values_only=True)
    back = brought(sqlite_office, tmp_path / "计划.xlsx")

    assert written.rows == 1
    assert row[header.index("责任人")] == "CLUSTER1（cluster1）"
    assert row[header.index("检查表")] == "消防安全检查"
    assert row[header.index("计划编号") :] == (number, "执行中", "2026-03", 1, 0, 0, 0)
    assert (back.added, back.same) == (0, 1)


def test_nobody_takes_away_a_plan_they_may_not_see(sqlite_office, tmp_path):
    number = planned(sqlite_office, FIRE)
    taking = Taking("cluster2", MONDAY_9AM, Door.CLI)

    with pytest.raises(NotFound):
        export_plans(sqlite_office, tmp_path / "计划.xlsx", taking, number=number)
    assert export_plans(sqlite_office, tmp_path / "全部.xlsx", taking).rows == 0
    assert write_template(tmp_path / "空.xlsx") == 0
