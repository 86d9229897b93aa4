"""Evidence kept by content: a file's hash is its name, and what is stored never changes.

Under the root, ``originals/aa/bb/<sha256>`` holds every file exactly as it came, EXIF and GPS
included, for the few who may see that; ``views/aa/bb/<sha256>`` holds the redrawn copies.
"""

import hashlib
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from casework.errors import Invalid, NotFound, Unavailable
from casework.files import UNFINISHED, settle, write_whole
from casework.images import HEIC, JPEG, PNG, WEBP, Limits, redraw, sniff_picture
from rules.wording import Wording

PDF = "application/pdf"

_EXTENSIONS = {
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    WEBP: (".webp",),
    HEIC: (".heic", ".heif"),
    PDF: (".pdf",),
}
_SHOWN_IN_PAGE = (JPEG, PNG, WEBP)  # most browsers cannot show HEIC; a PDF can carry scripts

_LONGEST_NAME = 80  # 80 Chinese characters are 240 bytes; file systems take 255
# Control, format (bidi overrides hide an extension), surrogate, line and paragraph separators.
# Unassigned code points stay: rare names use characters newer than this Python's tables.
_UNFIT = ("Cc", "Cf", "Cs", "Zl", "Zp")

_ORIGINALS, _VIEWS = "originals", "views"
_UNFINISHED_LIE = (f"*/*/*/{UNFINISHED}*", f"*/{UNFINISHED}*")  # evidence, frozen frames
_HASH = re.compile(r"[0-9a-f]{64}")

_EMPTY = Wording("文件是空的。", "The file is empty.")
_CUT = Wording("PDF 不完整。", "The PDF is cut off.")
_AGAIN = Wording("请重新选择或导出后再上传。", "Choose or export it again, then upload it.")
_SMALLER = Wording("请压缩或拆分后再上传。", "Compress or split it, then upload it.")
_WRONG_KIND = Wording("文件内容不是照片或 PDF。", "The content is neither a photo nor a PDF.")
_RIGHT_KINDS = Wording(
    "请上传 JPEG、PNG、WebP、HEIC 照片，其他文档请先导出为 PDF。",
    "Upload a JPEG, PNG, WebP or HEIC photo; export other documents as PDF first.",
)
_MISSING = Wording("没有这个证据文件。", "There is no such evidence file.")
_ALTERED = Wording("证据文件已与存入时不同。", "The evidence file is not what was stored.")
_RESTORE = Wording("请从备份恢复，并查明原因。", "Restore it from a backup and find out why.")
_NOT_WRITTEN = Wording("证据文件没有写入磁盘。", "The evidence could not be written to disk.")
_LOOK_AT_DISK = Wording("请检查磁盘空间和权限。", "Check the disk's space and permissions.")


@dataclass(frozen=True, slots=True)
class Stored:
    """Facts about one stored file; the views, pixels and time are None for a PDF.

    ``name`` is for display only. ``width`` and ``height`` are the original's pixels, upright.
    ``taken_at`` is ``YYYY-MM-DD HH:MM:SS`` by the camera's own clock: a claim, never a proof.
    """

    sha256: str
    name: str
    media_type: str
    size: int
    view_sha256: str | None = None
    thumb_sha256: str | None = None
    width: int | None = None
    height: int | None = None
    taken_at: str | None = None


class EvidenceStore:
    def __init__(self, root: Path, limits: Limits) -> None:
        self.root = root
        self._limits = limits

    def put(self, content: bytes | Path | BinaryIO, *, name: str) -> Stored:
        """Store one photo or PDF durably and say what it is; storing it again changes nothing.

        Raises Invalid (kind, size, damage) before anything is written, Unavailable when the disk
        refuses, and OSError when a given path cannot be read.
        """
        shown = display_name(name)
        data = self._taken_in(content, shown)
        if data.startswith(b"%PDF-"):
            return self._keep_pdf(data, shown)
        if media_type := sniff_picture(data):
            return self._keep_picture(data, media_type, shown)
        raise Invalid(_WRONG_KIND, remedy=_RIGHT_KINDS, where=shown)

    def read(self, sha256: str) -> bytes:
        """Return an original's bytes; Invalid when they are no longer what was stored."""
        data = self.original(sha256).read_bytes()
        if _hash(data) != sha256:
            raise Invalid(_ALTERED, remedy=_RESTORE, where=sha256)
        return data

    def verify(self, sha256: str) -> None:
        """Recompute an original's hash; Invalid when it differs, NotFound when it is gone."""
        self.read(sha256)

    def original(self, sha256: str) -> Path:
        return self._find(_ORIGINALS, sha256)

    def view(self, sha256: str) -> Path:
        """Return where a view or thumbnail lies: always a JPEG."""
        return self._find(_VIEWS, sha256)

    def sweep_temporary(self, *, older_than: datetime) -> int:
        """Remove what crashed writers left behind before an (aware) moment; return how many."""
        swept = 0
        for path in chain.from_iterable(map(self.root.glob, _UNFINISHED_LIE)):
            with suppress(FileNotFoundError):  # its writer finished meanwhile
                if path.stat().st_mtime < older_than.timestamp():
                    path.unlink()
                    swept += 1
        return swept

    def _taken_in(self, content: bytes | Path | BinaryIO, shown: str) -> bytes:
        most = self._limits.size
        data = _read_up_to(content, most)
        if not data:
            raise Invalid(_EMPTY, remedy=_AGAIN, where=shown)
        if len(data) > most:
            raise Invalid(_too_big(most), remedy=_SMALLER, where=shown)
        return data

    def _keep_pdf(self, data: bytes, shown: str) -> Stored:
        if b"%%EOF" not in data[-1024:]:  # where readers look: PDF Reference 1.7, appendix H, 18
            raise Invalid(_CUT, remedy=_AGAIN, where=shown)
        return Stored(self._keep(_ORIGINALS, data), shown, PDF, len(data))

    def _keep_picture(self, data: bytes, media_type: str, shown: str) -> Stored:
        drawn = redraw(data, media_type=media_type, limits=self._limits, where=shown)
        return Stored(
            view_sha256=self._keep(_VIEWS, drawn.view),
            thumb_sha256=self._keep(_VIEWS, drawn.thumb),
            sha256=self._keep(_ORIGINALS, data),
            name=shown,
            media_type=media_type,
            size=len(data),
            width=drawn.width,
            height=drawn.height,
            taken_at=drawn.taken_at,
        )

    def _keep(self, shelf: str, data: bytes) -> str:
        """Put bytes where their hash says: whole and on the disk, or not at all."""
        sha256 = _hash(data)
        target = self._place(shelf, sha256)
        folders = target.parents[:4]  # bb, aa, the shelf, the root
        try:
            for folder in reversed(folders):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not target.is_file() or target.read_bytes() != data:
                write_whole(target, data)
            for folder in folders:  # also when another process did the writing
                settle(folder)
        except OSError as error:
            raise Unavailable(_NOT_WRITTEN, remedy=_LOOK_AT_DISK) from error
        return sha256

    def _find(self, shelf: str, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256) or not (path := self._place(shelf, sha256)).is_file():
            raise NotFound(_MISSING, where=sha256)
        return path

    def _place(self, shelf: str, sha256: str) -> Path:
        return self.root / shelf / sha256[:2] / sha256[2:4] / sha256


def display_name(name: str) -> str:
    """Return a name fit to show: any script, no folders, nothing invisible, at most 80 long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    fit = "".join(each for each in last if unicodedata.category(each) not in _UNFIT).strip(". ")
    stem, dot, extension = fit.rpartition(".")
    if len(fit) > _LONGEST_NAME and stem and len(extension) < 6:
        return stem[: _LONGEST_NAME - len(extension) - 1] + dot + extension
    return fit[:_LONGEST_NAME] or "未命名"


def serving(media_type: str, *, name: str, download: bool = False) -> dict[str, str]:
    """Return the headers under which a stored file may leave, so that none can run as a page.

    Only photos are shown in place; pass ``download`` for originals. The name is given the
    extension of what the file is.
    """
    known = media_type if media_type in _EXTENSIONS else "application/octet-stream"
    extensions = _EXTENSIONS.get(known, (".bin",))
    shown = display_name(name)
    full = shown if shown.lower().endswith(extensions) else shown + extensions[0]
    place = "inline" if known in _SHOWN_IN_PAGE and not download else "attachment"
    return {
        "Content-Type": known,
        "Content-Disposition": f"{place}; filename*=UTF-8''{quote(full, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private",
    }


def _read_up_to(content: bytes | Path | BinaryIO, most: int) -> bytes:
    """Read one byte past the limit at most: enough to know it was passed."""
    if isinstance(content, bytes):
        return content
    if isinstance(content, Path):
        with content.open("rb") as stream:
            return _read_up_to(stream, most)
    taken = bytearray()
    while len(taken) <= most and (part := content.read(most + 1 - len(taken))):
        taken += part
    return bytes(taken)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _too_big(most: int) -> Wording:
    size = f"{most / 2**20:g}"
    return Wording(f"文件超过 {size} MB。", f"The file is larger than {size} MB.")
