"""A file made for one answer: written in a folder of its own, which goes when it was sent."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.background import BackgroundTask
from starlette.responses import FileResponse

MEDIA = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".jsonl": "application/jsonl; charset=utf-8",
    ".zip": "application/zip",
    ".xes": "application/xml",
}


def send_made(name: str, write: Callable[[Path], object]) -> FileResponse:
    """Answer with the file that ``write`` makes at the path it is given."""
    folder = TemporaryDirectory(prefix="bihuan-download-")
    path = Path(folder.name) / name
    try:
        write(path)
    except BaseException:
        folder.cleanup()
        raise
    gone = BackgroundTask(folder.cleanup)
    return FileResponse(path, filename=name, media_type=MEDIA[path.suffix], background=gone)
