"""Files somebody sent that wait for their word: kept for half an hour, for that person alone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from shutil import copyfileobj, rmtree
from tempfile import mkdtemp
from threading import Lock
from typing import BinaryIO, NamedTuple
from weakref import finalize

from casework.errors import NotFound
from casework.evidence_store import display_name
from rules.wording import Wording

_LIFE = timedelta(minutes=30)
_MOST = 40  # files of everybody; it bounds the disk


class _Kept(NamedTuple):
    by: str
    path: Path
    until: datetime


class HeldFiles:
    """What an application holds. Each file lies in a folder of its own, and what is made of it
    beside it.
    """

    def __init__(self, number: Callable[[], str] = lambda: token_urlsafe(16)) -> None:
        self._root: Path | None = None
        self._lock = Lock()
        self._kept: dict[str, _Kept] = {}
        self._number = number

    def put(self, file: BinaryIO, name: str, *, by: str, at: datetime) -> str:
        """Keep a file; return the token under which ``by`` finds it."""
        token = self._number()
        path = self._folder() / token / display_name(name)
        path.parent.mkdir(mode=0o700)
        with path.open("wb") as out:
            copyfileobj(file, out)
        with self._lock:
            self._kept[token] = _Kept(by, path, at + _LIFE)
            self._drop(at)
        return token

    def find(self, token: str, *, by: str, at: datetime) -> Path:
        """Return where the file lies; raise NotFound when it is gone, or another's."""
        with self._lock:
            self._drop(at)
            kept = self._kept.get(token)
        if kept is None or kept.by != by:
            raise NotFound(
                Wording("上传的文件已不在", "the file that was sent is no longer kept"),
                remedy=Wording("请重新上传。", "Send it again."),
                where="file",
            )
        return kept.path

    def _folder(self) -> Path:
        """Return the folder of all files, made at first use; it goes with the application."""
        with self._lock:
            if self._root is None:
                self._root = Path(mkdtemp(prefix="bihuan-held-"))
                finalize(self, rmtree, self._root, ignore_errors=True)
            return self._root

    def _drop(self, at: datetime) -> None:
        """Forget what is too old, and the oldest where there are too many."""
        old = [token for token, kept in self._kept.items() if kept.until <= at]
        for token in (*old, *list(self._kept)[: max(0, len(self._kept) - len(old) - _MOST)]):
            if kept := self._kept.pop(token, None):
                rmtree(kept.path.parent, ignore_errors=True)
