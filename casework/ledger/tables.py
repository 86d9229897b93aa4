"""Where the ledger begins in a sheet, and which of its rows are rows of the ledger."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from casework.errors import Invalid
from casework.ledger.columns import EXAMPLE_MARKS, FOOTER_MARKS, HAZARDS, Scheme
from casework.ledger.dates import serial_as_text
from casework.ledger.limits import Limits
from rules.wording import Wording

_HEADER_WITHIN = 30  # rows; titles, notes and a logo fit above


@dataclass(frozen=True, slots=True)
class Merge:
    """A cell merged downwards: its column, its last row (as Excel counts)."""

    column: int
    last_row: int


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as text. ``rows`` start at row 1; ``merges`` are keyed by their first row."""

    name: str
    rows: Iterator[list[str]]
    merges: Mapping[int, Sequence[Merge]] = field(default_factory=dict)
    serial_offset: int = 0  # days to add to a date serial (1462 for the 1904 system)
    keeps_spill: bool = False  # CSV: a cell beyond the header is a sign of an unquoted comma


@dataclass(frozen=True, slots=True)
class Heading:
    """The header row: ``last_row`` is its number, ``columns`` maps field → position."""

    last_row: int
    cells: tuple[str, ...]
    columns: dict[str, int]


def find_heading(first_rows: Sequence[list[str]], scheme: Scheme = HAZARDS) -> Heading | None:
    """Return the row, or two merged rows, naming most fields; None when none tells the subject."""
    single = [_heading(number, row, scheme) for number, row in enumerate(first_rows, 1)]
    double = [
        _heading(number, _stacked(upper, lower), scheme)
        for number, (upper, lower) in enumerate(itertools.pairwise(first_rows), 2)
    ]
    # max keeps the first of equals, so two rows win only by naming more than one row does.
    best = max(single + double, key=lambda heading: len(heading.columns), default=None)
    if best is None or len(best.columns) < 2 or not scheme.telling & best.columns.keys():
        return None
    return best


def read_body(
    table: Table, limits: Limits, scheme: Scheme = HAZARDS
) -> tuple[Heading, Iterator[tuple[int, list[str]]]] | None:
    """Return the heading and (row number, cells) below it, or None when this is no ledger."""
    first = list(itertools.islice(table.rows, _HEADER_WITHIN))
    heading = find_heading(first, scheme)
    if heading is None:
        return None
    rows = enumerate(itertools.chain(first, table.rows), 1)
    body = itertools.islice(rows, heading.last_row, None)
    return heading, _ledger_rows(table, heading, body, limits, scheme)


def _heading(number: int, row: Sequence[str], scheme: Scheme) -> Heading:
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return Heading(number, tuple(cells), scheme.find(cells))


def _stacked(upper: list[str], lower: list[str]) -> list[str]:
    pairs = itertools.zip_longest(upper, lower, fillvalue="")
    return [below.strip() or above for above, below in pairs]


def _ledger_rows(
    table: Table,
    heading: Heading,
    rows: Iterator[tuple[int, list[str]]],
    limits: Limits,
    scheme: Scheme,
) -> Iterator[tuple[int, list[str]]]:
    width = len(heading.cells)
    filled = {at for name, at in heading.columns.items() if name in scheme.filled}
    dates = [heading.columns[name] for name in scheme.dates if name in heading.columns]
    open_merges: dict[int, tuple[int, str]] = {}
    for number, row in rows:
        cells = _fitted(row, width, limits, keeps_spill=table.keeps_spill)
        _check_size(cells, number, limits)
        if table.merges:
            _open(open_merges, table.merges.get(number, ()), cells)
        if _is_empty(cells) or _is_aside(cells, heading, scheme):
            continue
        _fill(open_merges, cells, number, filled)
        for at in dates:
            cells[at] = serial_as_text(cells[at], table.serial_offset)
        yield number, cells


def _fitted(row: list[str], width: int, limits: Limits, *, keeps_spill: bool) -> list[str]:
    if len(row) < width:
        return row + [""] * (width - len(row))
    return row[: limits.columns] if keeps_spill else row[:width]


def _check_size(cells: list[str], number: int, limits: Limits) -> None:
    if number > limits.last_row:
        raise too_many_rows(limits.last_row)
    if max(map(len, cells)) > limits.cell_characters:
        raise _cell_too_long(number, limits)


def too_many_rows(limit: int) -> Invalid:
    return Invalid(
        Wording(f"台账超过 {limit} 行。", f"The ledger has more than {limit} rows."),
        remedy=Wording(
            "请删去空行，或拆成几个文件导入。", "Delete blank rows, or split it into several files."
        ),
    )


def _cell_too_long(number: int, limits: Limits) -> Invalid:
    return Invalid(
        Wording(
            f"第 {number} 行有单元格超过 {limits.cell_characters} 字。",
            f"Row {number} has a cell of more than {limits.cell_characters} characters.",
        ),
        remedy=Wording("请缩短后再导入。", "Shorten it and import again."),
    )


def _open(merges: dict[int, tuple[int, str]], starting: Sequence[Merge], cells: list[str]) -> None:
    for merge in starting:
        if merge.column < len(cells):
            merges[merge.column] = (merge.last_row, cells[merge.column])


def _fill(
    merges: dict[int, tuple[int, str]], cells: list[str], number: int, filled: set[int]
) -> None:
    for at, (last_row, value) in merges.items():
        if at in filled and number <= last_row and not cells[at]:
            cells[at] = value


def _is_empty(cells: list[str]) -> bool:
    return not any(map(str.strip, cells))


def _is_aside(cells: list[str], heading: Heading, scheme: Scheme) -> bool:
    """A worked example, a header printed again, or a signature line under the table."""
    if cells[0].startswith(EXAMPLE_MARKS):
        return True
    if tuple(cells[: len(heading.cells)]) == heading.cells:
        return True
    named = any(cells[heading.columns[name]] for name in scheme.telling & heading.columns.keys())
    return not named and _first_text(cells).startswith(FOOTER_MARKS)


def _first_text(cells: list[str]) -> str:
    return next(filter(None, map(str.strip, cells)), "").replace("：", ":").replace(" ", "")
