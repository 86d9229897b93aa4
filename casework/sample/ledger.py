"""The sample as a workbook such as schools send: titled, merged, dated in three ways, signed."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from casework.sample.names import COMMITTEE_NAME, DISTRICT
from casework.sample.rows import LedgerRow, Visit, compose_rows

NAME = "隐患台账样例.xlsx"
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False}
_FIRST_ROW = 3

Cell = str | int | date


class Styles(NamedTuple):
    plain: Format
    day: Format


# Of a visit, merged down over all that it found.
_OF_VISIT: dict[int, Callable[[Visit], Cell]] = {
    1: lambda visit: _written(visit.day),
    2: lambda visit: visit.team.cluster_name,
    3: lambda visit: visit.team.name,
    12: lambda visit: visit.kind,
    13: lambda visit: visit.inspectors,
    14: lambda visit: visit.participants or "",
}
_OF_ROW: dict[int, Callable[[LedgerRow], Cell]] = {
    4: lambda row: row.category,
    5: lambda row: row.location,
    6: lambda row: row.description,
    7: lambda row: row.measure,
    8: lambda row: _written(row.due) if row.due else "",
    9: lambda row: row.owner,
    10: lambda row: row.level,
    11: lambda row: row.risk,
    15: lambda row: row.status,
    16: lambda row: row.source,
    17: lambda row: row.remark,
}
_HEADER = (
    "序号", "检查日期", "片区", "单位", "检查项目", "部位", "隐患描述", "整改措施", "整改时限",
    "责任人", "隐患等级", "风险等级", "检查类型", "检查人", "参加人数", "整改情况", "来源", "备注",
)  # fmt: skip
_WIDTHS = (6, 13, 11, 20, 11, 16, 34, 30, 13, 9, 9, 9, 9, 15, 9, 13, 30, 40)


def write_sample_ledger(folder: Path, *, as_of: date) -> Path:
    """Write the sample's ledger into ``folder`` and return its path.

    80 hazards found in the four weeks before ``as_of``, so that some are overdue on that day and
    some are due soon; four rows that found nothing (正常); one hazard written down twice.
    """
    path = folder / NAME
    rows = compose_rows(as_of=as_of)
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        sheet = book.add_worksheet("台账")
        styles = Styles(
            book.add_format({"border": 1, "valign": "vcenter", "text_wrap": True}),
            book.add_format({"border": 1, "valign": "vcenter", "num_format": "yyyy/m/d"}),
        )
        _write_top(book, sheet, as_of)
        _write_rows(sheet, rows, styles)
        sheet.write_string(_FIRST_ROW + len(rows), 0, f"填表人：{DISTRICT}安全专班")
    return path


def _write_top(book: xlsxwriter.Workbook, sheet: Worksheet, as_of: date) -> None:
    last = len(_HEADER) - 1
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#DDEBF7", "align": "center"})
    sheet.merge_range(0, 0, 0, last, f"{DISTRICT}校园安全隐患排查整改台账", title)
    sheet.write_string(1, 0, f"填报单位：{COMMITTEE_NAME}    填报日期：{_spoken(as_of)}")
    for at, (name, width) in enumerate(zip(_HEADER, _WIDTHS, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(_FIRST_ROW - 1, at, name, head)
    sheet.freeze_panes(_FIRST_ROW, 0)


def _write_rows(sheet: Worksheet, rows: Sequence[LedgerRow], styles: Styles) -> None:
    at = _FIRST_ROW
    for visit, found in groupby(rows, lambda row: row.visit):
        together = list(found)
        for number, row in enumerate(together, start=at):
            _write(sheet, number, number, 0, number - _FIRST_ROW + 1, styles)
            for column, read in _OF_ROW.items():
                _write(sheet, number, number, column, read(row), styles)
        for column, said in _OF_VISIT.items():
            _write(sheet, at, at + len(together) - 1, column, said(visit), styles)
        at += len(together)


def _write(
    sheet: Worksheet, first: int, last: int, column: int, value: Cell, styles: Styles
) -> None:
    style = styles.day if isinstance(value, date) else styles.plain
    if last > first:
        sheet.merge_range(first, column, last, column, "", style)
    sheet.write(first, column, value, style)


def _written(day: date) -> Cell:
    """Return a date as one of three people writes it: as a date, with dots, in words."""
    return (day, f"{day.year}.{day.month}.{day.day}", _spoken(day))[day.day % 3]


def _spoken(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
