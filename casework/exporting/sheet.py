"""Rows under headings as XLSX or CSV, by the file's ending: dates are dates, nothing a formula."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from casework.auditing.access import record_access
from casework.errors import Invalid
from casework.events import Door
from casework.exporting.delimited import defuse
from casework.office import Office
from rules.looking import Look
from rules.wording import Locale, Wording

_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_WIDTH = 16


class SheetForm(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


Cell = str | int | Decimal | date | None
"""A moment is one of China's clock, without a zone: a spreadsheet knows none."""


class Written(NamedTuple):
    """A sheet: how many rows, and the receipt of the access record."""

    file: str
    rows: int
    receipt: str


class Taking(NamedTuple):
    """Who takes a sheet away, when, through which door, in which language."""

    by: str
    at: datetime
    door: Door
    locale: Locale = "zh"


def record_taking(office: Office, what: Mapping[str, Any], taking: Taking, typed: str = "") -> str:
    """Record that a sheet leaves; return the receipt."""
    return record_access(
        office, Look.EXPORT, by=taking.by, at=taking.at, door=taking.door, what=what, typed=typed
    )


class Sheet(NamedTuple):
    """One sheet of a workbook; ``widths`` are those of its columns in characters, 16 for others."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Mapping[int, int] = {}


def write_book(path: Path, sheets: Iterable[Sheet]) -> int:
    """Write sheets to a .xlsx; return how many rows they have. Raise as write_sheet does."""
    if sheet_form(path) is not SheetForm.XLSX:
        raise _no_form(path, Wording("请用 .xlsx。", "Use .xlsx."))
    with _told(path), xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        formats = {kind: book.add_format({"num_format": form}) for kind, form in _FORMS.items()}
        bold = book.add_format({"bold": True, "bottom": 1})
        return sum(_add_sheet(book, each, formats, bold) for each in sheets)


def write_sheet(
    path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str = ""
) -> int:
    """Write the rows to a .xlsx or .csv; return how many.

    Raise Invalid for another ending, or a file that cannot be written.
    """
    sheet = Sheet(title, headings, rows)
    if sheet_form(path) is SheetForm.XLSX:
        return write_book(path, [sheet])
    with _told(path):
        return _write_csv(path, sheet)


def sheet_form(path: Path) -> SheetForm:
    """Return the form that a file's name asks for; raise Invalid for any other."""
    if (ending := path.suffix.lower().removeprefix(".")) in set(SheetForm):
        return SheetForm(ending)
    raise _no_form(path, Wording("请用 .xlsx 或 .csv。", "Use .xlsx or .csv."))


def _no_form(path: Path, remedy: Wording) -> Invalid:
    return Invalid(
        Wording(f"不能写成 {path.suffix or '无后缀'}", f"not written as {path.suffix or 'that'}"),
        remedy=remedy,
        where=path.name,
    )


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, XlsxWriterException) as fault:
        raise Invalid(
            Wording("文件写不进去", "the file cannot be written"),
            remedy=Wording("请检查路径，或关闭同名文件。", "Check the path, or close the file."),
            where=path.name,
        ) from fault


def _write_csv(path: Path, sheet: Sheet) -> int:
    count = 0
    with path.open("wb") as out:
        out.write(codecs.BOM_UTF8)
        for cells in (sheet.headings, *sheet.rows):
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


def _add_sheet(book: Any, sheet: Sheet, formats: Mapping[type, Any], bold: Any) -> int:  # noqa: ANN401 — XlsxWriter is untyped
    count, page = 0, book.add_worksheet(sheet.title or None)
    page.set_column(0, len(sheet.headings) - 1, _WIDTH, formats[str])
    for column, width in sheet.widths.items():
        page.set_column(column, column, width, formats[str])
    page.freeze_panes(1, 0)
    page.write_row(0, 0, sheet.headings, bold)
    for count, cells in enumerate(sheet.rows, 1):
        for at, cell in enumerate(cells):
            _write_cell(page, (count, at), cell, formats)
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
