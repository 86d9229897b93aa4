"""A stock ledger in from a workbook: opening balances, and the lines of a ledger kept on paper.

Each line is written as if it were typed, by the same rules: what is controlled waits for a second
person, and nothing is issued that is not signed for. A check alone does it all and takes it back.
Lines that stand there already are passed over, so that a ledger can be brought in again.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, select

from casework.errors import Invalid
from casework.events import Door
from casework.exporting.delimited import undefuse
from casework.exporting.sheet import write_sheet
from casework.ledger.entries import Problem
from casework.ledger.reader import Row, open_ledger
from casework.office import Office
from casework.people import Unit, find_actor
from casework.registers.importing import Imported, bringing_in, reject
from casework.registers.places import find_kind
from casework.registers.placing import Units, problem_of
from casework.stock.columns import SCHEME, TEMPLATE
from casework.stock.entering import Line, Typed, read_line, require_one_end, write_line
from casework.stock.store import KIND, Ledger, Who, take
from models import RecordState
from models.tables import REGISTER_RECORDS
from rules.stock.entries import Act, Stand
from rules.wording import Trouble, Wording

_STAND = {word: stand for stand in Stand for word in (stand.value, stand.label.zh, stand.label.en)}
_Same = tuple[Act, int, date, str]
"""What makes two lines of a ledger the same: act, amount, day and reason."""


def import_stock(
    office: Office,
    path: Path,
    *,
    by: str,
    at: datetime,
    dry_run: bool = False,
    partial: bool = False,
    default_unit: str = "",
    errors_to: Path | None = None,
) -> Imported:
    """Bring in the lines of a ledger, .xlsx, .xls or .csv, in the order of its rows.

    With a bad row nothing is written unless ``partial``; bad rows go to ``errors_to``. Raise
    Invalid for the file, Refused or NotFound for the person.
    """
    imported = Imported(path.name.encode(errors="replace").decode(), KIND, dry_run)
    with bringing_in(office, imported, partial=partial, errors_to=errors_to) as (connection, bad):
        units = Units(connection, find_kind(KIND), find_actor(connection, by), default_unit)
        bringing = _Bringing(office, connection, units, Who(by, at, Door.IMPORT))
        with open_ledger(path, scheme=SCHEME) as rows:
            for row in rows:
                imported.rows += 1
                problems = bringing.bring(row, imported)
                if problems:
                    reject(row, problems, imported, bad)
    return imported


def write_template(path: Path) -> int:
    """Write an empty ledger with the columns that are read; return 0, its rows."""
    return write_sheet(path, TEMPLATE, (), title="出入库")


class _Bringing:
    """Lines written one after the other; knows which ones stood there before."""

    def __init__(self, office: Office, connection: Connection, units: Units, who: Who) -> None:
        self._office, self._connection, self._units, self._who = office, connection, units, who
        self._names: dict[int, Mapping[str, list[str]]] = {}
        self._known: dict[int, Counter[_Same]] = {}

    def bring(self, row: Row, imported: Imported) -> list[Problem]:
        """Write a line, or pass it over where it is known; return what is wrong with it."""
        unit = self._units.of(row)
        if isinstance(unit, list):
            return unit
        cells = {name: undefuse(row.fields.get(name, "").strip()) for name in row.sheet.columns}
        try:
            imported.added += self._write(unit, cells)
        except Trouble as trouble:
            where, told = trouble.where, (trouble.problem, trouble.remedy)
            return [problem_of(row, where, cells.get(where, ""), told)]
        imported.same = imported.rows - imported.rejected - imported.added
        return []

    def _write(self, unit: Unit, cells: Mapping[str, str]) -> bool:
        if (stand := _STAND.get(cells.get("stand", ""))) and stand.is_gone:
            return False
        line = self._line(cells)
        ledger = take(self._connection, self._key(unit, cells), unit.code, self._who)
        known = self._known.setdefault(ledger.held.id, _standing(ledger))
        same = _same(line)
        if known[same]:
            known[same] -= 1
            return False
        require_one_end(line.act)
        write_line(self._connection, self._office, ledger, line)
        return True

    def _line(self, cells: Mapping[str, str]) -> Line:
        if not cells.get("on"):
            raise Invalid(
                Wording("缺少日期", "the day is missing"),
                remedy=Wording("请填出入库的日期。", "Say on which day it was."),
                where="on",
            )
        typed = Typed(
            cells.get("act", ""), cells.get("amount", ""), cells["on"], cells.get("reason", ""),
            filing_no=cells.get("filing_no", ""),
        )  # fmt: skip
        return read_line(typed, self._who)

    def _key(self, unit: Unit, cells: Mapping[str, str]) -> str:
        """Return the chemical's code, or that of the only one of this name; raise Invalid."""
        if key := cells.get("key"):
            return key
        name = cells.get("name", "")
        if unit.id not in self._names:
            self._names[unit.id] = _names(self._connection, unit)
        keys = self._names[unit.id].get(name, [])
        if len(keys) == 1:
            return keys[0]
        raise _which_one(name, len(keys))


def _which_one(name: str, there: int) -> Invalid:
    problem = Wording("缺少药品编号", "the code is missing")
    if name:
        problem = Wording(f"台账中有 {there} 种“{name}”", f"{there} chemicals are called {name!r}")
    return Invalid(
        problem,
        remedy=Wording("请先登记药品，并填药品编号。", "Register the chemical, and give its code."),
        where="name" if name else "key",
    )


def _standing(ledger: Ledger) -> Counter[_Same]:
    return Counter(
        _same(Line(row.act, row.amount, row.on_day, row.reason))
        for row in ledger.rows
        if not row.stand.is_gone
    )


def _same(line: Line) -> _Same:
    return (line.act, line.amount, line.on_day, line.reason)


def _names(connection: Connection, unit: Unit) -> Mapping[str, list[str]]:
    records = REGISTER_RECORDS.c
    rows = connection.execute(
        select(records.key, records.facts["name"].as_string()).where(
            records.kind == KIND,
            records.unit_id == unit.id,
            records.state == RecordState.ACTIVE,
        )
    )
    found: dict[str, list[str]] = {}
    for key, name in rows.tuples():
        found.setdefault(name, []).append(key)
    return found
