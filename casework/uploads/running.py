"""The run of an upload, in whatever thread or process it is: its progress in a file, its end kept.

The progress is no matter of the database: on SQLite the import itself holds the only pen.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import update

from casework.files import write_whole
from casework.importing import Imported, Progress, import_ledger
from casework.office import Office
from casework.uploads.keeping import Upload, errors_of, find_any, folder_of, ledger_of
from casework.vetting import Vetted
from models import UploadState
from models.tables import LEDGER_UPLOADS
from rules.wording import Trouble, Wording

_UPLOADS = LEDGER_UPLOADS.c
_PROGRESS = "progress.json"
_FAULT = Wording("程序出错，什么也没有写入", "something went wrong; nothing was written")
_TELL = Wording("请再试一次；仍不行请告诉管理员。", "Try again, or tell an administrator.")


class Standing(NamedTuple):
    """How far a run is: "read" or "write", "" before it began; rows done, and of how many."""

    doing: str = ""
    done: int = 0
    total: int = 0


def run_upload(
    office: Office, token: str, *, progress: Progress = lambda _doing, _done: None
) -> Imported | None:
    """Rehearse or import an upload that waits; None when another has taken it.

    Raise the Trouble that a ledger is refused with; it is kept for whoever asks.
    """
    if not _take(office, token):
        return None
    upload = find_any(office, token)
    try:
        imported = _import(office, upload, progress)
    except Trouble as trouble:
        _end(office, upload, UploadState.FAILED, trouble=trouble)
        raise
    except BaseException:
        _end(office, upload, UploadState.FAILED, trouble=Trouble(_FAULT, remedy=_TELL))
        raise
    _end(office, upload, UploadState.ENDED, imported=imported)
    if imported.landed:
        ledger_of(office, token).unlink(missing_ok=True)  # names of people; the cases have them
    return imported


def standing_of(office: Office, upload: Upload) -> Standing:
    """Return how far the run of an upload is; one that waits has not begun."""
    if upload.state is UploadState.WAITING:
        return Standing()
    with suppress(OSError, ValueError, TypeError):
        return Standing(**json.loads((folder_of(office, upload.token) / _PROGRESS).read_text()))
    return Standing()


def beat_of(office: Office, token: str) -> datetime | None:
    """Return when a run last said how far it is."""
    with suppress(OSError):
        written = (folder_of(office, token) / _PROGRESS).stat().st_mtime
        return datetime.fromtimestamp(written, UTC)
    return None


def _take(office: Office, token: str) -> bool:
    waiting = (_UPLOADS.token == token, _UPLOADS.state == UploadState.WAITING)
    with office.writing() as connection:
        taken = update(LEDGER_UPLOADS).where(*waiting).values(state=UploadState.RUNNING)
        return connection.execute(taken).rowcount == 1


def _import(office: Office, upload: Upload, progress: Progress) -> Imported:
    errors = errors_of(office, upload.token)
    errors.unlink(missing_ok=True)
    return import_ledger(
        office, ledger_of(office, upload.token), by=upload.by, at=upload.asked_at,
        dry_run=upload.dry_run, partial=upload.wish.partial, default_unit=upload.wish.unit,
        default_year=upload.wish.year, errors_to=errors, called=upload.name,
        progress=_Teller(office, upload.token, progress),
    )  # fmt: skip


class _Teller:
    """Writes down how far a run is, and tells whoever else wants to know."""

    def __init__(self, office: Office, token: str, also: Progress) -> None:
        self.file = folder_of(office, token) / _PROGRESS
        self.also = also
        self.total = 0
        self("read", 0)

    def __call__(self, doing: str, done: int) -> None:
        if doing == "read":
            self.total = done
        with suppress(OSError):  # a full disk is the import's to tell of
            standing = Standing(doing, done, self.total)
            write_whole(self.file, json.dumps(standing._asdict()).encode())
        self.also(doing, done)


def _end(
    office: Office,
    upload: Upload,
    state: UploadState,
    *,
    imported: Imported | None = None,
    trouble: Trouble | None = None,
) -> None:
    row: dict[str, Any] = {"state": state, "answer": None, "trouble": None}
    if imported:
        row |= {"answer": _plain(imported), "landed": imported.landed}
    if trouble:
        row["trouble"] = {"problem": _both(trouble.problem), "remedy": _both(trouble.remedy)}
    with office.writing() as connection:
        connection.execute(update(LEDGER_UPLOADS).where(_UPLOADS.token == upload.token).values(row))


def _plain(imported: Imported) -> dict[str, Any]:
    counts = ("rows", "cases", "normal", "duplicate", "rejected")
    return {
        **{name: getattr(imported, name) for name in counts},
        "preview": [_previewed(each) for each in imported.preview],
        "problems": [
            {"sheet": each.sheet, "row": each.row, "field": each.field, "value": each.value,
             "problem": _both(each.wording), "remedy": _both(each.remedy)}
            for each in imported.problems
        ],
        "duplicates": [
            {"sheet": each.sheet, "row": each.row, "number": each.number}
            for each in imported.duplicates
        ],
    }  # fmt: skip


def _previewed(vetted: Vetted) -> dict[str, Any]:
    told = vetted.checked.told
    return {
        "sheet": vetted.sheet, "row": vetted.row, "unit": vetted.unit.name,
        "category": vetted.checked.category.key, "description": told.description,
        "location": told.location, "level": told.level.value,
        "found_on": vetted.checked.found_on.isoformat(),
        "due": told.deadline_asked.isoformat() if told.deadline_asked else "",
    }  # fmt: skip


def _both(wording: Wording) -> Mapping[str, str]:
    return {"zh": wording.zh, "en": wording.en}
