"""A list that lives in a temporary file: written once, read any number of times, chunk by chunk."""

import pickle
from collections.abc import Iterator
from tempfile import TemporaryFile
from types import TracebackType
from typing import Generic, Self, TypeVar

Item = TypeVar("Item")
_CHUNK = 1_000


class Spool(Generic[Item]):
    """Holds at most one chunk in memory. The file has no name: nobody else can write to it."""

    def __init__(self, chunk: int = _CHUNK) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 — closed by __exit__
        self._chunk = chunk
        self._waiting: list[Item] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def append(self, item: Item) -> None:
        self._waiting.append(item)
        if len(self._waiting) == self._chunk:
            self._flush()

    def chunks(self) -> Iterator[list[Item]]:
        """Yield what was appended, in order, in lists of at most the chunk's size."""
        self._flush()
        self._file.seek(0)
        while True:
            try:
                yield pickle.load(self._file)  # noqa: S301 — we wrote it a moment ago
            except EOFError:
                return

    def __iter__(self) -> Iterator[Item]:
        for chunk in self.chunks():
            yield from chunk

    def _flush(self) -> None:
        if self._waiting:
            self._file.seek(0, 2)
            pickle.dump(self._waiting, self._file, pickle.HIGHEST_PROTOCOL)
            self._waiting = []
