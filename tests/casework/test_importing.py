"""A ledger becomes cases: all good rows or none, each hazard once, whoever imports it and when."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from datetime import date, datetime, timedelta
from threading import Barrier

import openpyxl
import pytest
from sqlalchemy import func, select

from casework.errors import Invalid, NotFound, Refused
from casework.importing import import_ledger
from casework.sweep import sweep
from models.tables import (
    CASES,
    CLOCKS,
    EVENTS,
    INSPECTIONS,
    LEDGER_IMPORTS,
    NUMBER_SERIES,
    PRIVATE_VALUES,
)
from rules.actions import Action
from rules.case import Level
from rules.risk import Colour
from tests.invariants import broken
from tests.offices import MONDAY_9AM, ORGANISATION, PERSON, act, closed

HEADER = "序号,责任单位,检查项目,隐患部位,隐患描述,整改措施,整改时限,责任人,检查日期"
FIRE = "1,第一小学,消防,一楼,灭火器压力不足,更换,2026-03-20,张三,2026-02-27"
WIRE = "2,S2,用电安全,食堂,插座松动,重装,,李四,2026.2.27"
DOOR = "3,第三幼儿园,安防-物防,大门,门锁损坏,换锁,2026年3月9日,,"
BAD = "4,无此学校,消防,二楼,通道堵塞,清理,2026-03-20,,2026-02-27"
INSPECTED = "单位,隐患描述,类别,检查日期,检查人员,检查类型,参加人数"


@pytest.fixture
def ledger(tmp_path):
    """Write a CSV ledger of header and rows; return its path."""

    def write(*rows, header=HEADER, name="台账.csv"):
        path = tmp_path / name
        path.write_text("\n".join((header, *rows)), encoding="utf-8")
        return path

    return write


def bring(office, path, *, by="committee1", at=MONDAY_9AM, **options):
    return import_ledger(office, path, by=by, at=at, **options)


def all_of(office, table, *columns):
    chosen = [table.c[name] for name in columns] or [table]
    with office.reading() as connection:
        return [
            tuple(row) for row in connection.execute(select(*chosen).order_by(*table.primary_key))
        ]


def counts(office, *tables):
    with office.reading() as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables
        )


def numbers_of(imported):
    return (
        imported.rows, imported.cases, imported.normal, imported.duplicate, imported.rejected,
    )  # fmt: skip


def test_each_row_becomes_a_case_as_it_stands_in_the_ledger(office, ledger):
    imported = bring(office, ledger(FIRE, WIRE, DOOR))

    assert imported.landed
    assert numbers_of(imported) == (3, 3, 0, 0, 0)
    told = (
        "number", "unit_id", "cluster_id", "category", "location", "description", "measure",
        "owner", "found_on", "deadline_asked", "level", "state", "inspection_id",
    )  # fmt: skip
    place, day = ORGANISATION, date(2026, 2, 27)
    assert all_of(office, CASES, *told) == [
        ("YH2026-000001", place["S1"], place["P1"], "fire", "一楼", "灭火器压力不足", "更换",
         "张三", day, date(2026, 3, 20), Level.ORDINARY, "reported", None),
        ("YH2026-000002", place["S2"], place["P1"], "electricity", "食堂", "插座松动", "重装",
         "李四", day, None, Level.ORDINARY, "reported", None),
        ("YH2026-000003", place["S3"], place["P2"], "security", "大门", "门锁损坏", "换锁",
         "", date(2026, 3, 2), date(2026, 3, 9), Level.ORDINARY, "reported", None),
    ]  # fmt: skip
    assert broken(office) == []


def test_level_risk_department_and_source_are_kept(sqlite_office, ledger):
    header = "单位,隐患描述,隐患等级,风险等级,责任部门,来源"

    bring(sqlite_office, ledger("S1,围墙开裂,重大,红色,总务处,春季检查", header=header))

    kept = ("level", "risk", "department", "source", "category")
    assert all_of(sqlite_office, CASES, *kept) == [
        (Level.MAJOR, Colour.RED, "总务处", "春季检查", "management")
    ]


def test_the_event_says_where_in_the_ledger_it_stood_and_never_names_the_owner(office, ledger):
    header = f"{HEADER},整改情况,备注"

    bring(office, ledger(f"{FIRE},正在整改,急", header=header))

    [(body,)] = all_of(office, EVENTS, "body")
    assert json.loads(body)["ledger"] == {
        "sheet": "CSV", "row": 2, "number": "1", "status": "正在整改", "remark": "急",
    }  # fmt: skip
    assert "张三" not in body
    assert all_of(office, PRIVATE_VALUES, "field", "value") == [("owner", "张三")]
    event = all_of(office, EVENTS, "kind", "actor_id", "role", "door", "at")
    assert event == [("report", PERSON["committee1"], "committee", "import", MONDAY_9AM)]


@pytest.mark.parametrize(
    ("asked", "due", "limit", "first_step"),
    [
        # 3 working days from Monday 2 March; reminders from before it are not owed.
        ("", "2026-03-06", "3wd", "remind-1"),
        ("2026-03-04", "2026-03-05", "set", "remind-1"),
        ("2026-03-05", "2026-03-06", "3wd", "remind-1"),
        ("2026-03-06", "2026-03-06", "3wd", "remind-1"),
        ("2026-03-03", "2026-03-04", "set", "overdue"),
        ("2026-03-01", "2026-03-02", "set", "overdue"),
        ("2026-02-27", "2026-02-28", "set", "overdue"),
        ("2099-12-31", "2026-03-06", "3wd", "remind-1"),
    ],
)
def test_the_plan_is_due_as_asked_or_in_three_working_days(
    sqlite_office, ledger, asked, due, limit, first_step
):
    bring(sqlite_office, ledger(f"1,S1,消防,一楼,灯坏,换,{asked},,2026-02-27"))

    [clock] = all_of(sqlite_office, CLOCKS, "due_at", "limit", "cause")
    assert clock == (datetime.fromisoformat(f"{due}T00:00+08:00"), limit, "import")
    assert all_of(sqlite_office, CLOCKS, "next_step") == [(first_step,)]


def test_a_deadline_that_is_past_is_overdue_at_the_next_sweep(office, ledger):
    bring(office, ledger("1,S1,消防,一楼,灯坏,换,2026-02-25,,2026-02-20"))

    swept = sweep(office, as_of=MONDAY_9AM, ran_at=MONDAY_9AM)

    # Due Wednesday 25 February; three working days on is Saturday 28, made up for 春节.
    assert [(each.kind, each.days_late) for each in swept.lines] == [("overdue", 5)] * 2
    assert broken(office) == []


@pytest.mark.parametrize(
    ("due", "field"), [("2006-12-29", "due"), ("2000-01-01", "due"), ("1999-12-31", "due")]
)
def test_a_deadline_before_the_calendar_is_the_rows_problem(sqlite_office, ledger, due, field):
    rows = (FIRE, f"2,S1,消防,一楼,灯坏,换,{due},,")

    imported = bring(sqlite_office, ledger(*rows), partial=True)

    assert numbers_of(imported) == (2, 1, 0, 0, 1)
    assert [(each.row, each.field) for each in imported.problems] == [(3, field)]


def test_normal_rows_make_no_case_and_are_counted_by_inspection(office, ledger):
    rows = (
        "S1,正常,消防,2026-02-27,王检,专查,3",
        "S1,无隐患,用电,2026-02-27,王检,专查,3",
        "S1,门锁损坏,三防,2026-02-27,王检,专查,3",
        "S1,正常,消防,2026-02-26,王检,专查,3",
        "S2,正常,消防,2026-02-27,王检,专查,3",
        "S2,正常,消防,,,,",
    )

    imported = bring(office, ledger(*rows, header=INSPECTED))

    assert numbers_of(imported) == (6, 1, 5, 0, 0)
    held = ("unit_id", "held_on", "kind", "inspectors", "participants", "normal_items", "source")
    s1, s2, said = ORGANISATION["S1"], ORGANISATION["S2"], ("special", "王检", 3)
    assert sorted(all_of(office, INSPECTIONS, *held)) == [
        (s1, date(2026, 2, 26), *said, 1, "台账.csv"),
        (s1, date(2026, 2, 27), *said, 2, "台账.csv"),
        (s2, date(2026, 2, 27), *said, 1, "台账.csv"),
    ]
    [(inspection,)] = all_of(office, CASES, "inspection_id")
    assert (inspection, 2) in all_of(office, INSPECTIONS, "id", "normal_items")


def test_what_is_there_already_is_reported_and_not_doubled(office, ledger):
    bring(office, ledger(FIRE))

    imported = bring(
        office, ledger(WIRE, FIRE.replace("压力不足", " 压力,不足!".replace(",", "，")))
    )

    assert numbers_of(imported) == (2, 1, 0, 1, 0)
    assert [astuple(each) for each in imported.duplicates] == [("CSV", 3, "YH2026-000001")]
    assert counts(office, CASES) == (2,)


def test_a_row_that_repeats_an_earlier_one_is_reported_and_not_doubled(office, ledger):
    imported = bring(office, ledger(FIRE, WIRE, FIRE))

    assert numbers_of(imported) == (3, 2, 0, 1, 0)
    assert [astuple(each) for each in imported.duplicates] == [("CSV", 4, "#2")]


@pytest.mark.parametrize(
    ("first", "second", "cases"),
    [
        ("通道宽1.5米", "通道宽15米", 2),
        ("通道宽1.5米", "通道宽１．５米", 1),
        ("1.灯坏", "1灯坏", 1),
        ("灯坏.", "灯坏", 1),
        ("a_b", "ab", 1),
        ("灯 坏!", "灯、坏", 1),
        ("LED灯坏", "led灯坏", 1),
        ("2具灭火器过期", "3具灭火器过期", 2),
    ],
)
def test_two_tellings_are_one_hazard_but_for_punctuation(
    sqlite_office, ledger, first, second, cases
):
    rows = (f"1,S1,消防,一楼,{each},,,," for each in (first, second))

    assert bring(sqlite_office, ledger(*rows)).cases == cases


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=1)])
def test_importing_a_file_again_changes_nothing(office, ledger, later):
    rows = (
        "S1,门锁损坏,三防,2026-02-27,王检,专查,3",
        "S1,正常,消防,2026-02-27,王检,专查,3",
        "S2,正常,消防,,李检,自查,",
        "S2,灯坏,用电,,李检,自查,",
    )
    path = ledger(*rows, header=INSPECTED)
    bring(office, path)
    before = all_of(office, CASES), all_of(office, INSPECTIONS), all_of(office, EVENTS)

    again = bring(office, path, at=MONDAY_9AM + later)

    assert numbers_of(again) == (4, 0, 2, 2, 0)
    assert before == (all_of(office, CASES), all_of(office, INSPECTIONS), all_of(office, EVENTS))


def test_the_inspection_of_a_fuller_ledger_counts_more_and_is_the_same(office, ledger):
    normal = "S1,正常,消防,2026-02-27,王检,专查,3"
    bring(office, ledger(normal, header=INSPECTED, name="一半.csv"))

    bring(office, ledger(normal, normal, header=INSPECTED, name="全部.csv"))
    bring(office, ledger(normal, f"{normal} ", header=INSPECTED, name="又一半.csv"))

    assert all_of(office, INSPECTIONS, "normal_items", "source") == [(2, "一半.csv")]


@pytest.mark.parametrize(
    ("found", "cases"),
    [
        ("2026-03-01", 1),  # the day before: told late
        ("2026-03-02", 1),  # the same day
        ("", 1),  # no day: not said to have come back
        ("2026-03-03", 2),  # the day after: it came back
    ],
)
def test_a_closed_case_found_again_on_a_later_day_is_a_new_case(office, ledger, found, cases):
    closed(office, found_on=date(2026, 3, 2))
    path = ledger(f"1,S1,消防,,灭火器压力不足,,,,{found}")

    bring(office, path, at=MONDAY_9AM + timedelta(days=7))

    assert counts(office, CASES) == (cases,)
    assert broken(office) == []


def test_a_case_still_open_is_the_same_hazard_however_late_it_is_found(office, ledger):
    bring(office, ledger(FIRE))

    again = bring(
        office, ledger(FIRE.replace("2026-02-27", "2026-03-20")), at=MONDAY_9AM + timedelta(30)
    )

    assert numbers_of(again) == (1, 0, 0, 1, 0)


def test_a_rehearsal_counts_the_same_and_writes_nothing(office, ledger, tmp_path):
    bring(office, ledger(WIRE))
    path = ledger(FIRE, WIRE, DOOR, FIRE, BAD, "5,S1,消防,,正常,,,,2026-02-27")
    tables = (CASES, EVENTS, CLOCKS, INSPECTIONS, LEDGER_IMPORTS, PRIVATE_VALUES)
    before = counts(office, *tables), all_of(office, NUMBER_SERIES)

    rehearsed = bring(office, path, dry_run=True, partial=True)

    assert (rehearsed.dry_run, rehearsed.landed) == (True, False)
    assert numbers_of(rehearsed) == (6, 2, 1, 2, 1)
    assert before == (counts(office, *tables), all_of(office, NUMBER_SERIES))
    real = bring(office, path, partial=True)
    assert numbers_of(real) == numbers_of(rehearsed)
    assert real.duplicates == rehearsed.duplicates


def test_with_one_bad_row_nothing_lands_and_the_reasons_come_back(office, ledger, tmp_path):
    errors = tmp_path / "错误.xlsx"

    imported = bring(office, ledger(FIRE, BAD, WIRE), errors_to=errors)

    assert (imported.landed, numbers_of(imported)) == (False, (3, 0, 0, 0, 1))
    assert counts(office, CASES, LEDGER_IMPORTS, NUMBER_SERIES) == (0, 0, 0)
    assert imported.error_workbook == str(errors)
    book = openpyxl.load_workbook(errors)
    assert len(book.worksheets) == 1
    header, row = book.active.iter_rows(values_only=True)
    assert header[:9] == tuple(HEADER.split(","))
    assert row[:9] == (*BAD.split(",")[:7], "", "2026-02-27")
    assert row[9] == "CSV 3"
    assert "没有名为“无此学校”的单位" in row[10]
    assert "bihuan units" in row[11]


def test_the_mended_rows_can_be_imported_from_what_came_back(sqlite_office, ledger, tmp_path):
    errors = tmp_path / "错误.xlsx"
    bring(sqlite_office, ledger(FIRE, BAD), errors_to=errors, partial=True)
    book = openpyxl.load_workbook(errors)
    book.active["B2"] = "第一小学"
    book.save(errors)

    assert numbers_of(bring(sqlite_office, errors)) == (1, 1, 0, 0, 0)


def test_no_workbook_is_written_when_nothing_is_wrong(sqlite_office, ledger, tmp_path):
    imported = bring(sqlite_office, ledger(FIRE), errors_to=tmp_path / "错误.xlsx")

    assert imported.error_workbook == ""
    assert not (tmp_path / "错误.xlsx").exists()


def test_a_place_where_no_workbook_can_be_written_is_named(sqlite_office, ledger, tmp_path):
    with pytest.raises(Invalid, match="cannot be written") as refused:
        bring(
            sqlite_office,
            ledger(FIRE, BAD),
            errors_to=tmp_path / "无此目录" / "错误.xlsx",
            partial=True,
        )

    assert refused.value.where.endswith("错误.xlsx")
    assert counts(sqlite_office, CASES) == (0,)


def test_partial_lands_the_good_rows(office, ledger):
    imported = bring(office, ledger(FIRE, BAD, WIRE), partial=True)

    assert (imported.landed, numbers_of(imported)) == (True, (3, 2, 0, 0, 1))
    assert all_of(office, CASES, "number") == [("YH2026-000001",), ("YH2026-000002",)]
    [record] = all_of(
        office, LEDGER_IMPORTS, "name", "at", "by_id", "rows", "cases", "normal", "duplicates",
        "rejected",
    )  # fmt: skip
    assert record == ("台账.csv", MONDAY_9AM, PERSON["committee1"], 3, 2, 0, 0, 1)
    assert broken(office) == []


@pytest.mark.parametrize(
    ("by", "row", "field", "says"),
    [
        ("committee1", BAD, "unit", "no unit called '无此学校'"),
        ("committee1", "1,,消防,一楼,灯坏,,,,", "unit", "the unit is missing"),
        ("committee1", "1,第一片区,消防,一楼,灯坏,,,,", "unit", "no unit called '第一片区'"),
        ("committee1", "1,S1,外星人,一楼,灯坏,,,,", "category", "no category '外星人'"),
        ("head1", "1,S2,消防,一楼,灯坏,,,,", "unit", "may not import for 第二中学"),
        ("cluster1", "1,S3,消防,一楼,灯坏,,,,", "unit", "may not import for 第三幼儿园"),
        ("committee1", "1,S1,消防,一楼,灯坏,,明天,,", "due", "not a date"),
        ("committee1", "1,S1,消防,一楼,灯坏,,,,2026-03-03", "found_on", "future"),
        ("committee1", "1,S1,消防,一楼,,,,,2026-03-01", "description", "not described"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_field(sqlite_office, ledger, by, row, field, says):
    imported = bring(sqlite_office, ledger(FIRE, row), by=by)

    [problem] = imported.problems
    assert (problem.sheet, problem.row, problem.field) == ("CSV", 3, field)
    assert says in problem.wording.en
    assert problem.wording.zh
    assert problem.remedy.zh
    assert not imported.landed


def test_a_name_two_schools_share_names_neither(office, ledger):
    with office.writing() as connection:
        connection.exec_driver_sql("UPDATE organisation SET name = '第一小学' WHERE code = 'S2'")

    imported = bring(office, ledger(FIRE, FIRE.replace("第一小学", "S1")), partial=True)

    assert [each.row for each in imported.problems] == [2]
    assert all_of(office, CASES, "unit_id") == [(ORGANISATION["S1"],)]


@pytest.mark.parametrize(
    ("by", "options", "unit"),
    [
        ("head1", {}, "S1"),  # who imports for one school need not name it
        ("head2", {}, "S2"),
        ("committee1", {"default_unit": "S3"}, "S3"),
        ("committee1", {"default_unit": "第三幼儿园"}, "S3"),
        ("cluster1", {"default_unit": "S2"}, "S2"),
    ],
)
def test_a_ledger_without_units_is_the_importers_own_or_the_one_given(
    sqlite_office, ledger, by, options, unit
):
    bring(sqlite_office, ledger("灯坏,用电", header="隐患描述,类别"), by=by, **options)

    assert all_of(sqlite_office, CASES, "unit_id") == [(ORGANISATION[unit],)]


@pytest.mark.parametrize(
    ("unit", "fault", "says"),
    [
        ("S9", NotFound, "no unit called"),
        ("P1", Invalid, "not a responsible unit"),
        ("ZWH", Invalid, "not a responsible unit"),
        ("S\x00", Invalid, "control characters"),
    ],
)
def test_a_default_unit_must_be_a_responsible_unit(sqlite_office, ledger, unit, fault, says):
    with pytest.raises(fault, match=says) as refused:
        bring(sqlite_office, ledger("灯坏,用电", header="隐患描述,类别"), default_unit=unit)

    assert refused.value.where == "--unit"
    assert counts(sqlite_office, CASES) == (0,)


@pytest.mark.parametrize(
    ("row", "category"),
    [
        ("消防,灯坏", "fire"),
        ("消防设施,灯坏", "fire"),
        ("安防-人防,灯坏", "security"),
        ("fire safety,灯坏", "fire"),
        (",校车座椅破损", "school_bus"),
        (",围墙开裂", "management"),
    ],
)
def test_the_category_is_read_from_its_words_or_the_hazards(sqlite_office, ledger, row, category):
    bring(sqlite_office, ledger(row, header="类别,隐患描述"), by="head1")

    assert all_of(sqlite_office, CASES, "category") == [(category,)]


@pytest.mark.parametrize(
    ("by", "role"),
    [("head1", "head"), ("cluster1", "cluster"), ("committee1", "committee"), ("admin", "admin")],
)
def test_who_may_import_does_so_in_that_role(sqlite_office, ledger, by, role):
    bring(sqlite_office, ledger(FIRE), by=by)

    assert all_of(sqlite_office, EVENTS, "role") == [(role,)]


@pytest.mark.parametrize("by", ["auditor", "reporter1", "owner1", "verifier1a", "inspector1"])
def test_who_may_not_import_is_refused_before_the_file_is_read(sqlite_office, tmp_path, by):
    with pytest.raises(Refused, match="may not import ledgers") as refused:
        bring(sqlite_office, tmp_path / "no such file", by=by)

    assert refused.value.where == by
    assert "主要负责人" in refused.value.say("zh")


def test_a_stranger_is_not_found(sqlite_office, ledger):
    with pytest.raises(NotFound, match="nobody"):
        bring(sqlite_office, ledger(FIRE), by="ghost")


def test_a_fault_deep_in_the_file_leaves_nothing(office, ledger):
    rows = [f"{n},S1,消防,一楼,灯坏{n},换,,," for n in range(2_500)]
    path = ledger(*rows, f"x,S1,消防,一楼,{'长' * 40_000},换,,,")

    with pytest.raises(Invalid) as refused:
        bring(office, path, partial=True)

    assert refused.value.where == "台账.csv"
    assert counts(office, CASES, LEDGER_IMPORTS, NUMBER_SERIES) == (0, 0, 0)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04", "姓名,电话\n".encode()])
def test_a_file_that_is_no_ledger_is_refused(sqlite_office, tmp_path, content):
    path = tmp_path / "别的.csv"
    path.write_bytes(content)

    with pytest.raises(Invalid) as refused:
        bring(sqlite_office, path)

    assert refused.value.where == "别的.csv"
    assert refused.value.remedy.zh


def test_a_file_that_is_not_there_is_not_found(sqlite_office, tmp_path):
    with pytest.raises(NotFound):
        bring(sqlite_office, tmp_path / "没有.csv")


def test_a_name_in_another_encoding_is_written_readably(office, ledger):
    """Unzipped on Linux, the names of a Windows archive are GBK: halves of characters to us."""
    path = ledger("S1,正常,消防,2026-02-27,王检,专查,3", header=INSPECTED)
    named = path.rename(path.parent / os.fsdecode("隐患".encode("gbk") + b".csv"))

    imported = bring(office, named)

    assert imported.landed
    assert all_of(office, LEDGER_IMPORTS, "name") == [("????.csv",)]
    assert all_of(office, INSPECTIONS, "source") == [("????.csv",)]


def test_numbers_run_on_across_chunks_and_files_without_gaps(office, ledger):
    seen = []
    first = ledger(*(f"{n},S1,消防,一楼,灯坏{n},换,,张三," for n in range(1_001)), name="一.csv")
    bring(office, first, progress=lambda doing, done: seen.append((doing, done)))

    bring(office, ledger(FIRE, WIRE, name="二.csv"))

    numbers = [f"YH2026-{n:06d}" for n in range(1, 1_004)]
    assert all_of(office, CASES, "number") == [(number,) for number in numbers]
    assert seen == [
        ("read", 500), ("read", 1_000), ("read", 1_001), ("write", 1_000), ("write", 1_001),
    ]  # fmt: skip
    assert broken(office) == []


def test_two_who_import_the_same_file_at_once_double_nothing(office, ledger):
    path = ledger(FIRE, WIRE, DOOR)
    start = Barrier(2)

    def at_once(by):
        start.wait()
        return numbers_of(bring(office, path, by=by))

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(at_once, ["committee1", "committee2"]))

    assert told == [(3, 0, 0, 3, 0), (3, 3, 0, 0, 0)]
    assert broken(office) == []


def test_an_imported_case_goes_on_living(office, ledger):
    bring(office, ledger(FIRE))

    act(office, "YH2026-000001", Action.ASSIGN, "cluster1", owner="王五")

    assert all_of(office, CASES, "owner", "seq") == [("王五", 2)]
    assert broken(office) == []
