"""Registers out as ledgers, CSV or XLSX, that can be imported again; masked unless revealed."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from casework.auditing.access import record_access
from casework.events import Door
from casework.exporting.sheet import sheet_form, write_sheet
from casework.office import Office
from casework.people import find_actor
from casework.registers.narrowing import EVERY, Narrow, narrowed
from casework.registers.places import find_kind, held_under, seen_by
from casework.registers.revealing import require_reason
from casework.registers.store import FOUND, Held, read
from models.tables import REGISTER_RECORDS
from rules.looking import Look
from rules.registers.kinds import FieldType, Kind
from rules.registers.masking import masked
from rules.workdays import china_day

_TOGETHER = 1_000


class Exported(NamedTuple):
    """What left: how many rows, and the receipt of the access record when it was revealed."""

    file: str
    rows: int
    revealed: bool
    receipt: str


def export_register(
    office: Office,
    written: str,
    path: Path,
    *,
    by: str,
    at: datetime,
    door: Door,
    narrow: Narrow = EVERY,
    reveal: bool = False,
    why: str = "",
) -> Exported:
    """Write the records ``by`` may see to a .csv or .xlsx, those that ``narrow`` asks for.

    With ``reveal`` only where personal data may be seen, and only with a reason, recorded before
    anything is read. Raise Invalid for the file's name, a missing reason, or what cannot be
    written; NotFound for the place.
    """
    kind = find_kind(written)
    sheet_form(path)
    if reveal:
        require_reason(why)
    what = {
        "register": kind.key, "place": narrow.place, "revealed": reveal, "file": path.name[:100],
    }  # fmt: skip
    receipt = record_access(
        office, Look.EXPORT, by=by, at=at, door=door, what=what, typed=narrow.text, why=why
    )
    with office.reading() as connection:
        rows = _rows(connection, kind, by, (narrow, china_day(at)), reveal=reveal)
        count = write_sheet(path, _header(kind), rows, title=kind.zh)
    return Exported(path.name, count, reveal, receipt)


def write_template(kind: Kind, path: Path) -> int:
    """Write an empty workbook with the columns of the kind; return 0, its rows."""
    return write_sheet(path, _header(kind), (), title=kind.zh)


def _rows(
    connection: Connection, kind: Kind, by: str, asked: tuple[Narrow, date], *, reveal: bool
) -> Iterator[list[str]]:
    """Yield the cells of each record, its unit first, in the order they were added."""
    actor = find_actor(connection, by)
    wanted = narrowed(connection, FOUND.where(seen_by(connection, actor, kind)), *asked)
    if reveal:
        wanted = wanted.where(held_under(connection, actor, kind.reveal))
    in_order = wanted.order_by(REGISTER_RECORDS.c.id)
    found = connection.execution_options(yield_per=_TOGETHER).execute(in_order)
    for row in found:
        yield _cells(kind, read(row), reveal=reveal)


def _cells(kind: Kind, held: Held, *, reveal: bool) -> list[str]:
    values = held.values if reveal else masked(kind, held.values)
    said = {
        field.key: {each.key: each.zh for each in field.choices}
        for field in kind.fields
        if field.type is FieldType.CHOICE
    }
    cells = [said.get(each.key, {}).get(v := values.get(each.key, ""), v) for each in kind.fields]
    return [held.unit.name, *cells]


def _header(kind: Kind) -> list[str]:
    return ["单位", *(each.zh for each in kind.fields)]
