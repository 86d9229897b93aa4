"""Registers in from ledgers: every row checked first, then all land in one transaction, or none."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection
from xlsxwriter.exceptions import XlsxWriterException

from casework.collecting import collecting_later
from casework.errors import Invalid
from casework.events import Door
from casework.ledger.corrections import write_error_workbook
from casework.ledger.entries import Problem
from casework.ledger.reader import Row, open_ledger
from casework.office import Office
from casework.people import find_actor
from casework.registers.places import find_kind
from casework.registers.store import Draft, Hand
from casework.registers.vetting import Typed, Vetting, scheme_of
from casework.registers.writing import write
from rules.access import Actor, Role
from rules.registers.kinds import Kind
from rules.wording import Wording
from rules.workdays import china_day

MOST_SHOWN = 200
_CHUNK, _WRITTEN = 1_000, 5_000  # rows looked up, and records written, together


@dataclass(slots=True)
class Imported:
    """What came of a ledger. ``problems`` are the first ``MOST_SHOWN``."""

    file: str
    kind: str
    dry_run: bool
    landed: bool = False
    rows: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    error_workbook: str = ""


def import_register(
    office: Office,
    path: Path,
    written: str,
    *,
    by: str,
    at: datetime,
    dry_run: bool = False,
    partial: bool = False,
    default_unit: str = "",
    errors_to: Path | None = None,
) -> Imported:
    """Import a ledger of one kind: a known key is changed, a new one added.

    Columns that are missing leave their fields alone, a blank cell clears its field, a masked
    value that is the known one stays. With a bad row nothing is written unless ``partial``; bad
    rows go to ``errors_to``. Raise Invalid for the file, Refused or NotFound for the person.
    """
    kind = find_kind(written)
    imported = Imported(path.name.encode(errors="replace").decode(), kind.key, dry_run)
    bad: list[tuple[Row, list[Problem]]] = []
    with collecting_later(), office.writing() as connection:
        actor = find_actor(connection, by)
        vetting = Vetting(connection, kind, actor, china_day(at), default_unit)
        drafts = _read(path, vetting, imported, bad)
        lands = not dry_run and (partial or not bad)
        for start in range(0, len(drafts) if lands else 0, _WRITTEN):
            for role, group in _by_role(actor, kind, drafts[start : start + _WRITTEN]).items():
                write(connection, kind, Hand(actor.id, role, at, Door.IMPORT), group)
        imported.landed = lands
    give_back(imported, bad, errors_to)
    return imported


def _read(
    path: Path,
    vetting: Vetting,
    imported: Imported,
    bad: list[tuple[Row, list[Problem]]],
) -> list[Draft]:
    drafts: list[Draft] = []
    with open_ledger(path, scheme=scheme_of(vetting.kind)) as rows:
        waiting: list[Typed] = []
        for row in rows:
            imported.rows += 1
            placed = vetting.place(row)
            if isinstance(placed, list):
                reject(row, placed, imported, bad)
                continue
            waiting.append(placed)
            if len(waiting) == _CHUNK:
                _settle(waiting, vetting, drafts, imported, bad)
                waiting = []
        _settle(waiting, vetting, drafts, imported, bad)
    return drafts


def _settle(
    waiting: list[Typed],
    vetting: Vetting,
    drafts: list[Draft],
    imported: Imported,
    bad: list[tuple[Row, list[Problem]]],
) -> None:
    known = vetting.known(waiting) if waiting else {}
    for typed in waiting:
        draft = vetting.vet(typed, known)
        if isinstance(draft, list):
            reject(typed.row, draft, imported, bad)
        elif draft.held and draft.held.values == draft.values:
            imported.same += 1
        else:
            imported.added += draft.held is None
            imported.changed += draft.held is not None
            drafts.append(draft)


@contextmanager
def bringing_in(
    office: Office, imported: Imported, *, partial: bool, errors_to: Path | None
) -> Iterator[tuple[Connection, list[tuple[Row, list[Problem]]]]]:
    """Open a transaction in which rows are written as they come, and the list of refused ones.

    At its end all lands, or is taken back; the refused rows are given back.
    """
    bad: list[tuple[Row, list[Problem]]] = []
    with office.writing() as connection:
        yield connection, bad
        imported.landed = not imported.dry_run and (partial or not bad)
        if not imported.landed:
            connection.rollback()
    give_back(imported, bad, errors_to)


def reject(
    row: Row, problems: list[Problem], imported: Imported, bad: list[tuple[Row, list[Problem]]]
) -> None:
    """Keep a row that cannot be brought in, with what is wrong with it."""
    imported.rejected += 1
    imported.problems.extend(problems[: MOST_SHOWN - len(imported.problems)])
    bad.append((row, problems))


def _by_role(actor: Actor, kind: Kind, drafts: list[Draft]) -> dict[Role, list[Draft]]:
    units = {each.unit.id: each.unit for each in drafts}
    roles = {key: min(actor.roles_over(unit.path) & kind.edit) for key, unit in units.items()}
    found: dict[Role, list[Draft]] = {}
    for draft in drafts:
        found.setdefault(roles[draft.unit.id], []).append(draft)
    return found


def give_back(
    imported: Imported, bad: list[tuple[Row, list[Problem]]], errors_to: Path | None
) -> None:
    """Write the refused rows to a workbook, if there are any; raise Invalid when it cannot be."""
    if not bad or errors_to is None:
        return
    try:
        with errors_to.open("ab"):
            pass
        write_error_workbook(errors_to, bad[0][0].sheet.header, bad)
    except (OSError, XlsxWriterException) as fault:
        raise Invalid(
            Wording("错误工作簿写不进去", "the workbook of refused rows cannot be written"),
            remedy=Wording("请关闭同名文件，或换一个路径。", "Close the file, or choose another."),
            where=str(errors_to),
        ) from fault
    imported.error_workbook = str(errors_to)
