"""XLSX written row by row in constant memory: dates are dates, nothing typed is a formula."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from casework.errors import Invalid
from casework.exporting.columns import Column
from casework.exporting.stream import Say, Stream, together
from rules.wording import Locale, Wording

MOST_ROWS = 1_048_575  # Excel's rows, less the header
_FULL_CELL = 32_767
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_FORMATS = {"day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm"}


def write_workbook(
    stream: Stream, out: BinaryIO, says: Sequence[Say], locale: Locale, *, folder: Path
) -> int:
    """Write the stream as one worksheet; return how many rows. Raise Invalid for too many.

    ``folder`` takes the temporary files.
    """
    with xlsxwriter.Workbook(out, _OPTIONS | {"tmpdir": str(folder)}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1})
        formats = [
            book.add_format({"num_format": _FORMATS.get(each.kind, "General")})
            for each in stream.columns
        ]
        for at, column in enumerate(stream.columns):
            sheet.set_column(at, at, 16, formats[at])
            sheet.write_string(0, at, column.label.say(locale), bold)
        sheet.freeze_panes(1, 0)
        count = 0
        for rows in stream.batches(together(says, [_reader(each) for each in stream.columns])):
            if count + len(rows) > MOST_ROWS:
                raise _too_many()
            for row in rows:
                count += 1
                _write_row(sheet, count, row, formats)
        sheet.autofilter(0, 0, max(count, 1), len(stream.columns) - 1)
    return count


def _write_row(sheet: Any, number: int, row: Sequence[Any], formats: Sequence[Any]) -> None:  # noqa: ANN401 — XlsxWriter is untyped
    for at, value in enumerate(row):
        match value:
            case None | "":
                continue
            case str():
                sheet.write_string(number, at, value[:_FULL_CELL])
            case date():
                sheet.write_datetime(number, at, value, formats[at])
            case _:
                sheet.write_number(number, at, value)


def _reader(column: Column) -> Say:
    if column.kind == "day":
        return lambda values: [value and date.fromisoformat(value) for value in values]
    if column.kind == "moment":
        return lambda values: [value and datetime.fromisoformat(value) for value in values]
    return lambda values: values


def _too_many() -> Invalid:
    return Invalid(
        Wording(
            f"超过工作表的 {MOST_ROWS:,} 行上限", f"more than the {MOST_ROWS:,} rows of a worksheet"
        ),
        remedy=Wording("请缩小查询，或导出为 CSV。", "Narrow the query, or export CSV."),
        where="format",
    )
