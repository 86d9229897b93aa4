"""Files on disk: free to be written, written whole or not at all, lasting through a power cut."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from casework.errors import NotFound, Refused
from rules.wording import Wording

UNFINISHED = ".unfinished-"
"""How the name of a file begins whose writer has not finished, or died."""


class Draft(NamedTuple):
    """A file that is being written, under a name of its own."""

    file: IO[bytes]
    path: Path

    def put(self, target: Path) -> None:
        """Give what was written its place, once it is on the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.path.replace(target)


@contextmanager
def draft_in(folder: Path) -> Iterator[Draft]:
    """Give a file to write in ``folder``, for its owner's eyes only; it goes unless it is put."""
    handle, name = tempfile.mkstemp(prefix=UNFINISHED, dir=folder)  # mode 0600
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield Draft(file, path)
    finally:
        path.unlink(missing_ok=True)


def write_whole(target: Path, data: bytes) -> None:
    with draft_in(target.parent) as draft:
        draft.file.write(data)
        draft.put(target)


def settle(path: Path) -> None:
    """Make a file, or the names in a folder, last through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def require_free(file: Path, *, where: str = "FILE") -> None:
    """Raise Refused for a file that is there, NotFound when its folder is not."""
    if file.exists():
        raise Refused(
            Wording(f"{file} 已存在", f"{file} is there already"),
            remedy=Wording("请另取文件名，或先移走它。", "Choose another name, or move it away."),
            where=where,
        )
    if not file.absolute().parent.is_dir():
        raise NotFound(
            Wording(f"没有文件夹 {file.parent}", f"there is no folder {file.parent}"),
            remedy=Wording("请先建立文件夹。", "Make the folder first."),
            where=where,
        )
