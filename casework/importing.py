"""Import a ledger: checked whole, then written in one transaction, or not at all.

The first pass reads and checks every row into a spool; only then does one transaction write.
Peak memory is bounded by a chunk, not by the file.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select
from xlsxwriter.exceptions import XlsxWriterException

from casework.arrivals import Duplicate, Inspections, Sieve, count_again
from casework.collecting import collecting_later
from casework.errors import Invalid, Refused
from casework.events import Door
from casework.intake import Arrival, Intake, new_cases
from casework.ledger.corrections import write_error_workbook
from casework.ledger.entries import Problem
from casework.ledger.reader import Row, open_ledger
from casework.numbering import take_ids
from casework.office import Office
from casework.people import find_actor
from casework.rulebook import Rulebook
from casework.spool import Spool
from casework.vetting import InspectionKey, Normal, Vetted, Vetting
from casework.writer import open_cases
from models.tables import LEDGER_IMPORTS
from rules.access import Actor, Verb
from rules.wording import Wording
from rules.workdays import china_day

MOST_SHOWN = 200
MOST_PREVIEWED = 50
_TELL_EVERY = 500
_COUNT_FIRST, _COUNT_EVERY = 5, 25  # chunks of a thousand rows

Progress = Callable[[str, int], None]
"""Called with what is being done ("read" or "write") and how many rows are done so far."""


@dataclass(slots=True)
class Imported:
    """What came of a ledger. ``problems`` and ``duplicates`` are the first ``MOST_SHOWN``, and
    ``preview`` the first ``MOST_PREVIEWED`` rows that may land.
    """

    file: str
    dry_run: bool
    landed: bool = False
    rows: int = 0
    cases: int = 0
    normal: int = 0
    duplicate: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    error_workbook: str = ""
    preview: list[Vetted] = field(default_factory=list)

    def accept(self, vetted: Vetted) -> None:
        if len(self.preview) < MOST_PREVIEWED:
            self.preview.append(vetted)

    def reject(self, problems: list[Problem]) -> None:
        self.rejected += 1
        self.problems.extend(problems[: MOST_SHOWN - len(self.problems)])

    def repeat(self, duplicates: list[Duplicate]) -> None:
        self.duplicate += len(duplicates)
        self.duplicates.extend(duplicates[: MOST_SHOWN - len(self.duplicates)])


@dataclass(frozen=True, slots=True)
class _Read:
    """What the first pass leaves: good rows, bad rows, and normal items by inspection."""

    good: Spool[Vetted]
    bad: Spool[tuple[Row, list[Problem]]]
    normal: Counter[InspectionKey]


def import_ledger(
    office: Office,
    path: Path,
    *,
    by: str,
    at: datetime,
    dry_run: bool = False,
    partial: bool = False,
    default_unit: str = "",
    default_year: int | None = None,
    errors_to: Path | None = None,
    called: str = "",
    progress: Progress = lambda _doing, _done: None,
) -> Imported:
    """Import the ledger at ``path`` as the person with the code ``by``.

    With a bad row nothing is written unless ``partial``; the bad rows go to ``errors_to`` with the
    reason beside each. ``default_unit`` stands for a ledger without a unit column; ``called`` is
    the file's name where ``path`` has another. Raise Invalid
    when the file is no ledger or ``errors_to`` cannot be written, Refused or NotFound for the
    person or the unit.
    """
    imported = Imported(_readable(called or path.name), dry_run)
    with collecting_later(), Spool[Vetted]() as good, Spool[tuple[Row, list[Problem]]]() as bad:
        read = _Read(good, bad, Counter())
        with office.reading() as connection:
            actor = require_importer(connection, by)
            book = office.rulebooks.at(connection, at)
            vetting = Vetting(
                connection, actor, book,
                today=china_day(at), default_unit=default_unit, default_year=default_year,
            )  # fmt: skip
        _read_rows(path, vetting, read, imported, progress)
        if imported.rejected and errors_to:
            _give_back(bad, errors_to)
            imported.error_workbook = str(errors_to)
        if dry_run:
            _rehearse(office, read, imported)
        elif partial or not imported.rejected:
            _write(office, path, read, imported, (vetting, book, actor, at), progress)
    return imported


def require_importer(connection: Connection, by: str) -> Actor:
    """Return the person with the code ``by``; raise Refused unless they may import ledgers."""
    actor = find_actor(connection, by)
    if not actor.reach(Verb.IMPORT):
        raise Refused(
            Wording("您无权导入台账", "you may not import ledgers"),
            remedy=Wording(
                "须由主要负责人、片区、专委会或管理员导入。",
                "It takes a head, a cluster lead, the committee or an administrator.",
            ),
            where=by,
        )
    return actor


def _readable(name: str) -> str:
    """Return a file's name as any database takes it: GBK names come as halves of characters."""
    return name.encode(errors="replace").decode()


def _read_rows(
    path: Path, vetting: Vetting, read: _Read, imported: Imported, progress: Progress
) -> None:
    with open_ledger(path) as rows:
        for row in rows:
            imported.rows += 1
            match vetting.vet(row):
                case Vetted() as vetted:
                    read.good.append(vetted)
                    imported.accept(vetted)
                case Normal(inspection):
                    imported.normal += 1
                    if inspection:
                        read.normal[inspection] += 1
                case problems:
                    imported.reject(problems)
                    read.bad.append((row, problems))
            if imported.rows % _TELL_EVERY == 0:
                progress("read", imported.rows)
    progress("read", imported.rows)


def _give_back(bad: Spool[tuple[Row, list[Problem]]], errors_to: Path) -> None:
    first, _ = next(iter(bad))
    try:
        with errors_to.open("ab"):  # asked first: XlsxWriter finds out only when all is written
            pass
        write_error_workbook(errors_to, first.sheet.header, bad)
    except (OSError, XlsxWriterException) as fault:
        raise Invalid(
            Wording("错误工作簿写不进去", "the workbook of refused rows cannot be written"),
            remedy=Wording(
                "什么也没有导入。请关闭已打开的同名文件，或换一个路径。",
                "Nothing was imported. Close the file if it is open, or choose another path.",
            ),
            where=str(errors_to),
        ) from fault


def _rehearse(office: Office, read: _Read, imported: Imported) -> None:
    """Count what would land, and what is there already, without writing."""
    sieve = Sieve()
    with office.reading() as connection:
        for chunk in read.good.chunks():
            fresh, duplicates = sieve.split(connection, chunk)
            imported.cases += len(fresh)
            imported.repeat(duplicates)


def _write(
    office: Office,
    path: Path,
    read: _Read,
    imported: Imported,
    brought: tuple[Vetting, Rulebook, Actor, datetime],
    progress: Progress,
) -> None:
    vetting, book, actor, at = brought
    sieve, inspections = Sieve(), Inspections(read.normal, imported.file)
    record = _record(path, imported, actor, at)
    with office.writing() as connection:
        # Whoever imports or reports the same at once waits here, and then sees what we wrote.
        take_ids(connection, "cases", 0)
        inspections.enter(connection, _countable(connection, read.normal, record))
        for number, chunk in enumerate(read.good.chunks()):
            if number % _COUNT_EVERY == _COUNT_FIRST:
                count_again(connection)
            fresh, duplicates = sieve.split(connection, chunk)
            imported.repeat(duplicates)
            inspections.enter(connection, (each.inspection for each in fresh))
            intake = Intake(book, actor.id, at, Door.IMPORT)
            arrivals = [_arrival(each, vetting, inspections) for each in fresh]
            open_cases(connection, new_cases(connection, intake, arrivals))
            imported.cases += len(fresh)
            progress("write", imported.cases + imported.duplicate)
        record |= {"cases": imported.cases, "duplicates": imported.duplicate}
        connection.execute(insert(LEDGER_IMPORTS), record)
    imported.landed = True


def _countable(
    connection: Connection, normal: Counter[InspectionKey], record: dict[str, Any]
) -> Iterable[InspectionKey]:
    """Return the inspections whose normal items count.

    Rows without a date are of today; in a file that landed before they were of that day, and are
    counted there.
    """
    same = select(LEDGER_IMPORTS.c.id).where(LEDGER_IMPORTS.c.sha256 == record["sha256"]).limit(1)
    if connection.execute(same).first() is None:
        return normal
    return [key for key in normal if key.held_on != china_day(record["at"])]


def _arrival(each: Vetted, vetting: Vetting, inspections: Inspections) -> Arrival:
    return Arrival(
        each.unit,
        each.checked,
        vetting.role_at(each.unit),
        fingerprint=each.fingerprint,
        row={"inspection_id": inspections.id_of(each.inspection)},
        body={"ledger": each.said},
    )


def _record(path: Path, imported: Imported, actor: Actor, at: datetime) -> dict[str, Any]:
    with path.open("rb") as file:
        sha256 = file_digest(file, "sha256").hexdigest()
    return {
        "sha256": sha256, "name": imported.file[:200], "at": at, "by_id": actor.id,
        "rows": imported.rows, "normal": imported.normal, "rejected": imported.rejected,
    }  # fmt: skip
