"""The empty ledger people fill in: drop-downs, text and date columns, instructions."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from casework.ledger.columns import BY_FIELD, WORDS

_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False}
_TITLE_ROW, _HINT_ROW, _HEADER_ROW, _EXAMPLE_ROW, _FIRST_ROW = range(5)
_LAST_ROW = 5000  # drop-downs reach this far
_DICTIONARY = "字典"


@dataclass(frozen=True, slots=True)
class _Shown:
    """A column of the template; ``example`` stands in the row marked 示例."""

    field: str
    width: int
    example: str
    advice: str


_SHOWN = (
    _Shown("number", 8, "示例", "自己的编号，可留空。"),
    _Shown("unit", 22, "某某小学", "责任单位全称，从下拉表选。"),
    _Shown("cluster", 12, "第一片区", "所属安全片区，可留空。"),
    _Shown("category", 16, "消防", "品目，从下拉表选。"),
    _Shown("location", 18, "二号楼三层走廊", "具体到楼、层、房间。"),
    _Shown("description", 40, "灭火器压力不足", "必填。没有发现隐患的写“正常”，不会立案。"),
    _Shown("level", 10, "一般", "一般或重大；留空按一般。"),
    _Shown("risk", 10, "黄", "红、橙、黄、蓝，可留空。"),
    _Shown("found_on", 13, "2026-03-05", "年月日都要有，不能晚于今天。"),
    _Shown("inspection_kind", 12, "自查", "从下拉表选，可留空。"),
    _Shown("inspectors", 16, "张某、李某", "检查人姓名。"),
    _Shown("participants", 10, "3", "参加检查的人数，整数。"),
    _Shown("measure", 30, "更换灭火器", "拟采取的整改措施。"),
    _Shown("due", 13, "2026-03-10", "整改到哪天；“立即”等于检查当天。"),
    _Shown("owner", 12, "王某", "整改责任人。"),
    _Shown("department", 14, "总务处", "责任部门。"),
    _Shown("status", 14, "限期整改", "现在整改到什么程度。"),
    _Shown("source", 16, "每周自查", "这条隐患从哪里来。"),
    _Shown("remark", 20, "", "其他说明。"),
)
_DATES = frozenset({"found_on", "due"})


def write_template(path: Path, *, units: Sequence[str], categories: Sequence[str]) -> None:
    """Write an empty ledger with drop-downs of ``units`` and ``categories``; reads as no rows."""
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        ledger = book.add_worksheet("台账")
        _write_instructions(book)
        choices = _write_dictionary(book, _choices(units, categories))
        _write_top(book, ledger)
        _format_columns(book, ledger)
        _offer_choices(ledger, choices)


def _choices(units: Sequence[str], categories: Sequence[str]) -> dict[str, list[str]]:
    schemes = ("level", "risk", "inspection_kind")
    words = {name: [words[0] for words in WORDS[name].values()] for name in schemes}
    return {"unit": list(units), "category": list(categories), **words}


def _write_dictionary(book: xlsxwriter.Workbook, choices: dict[str, list[str]]) -> dict[str, str]:
    """Write the hidden lists; return field → the range that holds its words."""
    sheet = book.add_worksheet(_DICTIONARY)
    sheet.hide()
    ranges: dict[str, str] = {}
    for at, (field, words) in enumerate(choices.items()):
        sheet.write_string(0, at, BY_FIELD[field].zh)
        for row, word in enumerate(words, 1):
            sheet.write_string(row, at, word)
        if words:
            letter = chr(ord("A") + at)
            ranges[field] = f"='{_DICTIONARY}'!${letter}$2:${letter}${len(words) + 1}"
    return ranges


def _write_top(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    last = len(_SHOWN) - 1
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    hint = book.add_format({"font_color": "#595959"})
    header = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "align": "center"})
    example = book.add_format({"italic": True, "font_color": "#767676", "num_format": "@"})
    sheet.merge_range(_TITLE_ROW, 0, _TITLE_ROW, last, "学校安全隐患台账", title)
    sheet.write_string(_HINT_ROW, 0, "从第 5 行开始填写；示例行不会导入。带 * 的必填。", hint)
    for at, column in enumerate(_SHOWN):
        star = "*" if column.field == "description" else ""
        sheet.write_string(_HEADER_ROW, at, star + BY_FIELD[column.field].zh, header)
        sheet.write_string(_EXAMPLE_ROW, at, column.example, example)
    sheet.freeze_panes(_FIRST_ROW, 0)


def _format_columns(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, column in enumerate(_SHOWN):
        sheet.set_column(at, at, column.width, day if column.field in _DATES else text)


def _offer_choices(sheet: Worksheet, ranges: dict[str, str]) -> None:
    for at, column in enumerate(_SHOWN):
        rule = _rule(column.field, ranges)
        if rule:
            sheet.data_validation(_FIRST_ROW, at, _LAST_ROW, at, rule)


def _rule(field: str, ranges: dict[str, str]) -> dict[str, str]:
    if field in ranges:
        # A unit may be new to us: warn, and let the import decide.
        severity = "warning" if field in {"unit", "category"} else "stop"
        return {"validate": "list", "source": ranges[field], "error_type": severity}
    return {}


def _write_instructions(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("填写说明")
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 70, wrap)
    for row, (name, advice) in enumerate(_advice()):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, advice, wrap)


def _advice() -> list[tuple[str, str]]:
    general = [
        ("填写说明", "在“台账”表中一行写一条隐患。列可以删、可以换顺序，列名不要改。"),
        ("日期", "写成 2026-03-05、2026.3.5、2026/3/5 或 2026年3月5日都可以，年份不能省。"),
        ("合并单元格", "单位、日期等列可以向下合并；其他列不要合并。"),
    ]
    return general + [(BY_FIELD[column.field].zh, column.advice) for column in _SHOWN]
