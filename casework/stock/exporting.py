"""Stock ledgers out: what is in stock, every line with both signatures, and the counts."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from casework.auditing.access import record_access
from casework.events import Door
from casework.exporting.sheet import Cell, Sheet, SheetForm, sheet_form, write_book, write_sheet
from casework.office import Office
from casework.stock.columns import BALANCES, COUNTS, MOVEMENTS
from casework.stock.listing import File, Stock, each_ledger
from rules.looking import Look
from rules.stock.entries import THOUSANDTHS
from rules.workdays import CHINA


class Exported(NamedTuple):
    """What left: how many chemicals and lines, and the receipt of the access record."""

    file: str
    chemicals: int
    rows: int
    receipt: str


def export_stock(
    office: Office, path: Path, *, by: str, at: datetime, door: Door, place: str = "",
    text: str = "", waiting: bool = False,
) -> Exported:  # fmt: skip
    """Write the ledgers ``by`` may see: a .xlsx with three sheets, or a .csv of the lines alone.

    The lines can be brought in again. Raise Invalid for the file's name or what cannot be written,
    Refused or NotFound for the person and the place.
    """
    form = sheet_form(path)
    what = {"stock": True, "place": place, "file": path.name[:100]}
    receipt = record_access(office, Look.EXPORT, by=by, at=at, door=door, what=what, typed=text)
    files = list(each_ledger(office, by=by, place=place, text=text, waiting=waiting))
    lines = [row for file in files for row in _movements(file)]
    if form is SheetForm.CSV:
        write_sheet(path, MOVEMENTS, lines)
    else:
        write_book(path, [
            Sheet("结存", BALANCES, [_balance(file.stock) for file in files]),
            Sheet("出入库", MOVEMENTS, lines),
            Sheet("盘点", COUNTS, [row for file in files for row in _counts(file)]),
        ])  # fmt: skip
    return Exported(path.name, len(files), len(lines), receipt)


def _balance(stock: Stock) -> Sequence[Cell]:
    here = stock.balance
    return (
        stock.unit, stock.key, stock.name, stock.danger.label.zh, stock.cabinet,
        stock.said_measure.zh,
        *(_amount(each) for each in (*here, here.signed)), stock.counted_on, stock.count_by,
    )  # fmt: skip


def _movements(file: File) -> Iterator[Sequence[Cell]]:
    stock = file.stock
    for row in file.lines:
        yield (
            stock.unit, stock.key, stock.name, stock.danger.label.zh, row["no"], row["on_day"],
            row["act"].label.zh, _amount(row["amount"]), stock.said_measure.zh, row["reason"],
            row["by"], _moment(row["at"]), row["second"], _moment(row["second_at"]),
            row["stand"].label.zh, row["closing"], _amount(row["here"]), row["filing_no"],
        )  # fmt: skip


def _counts(file: File) -> Iterator[Sequence[Cell]]:
    stock = file.stock
    for row in file.counts:
        counted, expected = row["counted"], row["expected"]
        yield (
            stock.unit, stock.key, stock.name, row["on_day"], _amount(counted),
            _amount(expected), _amount(counted - expected), stock.said_measure.zh, row["by"],
            row["number"],
        )  # fmt: skip


def _amount(thousandths: int) -> Decimal:
    return Decimal(thousandths) / THOUSANDTHS


def _moment(at: datetime | None) -> datetime | None:
    """Return a moment of China's clock as a spreadsheet takes it, without a zone."""
    return at and at.astimezone(CHINA).replace(tzinfo=None)
