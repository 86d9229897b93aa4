"""Rows under headings as XLSX or CSV, by the file's ending: dates are dates, nothing a formula."""

import codecs
import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from casework.errors import Invalid
from casework.exporting.delimited import defuse
from rules.wording import Wording

_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_WIDTH = 16


class SheetForm(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


Cell = str | int | date | None
"""A moment is one of China's clock, without a zone: a spreadsheet knows none."""


def write_sheet(
    path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str = ""
) -> int:
    """Write the rows to a .xlsx or .csv; return how many.

    Raise Invalid for another ending, or a file that cannot be written.
    """
    write = _WRITERS[sheet_form(path)]
    try:
        return write(path, headings, rows, title)
    except (OSError, XlsxWriterException) as fault:
        raise Invalid(
            Wording("文件写不进去", "the file cannot be written"),
            remedy=Wording("请检查路径,或关闭同名文件。", "Check the path, or close the file."),
            where=path.name,
        ) from fault


def sheet_form(path: Path) -> SheetForm:
    """Return the form that a file's name asks for; raise Invalid for any other."""
    if (ending := path.suffix.lower().removeprefix(".")) in set(SheetForm):
        return SheetForm(ending)
    raise Invalid(
        Wording(f"不能写成 {path.suffix or '无后缀'}", f"not written as {path.suffix or 'that'}"),
        remedy=Wording("请用 .xlsx 或 .csv。", "Use .xlsx or .csv."),
        where=path.name,
    )


def _write_csv(
    path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]], _title: str
) -> int:
    count = 0
    with path.open("wb") as out:
        out.write(codecs.BOM_UTF8)
        for cells in (headings, *rows):
            text = StringIO(newline="")
            csv.writer(text).writerow([_said(cell) for cell in cells])
            out.write(text.getvalue().encode())
            count += 1
    return count - 1


def _said(cell: Cell) -> Cell:
    match cell:
        case str():
            return defuse(cell)
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case _:
            return cell


def _write_workbook(
    path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]], title: str
) -> int:
    count = 0
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        sheet = book.add_worksheet(title or None)
        formats = {kind: book.add_format({"num_format": form}) for kind, form in _FORMS.items()}
        sheet.set_column(0, len(headings) - 1, _WIDTH, formats[str])
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, headings, book.add_format({"bold": True, "bottom": 1}))
        for count, cells in enumerate(rows, 1):
            for at, cell in enumerate(cells):
                _write_cell(sheet, (count, at), cell, formats)
    return count


def _write_cell(sheet: Any, at: tuple[int, int], cell: Cell, formats: Mapping[type, Any]) -> None:  # noqa: ANN401 — XlsxWriter is untyped
    match cell:
        case None | "":
            return
        case str():
            sheet.write_string(*at, cell, formats[str])
        case date():
            sheet.write_datetime(*at, cell, formats[type(cell)])
        case _:
            sheet.write_number(*at, cell, formats[int])


_FORMS = {str: "@", int: "General", date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm"}
_Writer = Callable[[Path, Sequence[str], Iterable[Sequence[Cell]], str], int]
_WRITERS: Mapping[SheetForm, _Writer] = {
    SheetForm.CSV: _write_csv, SheetForm.XLSX: _write_workbook,
}  # fmt: skip
