"""Photos and documents of a record: kept by content, their digests in the record's history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from casework.auditing.access import record_access
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door, Happening
from casework.evidence_store import Stored, serving
from casework.images import JPEG
from casework.office import Office
from casework.people import find_actor
from casework.records import Entry, write_record
from casework.registers import store
from casework.registers.acts import Kept, editing
from casework.registers.places import find_kind, seen_by
from casework.registers.revealing import require_reason, require_revealer
from casework.registers.store import Hand, Held
from casework.showing import Shown
from models.tables import REGISTER_FILES, REGISTER_RECORDS
from rules.looking import Look
from rules.registers.acts import RegisterAct
from rules.registers.kinds import Kind
from rules.wording import Wording

_FILES = REGISTER_FILES.c


def attach_files(
    office: Office,
    written: str,
    key: str,
    files: Sequence[Stored],
    *,
    by: str,
    at: datetime,
    door: Door,
    unit: str = "",
) -> Kept:
    """Attach stored files to a record, each once.

    Raise NotFound, Refused where the person may not edit it or it holds the file already, Invalid
    without a file.
    """
    kind = find_kind(written)
    if not files:
        raise _nothing()
    with office.writing() as connection:
        held, hand = editing(connection, kind, (key, unit), (by, at, door))
        _require_new(connection, held, files)
        entry = _tell(connection, kind, held, hand, files)
        connection.execute(
            insert(REGISTER_FILES), [_row(each, held, hand, entry) for each in files]
        )
    receipt = f"{store.SUBJECT}:{kind.key}/{held.key}/{entry.seq}/{entry.hash[:8]}"
    return Kept(kind.key, held.key, held.unit.name, RegisterAct.ATTACH, entry.seq, receipt)


def list_files(connection: Connection, kind: Kind, record_id: int) -> list[dict[str, Any]]:
    """Return the files of a record in order; names that could be somebody's are left out."""
    rows = connection.execute(
        select(REGISTER_FILES).where(_FILES.record_id == record_id).order_by(_FILES.id)
    ).all()
    return [
        {
            "id": each.id, "nth": nth, "name": "" if kind.personal_files else each.name,
            "media_type": each.media_type, "size": each.size, "at": each.at,
            "sha256": each.sha256, "is_photo": bool(each.view_sha256), "seq": each.seq,
        }
        for nth, each in enumerate(rows, 1)
    ]  # fmt: skip


def open_file(
    office: Office,
    written: str,
    key: str,
    file: int,
    *,
    by: str,
    at: datetime,
    door: Door,
    unit: str = "",
    why: str = "",
) -> Shown:
    """Return a photo's copy without EXIF, or a document to be saved.

    What shows personal data is opened as that is: by who may, with the reason ``why``, recorded
    first. Raise NotFound, Refused or Invalid.
    """
    kind = find_kind(written)
    with office.reading() as connection:
        actor = find_actor(connection, by)
        held = store.find(connection, kind, key, seen_by(connection, actor, kind), unit=unit)
        row = connection.execute(
            select(REGISTER_FILES).where(_FILES.record_id == held.id, _FILES.id == file)
        ).first()
    if row is None:
        raise _no_such_file(held)
    name = row.name
    if kind.personal_files:
        require_reason(why)
        require_revealer(kind, actor, held.unit.path)
        what = {"register": kind.key, "key": held.key, "unit": held.unit.code, "file": row.sha256}
        record_access(office, Look.REVEAL, by=by, at=at, door=door, what=what, why=why)
    if row.view_sha256:
        return Shown(office.evidence.view(row.view_sha256), serving(JPEG, name=name))
    headers = serving(row.media_type, name=name, download=True)
    return Shown(office.evidence.original(row.sha256), headers)


def _tell(
    connection: Connection, kind: Kind, held: Held, hand: Hand, files: Sequence[Stored]
) -> Entry:
    body = {
        "register": kind.key, "unit": held.unit.code,
        "files": [{"sha256": each.sha256, "size": each.size} for each in files],
    }  # fmt: skip
    happening = Happening(
        RegisterAct.ATTACH.value, hand.by, hand.role.value, hand.door, hand.at, body
    )
    about = store.subject(kind, held.id, held.key)
    entry = write_record(connection, about, happening, held.entry)
    records = REGISTER_RECORDS.c
    connection.execute(
        update(REGISTER_RECORDS)
        .where(records.id == held.id)
        .values(seq=entry.seq, head=entry.hash, changed_at=hand.at)
    )
    return entry


def _row(file: Stored, held: Held, hand: Hand, entry: Entry) -> dict[str, Any]:
    return {
        "record_id": held.id, "seq": entry.seq, "sha256": file.sha256,
        "view_sha256": file.view_sha256 or "", "media_type": file.media_type, "size": file.size,
        "name": file.name, "by_id": hand.by, "at": hand.at,
    }  # fmt: skip


def _require_new(connection: Connection, held: Held, files: Sequence[Stored]) -> None:
    digests = [each.sha256 for each in files]
    known = select(_FILES.id).where(_FILES.record_id == held.id, _FILES.sha256.in_(digests))
    if len(set(digests)) < len(digests) or connection.execute(known.limit(1)).first():
        raise Refused(
            Wording("同一份文件已经添加过", "the same file was attached before"),
            remedy=Wording("请另选。", "Choose another."),
            where="files",
        )


def _nothing() -> Invalid:
    return Invalid(
        Wording("没有选择文件", "no file was chosen"),
        remedy=Wording("请拍照，或选择照片、PDF。", "Take a photo, or choose photos or a PDF."),
        where="files",
    )


def _no_such_file(held: Held) -> NotFound:
    return NotFound(
        Wording("没有这个附件", "there is no such file"),
        remedy=Wording("请回到登记页查看。", "Go back to the record."),
        where=held.key,
    )
