"""Where tracebacks go: a log under BIHUAN_HOME, opened only when there is something to log."""

import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

LOG = logging.getLogger("bihuan.cli")
_NAME = "bihuan.log"
_LINE = "%(asctime)s %(process)d %(name)s %(levelname)s %(message)s"


class LogFile(logging.FileHandler):
    """Finds its place when the first line is written; the temporary folder when home refuses."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(_NAME, encoding="utf-8", delay=True)
        self._environ = environ
        self.setFormatter(logging.Formatter(_LINE))

    def keep(self, fault: BaseException) -> None:
        """Write a fault of ours here, however a library has set up logging meanwhile."""
        told = (type(fault), fault, fault.__traceback__)
        self.handle(LOG.makeRecord(LOG.name, logging.ERROR, __file__, 0, "unexpected", (), told))

    def _open(self) -> TextIOWrapper:
        for folder in (_home_log(self._environ), Path(tempfile.gettempdir())):
            self.baseFilename = os.fspath(folder / _NAME)
            try:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                return super()._open()
            except OSError:
                continue
        self.baseFilename = os.devnull
        return super()._open()


@contextmanager
def logging_to_file(environ: Mapping[str, str]) -> Iterator[LogFile]:
    """Send what libraries and casework log to the file instead of the screen."""
    handler = LogFile(environ)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield handler
    finally:
        root.removeHandler(handler)
        handler.close()


def _home_log(environ: Mapping[str, str]) -> Path:
    # The same default as casework.home, which may be what failed to load.
    return Path(environ.get("BIHUAN_HOME") or ".bihuan").resolve() / "log"
