"""Heads outside of the database: a file a month at home, and again in a place of your choice.

``BIHUAN_HEADS_TO`` names a folder that whoever runs the database cannot rewrite: a share of the
auditors, a medium that only grows. A file holds one signed note after another.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import select

from casework.errors import NotFound
from casework.office import Office
from models.tables import CHECKPOINTS
from rules.checkpoint import BadNote, Checkpoint, Verifier, notes_in, open_note
from rules.wording import Wording

FOLDER = Path("heads")
TO = "BIHUAN_HEADS_TO"
_NEWEST = select(CHECKPOINTS).order_by(CHECKPOINTS.c.size.desc())
_TAIL = 1 << 16  # bytes; some 200 heads


@dataclass(frozen=True, slots=True)
class OutsideHead:
    """A head that left us, and where it lies."""

    head: Checkpoint
    note: str
    where: str


def places_of(environ: Mapping[str, str], folder: Path) -> list[Path]:
    """Return the folders that heads are copied to."""
    second = environ.get(TO, "")
    return [folder / FOLDER, *([Path(second)] if second else [])]


def keep_heads(place: Path, notes: Sequence[str], *, month: str) -> None:
    """Append notes to the file of a month (``2026-03``); raise OSError when the place refuses."""
    if not notes:
        return
    with (place / f"heads-{month}.txt").open("a+b") as file:
        file.write(_marked(file) + "".join(f"{note}\n" for note in notes).encode())
        file.flush()
        os.fsync(file.fileno())


def kept_of_late(place: Path) -> set[str]:
    """Return the newest notes that lie in a folder, as many as its last file's end holds."""
    return {note for path in _files(place)[-1:] for note in notes_in(_tail(path))}


def notes_of(path: Path) -> list[str]:
    """Return the notes in a file, whoever signed them; raise NotFound when there is none."""
    found = list(notes_in(path.read_text(encoding="utf-8"))) if path.is_file() else []
    if not found:
        raise NotFound(
            Wording(f"{path} 里没有检查点", f"there is no head in {path}"),
            remedy=Wording("请给出存放检查点的文件。", "Name a file of heads."),
            where="--head",
        )
    return found


def list_heads(office: Office, most: int) -> list[dict[str, Any]]:
    """Return the newest heads, the newest first: size, root, moment, key and note."""
    with office.auditing() as connection:
        rows = connection.execute(_NEWEST.limit(most)).all()
    return [
        {"size": each.size, "root": each.root.hex(), "at": each.at, "key": each.key,
         "note": each.note}
        for each in rows
    ]  # fmt: skip


def read_heads(
    path: Path, verifiers: Sequence[Verifier], *, newest_only: bool = False
) -> Iterator[OutsideHead | BadNote]:
    """Yield the heads in a file or folder; for one that no key of ours signed, the BadNote.

    Raise NotFound when nothing is there.
    """
    if not path.exists():
        raise NotFound(
            Wording(f"没有 {path}", f"there is no {path}"),
            remedy=Wording("请给出存放检查点的文件或文件夹。", "Name a file or folder of heads."),
            where="--heads",
        )
    files = _files(path) if path.is_dir() else [path]
    for each in files[-1:] if newest_only else files:
        text = _tail(each) if newest_only else each.read_text(encoding="utf-8", errors="replace")
        notes = list(notes_in(text))
        for note in notes[-1:] if newest_only else notes:
            yield _opened(note, str(each), verifiers)


def _opened(note: str, where: str, verifiers: Sequence[Verifier]) -> OutsideHead | BadNote:
    try:
        text, _ = open_note(note, verifiers)
        return OutsideHead(Checkpoint.read(text), note, where)
    except BadNote as fault:
        return BadNote(f"{where}: {fault}")


def _files(place: Path) -> list[Path]:
    return sorted(place.glob("*.txt"))


def _tail(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return file.read().decode(errors="replace")


def _marked(file: BinaryIO) -> bytes:
    """Return what tells the next note from one that a crash left half written."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - 2))
    return b"" if not end or file.read(2) == b"\n\n" else b"\ntorn\n\n"
