"""Sheets of an .xlsx or .xls file as text, through calamine."""

import datetime as dt
import io
import itertools
import re
import zipfile
from collections.abc import Iterator

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from casework.ledger.archive import check_archive
from casework.ledger.kinds import Kind, check_compound, locked
from casework.ledger.limits import Limits
from casework.ledger.tables import Merge, Table

_DAYS_FROM_1900_TO_1904 = 1462
_DATE_1904 = re.compile(rb"\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']")
_EXACT_INTEGER = 2**53  # beyond it a float no longer knows its last digits

Cell = str | float | bool | dt.date | dt.time | dt.timedelta


def read_workbook(data: bytes, kind: Kind, limits: Limits) -> Iterator[Table]:
    """Yield the visible sheets; raise Invalid when the file is unsafe, locked or no workbook."""
    if kind == "xlsx":
        check_archive(data, limits)
    else:
        check_compound(data)
    offset = _DAYS_FROM_1900_TO_1904 if kind == "xlsx" and _counts_from_1904(data) else 0
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise locked() from error
    for sheet in filter(_is_visible_sheet, workbook.sheets_metadata):
        yield _table(workbook.get_sheet_by_name(sheet.name), limits, offset)


def cell_text(value: Cell) -> str:
    """Return a cell as text: whole numbers without ``.0``, dates as ISO 8601."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _EXACT_INTEGER
        return str(int(value)) if whole else repr(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _is_visible_sheet(sheet: SheetMetadata) -> bool:
    return sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible


def _table(sheet: CalamineSheet, limits: Limits, offset: int) -> Table:
    first_column = sheet.start[1] if sheet.start else 0
    rows = (
        [cell if type(cell) is str else cell_text(cell) for cell in row[: limits.columns]]
        for row in sheet.iter_rows()
    )
    return Table(sheet.name, rows, _downward(sheet, first_column), offset)


def _downward(sheet: CalamineSheet, first_column: int) -> dict[int, list[Merge]]:
    merges: dict[int, list[Merge]] = {}
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if bottom > top:
            merges.setdefault(top + 1, []).append(Merge(left - first_column, bottom + 1))
    return merges


def _counts_from_1904(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        books = (name for name in archive.namelist() if name.lower().endswith("workbook.xml"))
        return any(_DATE_1904.search(archive.read(name)) for name in itertools.islice(books, 1))
