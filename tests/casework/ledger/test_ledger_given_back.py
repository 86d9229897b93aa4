"""Workbooks we hand out: the empty template, and the rows that were refused."""

from datetime import date

import openpyxl
import pytest

from casework.ledger.columns import BY_FIELD
from casework.ledger.corrections import write_error_workbook
from casework.ledger.entries import Entry, read_entry
from casework.ledger.reader import Row, Sheet, open_ledger
from casework.ledger.template import write_template

TODAY = date(2026, 3, 10)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", "\t=1", "http://a.cn", "{=1}"]


def test_the_template_reads_back_as_no_rows(tmp_path, read):
    write_template(tmp_path / "t.xlsx", units=["甲校"], categories=["消防"])

    assert read(tmp_path / "t.xlsx") == []


def test_the_template_offers_units_and_categories_and_known_words(tmp_path):
    write_template(tmp_path / "t.xlsx", units=["甲校", "=乙校"], categories=["消防"])

    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    words = {column[0].value: [cell.value for cell in column[1:] if cell.value is not None]
             for column in book["字典"].columns}  # fmt: skip
    rules = {rule.formula1 for rule in book["台账"].data_validations.dataValidation}
    assert book["字典"].sheet_state == "hidden"
    assert book.sheetnames == ["台账", "填写说明", "字典"]
    assert words["单位"] == ["甲校", "=乙校"]
    assert words["隐患类别"] == ["消防"]
    assert words["隐患等级"] == ["一般", "重大"]
    assert "'字典'!$A$2:$A$3" in rules
    assert len(rules) == 5


def test_a_template_without_units_still_opens(tmp_path, read):
    write_template(tmp_path / "t.xlsx", units=[], categories=[])

    assert read(tmp_path / "t.xlsx") == []


def test_a_filled_in_template_is_imported(tmp_path):
    path = tmp_path / "t.xlsx"
    write_template(path, units=["甲校"], categories=["消防"])
    book = openpyxl.load_workbook(path)
    page = book["台账"]
    columns = {cell.value.lstrip("*"): cell.column for cell in page[3]}
    page.cell(5, columns[BY_FIELD["unit"].zh], "甲校")
    page.cell(5, columns[BY_FIELD["description"].zh], "灯不亮")
    page.cell(5, columns[BY_FIELD["found_on"].zh], date(2026, 3, 1))
    page.cell(5, columns[BY_FIELD["risk"].zh], "橙")
    book.save(path)

    with open_ledger(path) as rows:
        [entry] = [read_entry(row, today=TODAY) for row in rows]

    assert (entry.sheet, entry.row, entry.unit) == ("台账", 5, "甲校")
    assert (entry.found_on, entry.risk) == (date(2026, 3, 1), "orange")


@pytest.fixture
def refused(tmp_path):
    """Write one bad row of these cells; return the path and the row's problems."""

    def write(*cells, path=tmp_path / "errors.xlsx"):
        header = ("单位", "隐患描述", "检查日期", "编号")
        sheet = Sheet("台账", header, {"unit": 0, "description": 1, "found_on": 2, "number": 3})
        row = Row(sheet, 9, cells, dict(zip(sheet.columns, cells, strict=False)))
        problems = read_entry(row, today=TODAY)
        assert write_error_workbook(path, header, [(row, problems)]) == 1
        return path

    return write


def test_a_refused_row_comes_back_with_reason_and_remedy_in_both_languages(refused):
    page = openpyxl.load_workbook(refused("甲校", "灯不亮", "尽快", "12")).active

    header, row = ([cell.value for cell in line] for line in page.iter_rows())
    assert header == [
        "单位",
        "隐患描述",
        "检查日期",
        "编号",
        "原行号 Row",
        "原因 Reason",
        "办法 Remedy",
    ]
    assert row[:5] == ["甲校", "灯不亮", "尽快", "12", "台账 9"]
    assert row[5] == "检查日期 Found on: 看不懂这个日期。 This is not a date we can read."
    assert "2026-03-05" in row[6]


@pytest.mark.parametrize("text", FORMULAS)
def test_nothing_given_back_is_a_formula_or_a_link(text, refused):
    cell = openpyxl.load_workbook(refused(text, text, "尽快", text)).active["A2"]

    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


def test_a_corrected_error_workbook_imports(refused, read):
    path = refused("甲校", "灯不亮", "尽快", "12")
    book = openpyxl.load_workbook(path)
    book.active["C2"] = "2026-03-05"
    book.save(path)

    assert read(path) == [
        (2, {"unit": "甲校", "description": "灯不亮", "found_on": "2026-03-05", "number": "12"})
    ]


def test_cells_excel_cannot_hold_are_cut_and_say_so(refused):
    page = openpyxl.load_workbook(refused("长" * 40_000, "a\x00b", "尽快", chr(0xD800))).active

    assert len(page["A2"].value) == 32_767
    assert page["A2"].value.endswith("（已截断 cut）")
    assert page["B2"].value == "a\ufffdb"


def test_a_sheet_with_another_header_gets_a_worksheet_of_its_own(tmp_path, make_row):
    first, second = make_row(found_on="尽快"), make_row(unit="甲校", found_on="尽快")
    bad = [(row, read_entry(row, today=TODAY)) for row in (first, second, first)]

    count = write_error_workbook(tmp_path / "e.xlsx", first.sheet.header, bad)

    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    assert count == 3
    assert [page.max_row for page in book.worksheets] == [3, 2]


def test_the_example_row_of_the_template_would_be_a_sound_entry(tmp_path, make_row):
    write_template(tmp_path / "t.xlsx", units=[], categories=[])
    page = openpyxl.load_workbook(tmp_path / "t.xlsx")["台账"]
    fields = {column.zh: field for field, column in BY_FIELD.items()}
    cells = {fields[head.value.lstrip("*")]: cell.value or ""
             for head, cell in zip(page[3], page[4], strict=True)}  # fmt: skip

    assert isinstance(read_entry(make_row(**cells), today=TODAY), Entry)
