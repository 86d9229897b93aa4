"""Handles of stored files: sealed, so that nobody attaches what they did not bring."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta

from casework.attachments import Attachment
from casework.errors import Invalid
from casework.evidence_store import Stored
from models import Shows
from notifications.sealing import Keys, Unopened
from rules.wording import Wording

GOOD_FOR = timedelta(days=1)
_KIND = "evidence"


def make_handle(keys: Keys, stored: Stored, *, by: str, at: datetime) -> str:
    """Return what ``by`` may attach the file by, for a day."""
    until = (at + GOOD_FOR).isoformat()
    return keys.seal(json.dumps([_KIND, by, until, asdict(stored)]))


def open_handles(
    keys: Keys, handles: Sequence[str], shows: Shows, *, by: str, at: datetime
) -> list[Attachment]:
    """Return the files; raise Invalid for a handle that is not ours, is another's, or is old."""
    return [Attachment(_open(keys, each, by, at), shows) for each in handles]


def _open(keys: Keys, handle: str, by: str, at: datetime) -> Stored:
    with _as_invalid():
        kind, owner, until, stored = json.loads(keys.unseal(handle))
        if (kind, owner) == (_KIND, by) and at < datetime.fromisoformat(until):
            return Stored(**stored)
    raise _bad_handle()


@contextmanager
def _as_invalid() -> Iterator[None]:
    try:
        yield
    except (Unopened, ValueError, TypeError) as fault:  # sealed for something else
        raise _bad_handle() from fault


def _bad_handle() -> Invalid:
    return Invalid(
        Wording("佐证标记无效或已过期", "the handle of the evidence is not valid, or is too old"),
        remedy=Wording("请重新上传佐证。", "Store the evidence again."),
        where="evidence",
    )
