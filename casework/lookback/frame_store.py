"""Frozen frames, kept for ever beside the evidence, each under the hash of its text."""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO

from casework.errors import Invalid, NotFound, Unavailable
from casework.evidence_store import EvidenceStore
from casework.files import draft_in, settle
from rules.wording import Wording

_SHELF = "frames"
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
        with draft_in(folder) as draft:
            _compress(draft.file, lines)
            kept = digest()
            draft.put(_place(store, kept))
        settle(folder)
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


def _compress(file: IO[bytes], lines: Iterable[bytes]) -> None:
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=_LEVEL, mtime=0) as packed:
        reading = iter(lines)
        while several := b"".join(islice(reading, _LINES)):
            packed.write(several)


def _place(store: EvidenceStore, digest: str) -> Path:
    return store.root / _SHELF / f"{digest}.gz"


def _altered(digest: str) -> Invalid:
    return Invalid(_ALTERED, remedy=_RESTORE, where=digest)


_MISSING = Wording("没有这份抽样名单", "there is no such frame")
_ALTERED = Wording("抽样名单与冻结时不同", "the frame is not what was frozen")
_RESTORE = Wording("请从备份恢复，并查明原因。", "Restore it from a backup and find out why.")
_NOT_WRITTEN = Wording("抽样名单没有写入磁盘", "the frame could not be written to disk")
_LOOK_AT_DISK = Wording("请检查磁盘空间和权限。", "Check the disk's space and permissions.")
