"""Evidence handed in with a report or a move: rows about files that lie in the evidence store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from casework.errors import Refused
from casework.evidence_store import Stored
from models import Shows
from models.tables import EVIDENCE
from rules.wording import Wording

_ADD = insert(EVIDENCE)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored file and what it shows."""

    stored: Stored
    shows: Shows

    def said(self) -> dict[str, Any]:
        """Return what the event tells of it: enough to recognise the bytes, no file name."""
        return {"sha256": self.stored.sha256, "shows": self.shows.value, "size": self.stored.size}


def keep(
    connection: Connection,
    case_id: int,
    cycle: int,
    files: Sequence[Attachment],
    *,
    by: int | None,
    at: datetime,
) -> None:
    """Write the rows of evidence; raise Refused when the case holds the same file already."""
    rows = [
        {
            "case_id": case_id, "cycle": cycle, "shows": each.shows,
            "sha256": each.stored.sha256, "view_sha256": each.stored.view_sha256 or "",
            "media_type": each.stored.media_type, "size": each.stored.size,
            "name": each.stored.name, "by_id": by, "at": at,
        }
        for each in files
    ]  # fmt: skip
    if not rows:
        return
    try:
        connection.execute(_ADD, rows)
    except IntegrityError as fault:
        raise _handed_in_before() from fault


def require_new(connection: Connection, case_id: int, files: Sequence[Attachment]) -> None:
    """Raise Refused when the case holds one of the files already, whatever it was to show."""
    held = select(EVIDENCE.c.id).where(
        EVIDENCE.c.case_id == case_id,
        EVIDENCE.c.sha256.in_([each.stored.sha256 for each in files]),
    )
    if files and connection.execute(held.limit(1)).first():
        raise _handed_in_before()


def _handed_in_before() -> Refused:
    return Refused(
        Wording("同一张照片或文件已经提交过", "the same photo or file was handed in before"),
        remedy=Wording("请另拍或另选。", "Take or choose another."),
        where="evidence",
    )
