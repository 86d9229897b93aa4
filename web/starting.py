"""An import is started: by the engine when it answers, else in a thread; no page waits for it."""

import logging
from contextlib import suppress
from datetime import timedelta
from threading import Thread

from casework.office import Office
from casework.uploads.keeping import Upload, find_upload, set_free
from casework.uploads.running import beat_of, run_upload
from models import UploadState
from rules.wording import Trouble
from web.settings import Settings

LOG = logging.getLogger(__name__)

ENGINE_TAKES = timedelta(seconds=30)
"""How long a run may wait for the engine, which looks every 5 s and starts a process in 3, or in
20 on a machine with much to do.
"""
SILENT_FOR = timedelta(minutes=3)
"""A run that says nothing for so long is gone: it tells of every 500 rows, and parsing ends after
90 s.
"""


def start_import(office: Office, settings: Settings, upload: Upload) -> None:
    """Start the run of an upload that waits."""
    if settings.start_import is not None and settings.start_import(upload):
        return
    _in_a_thread(office, upload.token)


def look_after(office: Office, settings: Settings, upload: Upload) -> Upload:
    """Return the upload as it is by now: what the engine leaves is taken on, what died is freed."""
    now = settings.now()
    if upload.state is UploadState.WAITING and now - upload.asked_at > ENGINE_TAKES:
        _in_a_thread(office, upload.token)
    heard = max(upload.asked_at, beat_of(office, upload.token) or upload.asked_at)
    if upload.state is UploadState.RUNNING and now - heard > SILENT_FOR:
        set_free(office, upload)
    return find_upload(office, upload.token, by=upload.by)


def _in_a_thread(office: Office, token: str) -> None:
    # What is cut short by the end of the process is rolled back, and may be asked for again.
    Thread(target=_run, args=(office, token), name=f"import-{token[:6]}", daemon=True).start()


def _run(office: Office, token: str) -> None:
    try:
        with suppress(Trouble):  # it is kept for whoever asks
            run_upload(office, token)
    except Exception:
        LOG.exception("import %s", token)
