"""The workbook of refused rows that goes back to whoever sent the ledger."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format

from casework.ledger.columns import BY_FIELD
from casework.ledger.entries import Problem
from casework.ledger.reader import Row

_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_ADDED = ("原行号 Row", "原因 Reason", "办法 Remedy")
_FULL_CELL = 32_767  # Excel's limit; XlsxWriter leaves a longer cell empty
_CUT = "…（已截断 cut）"
_ILLEGAL = str.maketrans(
    dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(55296, 57344)), "�")
)

BadRow = tuple[Row, Sequence[Problem]]


def write_error_workbook(path: Path, header: Sequence[str], bad_rows: Iterable[BadRow]) -> int:
    """Write the refused rows with reason and remedy beside each; return how many there were.

    Cells stay as they were, as text, so the file can be corrected and imported again: the added
    columns are ignored then. A row from a sheet with another header starts a worksheet of its own.
    """
    count = 0
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        page = _Page(book, tuple(header))
        pages = {page.header: page}
        for row, problems in bad_rows:
            header_here = row.sheet.header or page.header
            if header_here not in pages:
                pages[header_here] = _Page(book, header_here)
            pages[header_here].add(row, problems)
            count += 1
    return count


class _Page:
    """One worksheet, written downwards only, as constant memory asks."""

    def __init__(self, book: xlsxwriter.Workbook, header: tuple[str, ...]) -> None:
        self.header = header
        self.sheet = book.add_worksheet()
        self.next_row = 1
        self.plain = book.add_format({"num_format": "@", "valign": "top"})
        self.told = book.add_format(
            {"text_wrap": True, "valign": "top", "bg_color": "#FFF4CE", "num_format": "@"}
        )
        bold = book.add_format({"bold": True, "bottom": 1})
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_column(0, max(0, len(header) - 1), 16, self.plain)
        self.sheet.set_column(len(header), len(header), 10)
        self.sheet.set_column(len(header) + 1, len(header) + 2, 48)
        self.write(0, [*header, *_ADDED], bold)

    def add(self, row: Row, problems: Sequence[Problem]) -> None:
        width = len(self.header)
        told = [f"{row.sheet.name} {row.number}", _reasons(problems), _remedies(problems)]
        spill = row.cells[width:]
        self.write(self.next_row, row.cells[:width], self.plain)
        self.write(self.next_row, [*told, *spill], self.told, first=width)
        self.next_row += 1

    def write(self, row: int, cells: Sequence[str], style: Format, *, first: int = 0) -> None:
        for at, cell in enumerate(cells, first):
            self.sheet.write_string(row, at, _fitting(cell), style)


def _reasons(problems: Sequence[Problem]) -> str:
    return "\n".join(
        f"{_label(problem.field)}{problem.wording.zh} {problem.wording.en}" for problem in problems
    )


def _remedies(problems: Sequence[Problem]) -> str:
    lines = (f"{problem.remedy.zh} {problem.remedy.en}" for problem in problems)
    return "\n".join(dict.fromkeys(lines))


def _label(field: str) -> str:
    column = BY_FIELD.get(field)
    return f"{column.zh} {column.en}: " if column else ""


def _fitting(cell: str) -> str:
    text = cell.translate(_ILLEGAL)
    return text if len(text) <= _FULL_CELL else text[: _FULL_CELL - len(_CUT)] + _CUT
