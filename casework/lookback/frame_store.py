"""Frozen frames, kept for ever beside the evidence, each under the hash of its text."""

import gzip
import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO

from casework.errors import Invalid, NotFound, Unavailable
from casework.evidence_store import EvidenceStore
from rules.wording import Wording

_SHELF = "frames"
_UNFINISHED = ".unfinished-"
# A frame of a million cases is some 90 MB of text; the lowest level halves it in a second.
_LEVEL = 1
_LINES = 4_096


def keep_frame(store: EvidenceStore, lines: Iterable[bytes], digest: Callable[[], str]) -> str:
    """Write a frame's lines durably and return its digest, asked for when all are written.

    Keeping the same frame again changes nothing. Raise Unavailable when the disk refuses, and
    whatever ``lines`` raises; then nothing is left behind.
    """
    folder = store.root / _SHELF
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=_UNFINISHED, dir=folder)  # mode 0600
        with _removed_on_fault(Path(name)), os.fdopen(handle, "wb") as file:
            _compress(file, lines)
            kept = digest()
            Path(name).replace(_place(store, kept))
        _settle(folder)
    except OSError as fault:
        raise Unavailable(_NOT_WRITTEN, remedy=_LOOK_AT_DISK) from fault
    return kept


def frame_lines(store: EvidenceStore, digest: str) -> Iterator[bytes]:
    """Yield a kept frame's lines; raise Invalid, at the end, when they are not what was frozen.

    Raise NotFound when there is no such frame.
    """
    path = _place(store, digest)
    if not path.is_file():
        raise NotFound(_MISSING, remedy=_RESTORE, where=digest)
    hashed = sha256()
    try:
        with gzip.open(path, "rb") as file:
            for line in file:
                hashed.update(line)
                yield line
    except (EOFError, gzip.BadGzipFile, zlib.error) as fault:
        raise _altered(digest) from fault
    if hashed.hexdigest() != digest:
        raise _altered(digest)


@contextmanager
def _removed_on_fault(path: Path) -> Iterator[None]:
    """Remove an unfinished file when anything goes wrong, and let it go wrong."""
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _compress(file: IO[bytes], lines: Iterable[bytes]) -> None:
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=_LEVEL, mtime=0) as packed:
        reading = iter(lines)
        while several := b"".join(islice(reading, _LINES)):
            packed.write(several)
    file.flush()
    os.fsync(file.fileno())


def _place(store: EvidenceStore, digest: str) -> Path:
    return store.root / _SHELF / f"{digest}.gz"


def _settle(folder: Path) -> None:
    """Make the new name last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _altered(digest: str) -> Invalid:
    return Invalid(_ALTERED, remedy=_RESTORE, where=digest)


_MISSING = Wording("没有这份抽样名单", "there is no such frame")
_ALTERED = Wording("抽样名单与冻结时不同", "the frame is not what was frozen")
_RESTORE = Wording("请从备份恢复,并查明原因。", "Restore it from a backup and find out why.")
_NOT_WRITTEN = Wording("抽样名单没有写入磁盘", "the frame could not be written to disk")
_LOOK_AT_DISK = Wording("请检查磁盘空间和权限。", "Check the disk's space and permissions.")
