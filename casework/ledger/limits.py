"""How much a ledger may cost us before it is refused."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, seconds and counts; the defaults let 100,000 rows of 15 columns through.

    ``memory_bytes`` and ``cpu_seconds`` bind the child that parses; ``wall_seconds`` is how long
    the parent waits for it in all, not counting the time the caller takes between rows.
    """

    workbook_bytes: int = 20 * MIB
    text_bytes: int = 64 * MIB
    entries: int = 1000
    unpacked_bytes: int = 200 * MIB
    ratio: int = 100
    # Small parts of honest workbooks (styles, empty rows) often pack better than 100 to 1.
    ratio_from_bytes: int = 20 * MIB
    rows: int = 300_000
    last_row: int = 1_048_576  # as far down as Excel goes, blank rows included
    columns: int = 200
    line_characters: int = 1_000_000  # thirty of the longest cells
    cell_characters: int = 32_767  # what one Excel cell can hold
    memory_bytes: int = 1024 * MIB
    cpu_seconds: int = 60
    wall_seconds: float = 90.0


DEFAULT = Limits()
