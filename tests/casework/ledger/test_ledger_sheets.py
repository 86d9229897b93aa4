from datetime import date

import pytest
import xlsxwriter

from casework.errors import Invalid, NotFound
from casework.ledger.limits import DEFAULT
from casework.ledger.reader import open_ledger
from casework.ledger.workbooks import read_workbook

HEADER = ["单位", "检查日期", "隐患描述", "整改时限"]


def test_titles_above_the_header_do_not_matter_and_rows_are_numbered_as_excel_does(
    write_xlsx, read
):
    path = write_xlsx(["隐患台账"], [], ["填报单位:某某"], HEADER, ["甲校", None, "灯不亮"])

    assert read(path) == [(5, {"unit": "甲校", "description": "灯不亮"})]


def test_a_table_that_starts_in_column_c_is_read(write_xlsx, read):
    path = write_xlsx([None, None, "单位", "隐患描述"], [None, None, "甲校", "灯不亮"])

    assert read(path) == [(2, {"unit": "甲校", "description": "灯不亮"})]


def test_a_header_over_two_rows_is_read_from_its_lower_names(write_xlsx, read):
    path = write_xlsx(
        ["序号", "单位", "隐患描述", "整改", None, None],
        [None, None, None, "措施", "时限", "责任人"],
        [1, "甲校", "灯不亮", "换灯", "2026-03-01", "李某"],
    )

    assert read(path) == [
        (
            3,
            {
                "number": "1",
                "unit": "甲校",
                "description": "灯不亮",
                "measure": "换灯",
                "due": "2026-03-01",
                "owner": "李某",
            },
        )
    ]


def test_only_merged_cells_are_filled_down_and_only_where_they_speak_for_all(write_xlsx, read):
    path = write_xlsx(
        HEADER,
        [None, None, "灯不亮"],
        [None, None, "门不关"],
        [None, None, "窗破"],
        merges=[(1, 0, 2, "甲校"), (1, 1, 2, date(2026, 3, 1))],
    )

    assert read(path) == [
        (2, {"unit": "甲校", "found_on": "2026-03-01", "description": "灯不亮"}),
        (3, {"unit": "甲校", "found_on": "2026-03-01", "description": "门不关"}),
        (4, {"description": "窗破"}),
    ]


def test_a_merged_description_is_one_hazard(write_xlsx, read):
    path = write_xlsx(HEADER, ["甲校"], ["乙校"], merges=[(1, 2, 2, "围墙开裂")])

    assert read(path) == [(2, {"unit": "甲校", "description": "围墙开裂"}), (3, {"unit": "乙校"})]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (13800000000, "13800000000"),
        (320102201001011234, "3.201022010010113e+17"),  # Excel has lost its last digits
        (1.5, "1.5"),
        (True, "True"),
        ("=1+1", "0"),
        ("13800000000", "13800000000"),
    ],
)
def test_numbers_are_written_without_a_decimal_point(cell, text, write_xlsx, read):
    assert read(write_xlsx(["编号", "隐患描述"], [cell, "灯不亮"]))[0][1]["number"] == text


@pytest.mark.parametrize("date_1904", [False, True])
def test_dates_are_the_same_in_both_of_excels_calendars(date_1904, tmp_path, read):
    path = tmp_path / "ledger.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": date_1904}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADER)
        page.write_datetime(1, 1, date(2026, 3, 1), book.add_format({"num_format": "yyyy/m/d"}))
        page.write_string(1, 2, "灯不亮")
        page.write_number(1, 3, 44630 if date_1904 else 46092)  # the format was lost

    assert read(path)[0][1] == {
        "found_on": "2026-03-01",
        "description": "灯不亮",
        "due": "2026-03-11",
    }


def test_every_visible_sheet_with_a_header_is_read_and_named(tmp_path):
    path = tmp_path / "ledger.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("封面").write_row(0, 0, ["隐患台账"])
        for name in ("小学", "中学", "旧的"):
            book.add_worksheet(name).write_row(0, 0, ["单位", "隐患描述"])
            book.get_worksheet_by_name(name).write_row(1, 0, ["甲校", "灯不亮"])
        book.get_worksheet_by_name("旧的").hide()

    with open_ledger(path) as rows:
        seen = [(row.sheet.name, row.number) for row in rows]

    assert seen == [("小学", 2), ("中学", 2)]


def test_examples_repeated_headers_and_signature_lines_are_no_rows(write_xlsx, read):
    path = write_xlsx(
        ["序号", "单位", "隐患描述"],
        ["示例", "某校", "灭火器失效"],
        [1, "甲校", "灯不亮"],
        ["序号", "单位", "隐患描述"],
        ["填表人:张某", None, None],
        ["合 计", "2"],
        [2, "合计小学", "门不关"],
        [3, "丙校", None],
    )

    assert [number for number, _ in read(path)] == [3, 7, 8]


def test_a_row_keeps_its_cells_beside_its_fields(write_xlsx):
    path = write_xlsx(["单位", "说法不一的列", "隐患描述"], ["甲校", "x", "灯不亮", "题外话"])

    with open_ledger(path) as rows:
        row = next(rows)

    assert row.sheet.header == ("单位", "说法不一的列", "隐患描述")
    assert row.cells == ("甲校", "x", "灯不亮")


@pytest.mark.parametrize(
    "header", [["a", "b", "c"], ["单位", "地点"], ["隐患描述", "x"], ["单位\n地点\n隐患描述"]]
)
def test_a_sheet_without_a_header_we_know_is_refused(header, write_xlsx, read):
    with pytest.raises(Invalid, match="No header row"):
        read(write_xlsx(header, ["1", "2", "3"]))


@pytest.mark.parametrize(("above", "found"), [(29, True), (30, False)])
def test_the_header_is_looked_for_in_thirty_rows(above, found, write_bytes, read):
    path = write_bytes(("标题,\n" * above + "单位,隐患描述\n甲校,灯不亮\n").encode())

    assert _reads(read, path) is found


def test_old_xls_workbooks_are_read(data):
    content = (data / "xlsx" / "ptgexp-truncated-operand.xls").read_bytes()

    tables = [
        (table.name, len(list(table.rows))) for table in read_workbook(content, "xls", DEFAULT)
    ]

    assert tables == [("Tab 1", 24)]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("date_1904.xlsx", [["2021-01-01", "15"], ["2021-01-02", "16"]]),
        ("nonstandard-xml-ns-prefix.xlsx", [["a", "b"], ["1", "3"]]),
        ("has_x000D_.xlsx", [["ABC\r\nDEF"]]),
    ],
)
def test_odd_but_honest_workbooks_keep_their_cells(name, rows, data):
    content = (data / "xlsx" / name).read_bytes()

    tables = [list(table.rows) for table in read_workbook(content, "xlsx", DEFAULT)]

    assert tables[0][: len(rows)] == rows


def test_a_missing_file_is_not_found(tmp_path, read):
    with pytest.raises(NotFound, match="no such file") as refusal:
        read(tmp_path / "gone.xlsx")

    assert refusal.value.where == "gone.xlsx"


def test_a_folder_is_no_ledger(tmp_path, read):
    with pytest.raises(Invalid, match="cannot be opened"):
        read(tmp_path)


def _reads(read, path):
    try:
        return bool(read(path))
    except Invalid:
        return False
