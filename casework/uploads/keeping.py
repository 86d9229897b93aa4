"""A ledger that was handed in: kept on disk and on record, for whoever brought it alone."""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import IO, Any

from sqlalchemy import delete, insert, select, update

from casework.errors import Conflict, Invalid, NotFound
from casework.files import draft_in
from casework.forms import LONGEST_NAME, clean
from casework.importing import require_importer
from casework.ledger.limits import DEFAULT
from casework.office import Office
from models import UploadState
from models.tables import LEDGER_IMPORTS, LEDGER_UPLOADS, PEOPLE
from rules.wording import Wording

KEPT_FOR = timedelta(days=7)
MOST_LISTED = 20
_MIB = 1024 * 1024
_CHUNK = _MIB
_UPLOADS = LEDGER_UPLOADS.c


@dataclass(frozen=True, slots=True)
class Wish:
    """How a ledger is to be read: for a unit and a year where it names none."""

    unit: str = ""
    year: int | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload as its row stands; ``by`` is the code of whoever brought it."""

    token: str
    by: str
    name: str
    sha256: str
    uploaded_at: datetime
    wish: Wish
    dry_run: bool
    state: UploadState
    asked_at: datetime
    landed: bool
    answer: Mapping[str, Any] | None
    trouble: Mapping[str, Any] | None

    @property
    def is_under_way(self) -> bool:
        return self.state in (UploadState.WAITING, UploadState.RUNNING)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An import of the very same file that landed before."""

    at: datetime
    cases: int
    duplicates: int


def keep_upload(
    office: Office,
    name: str,
    content: IO[bytes],
    wish: Wish,
    *,
    by: str,
    at: datetime,
    dry_run: bool = True,
) -> Upload:
    """Keep a ledger to be rehearsed, or imported at once; what is older than a week goes.

    Raise Refused for somebody who may not import, Invalid for a file that is empty or too large.
    """
    called = clean(_plain_name(name), where="file", longest=LONGEST_NAME) or "ledger"
    unit = clean(wish.unit, where="unit", longest=LONGEST_NAME)
    with office.reading() as connection:
        actor = require_importer(connection, by)
    _forget_old(office, at)
    token = token_urlsafe(18)
    folder = folder_of(office, token)
    folder.mkdir(parents=True, mode=0o700)
    try:
        sha256 = _store(content, folder)
        row = {
            "token": token, "by_id": actor.id, "name": called, "sha256": sha256,
            "uploaded_at": at, "unit": unit, "year": wish.year, "dry_run": dry_run,
            "partial": wish.partial, "state": UploadState.WAITING, "asked_at": at, "landed": False,
        }  # fmt: skip
        with office.writing() as connection:
            connection.execute(insert(LEDGER_UPLOADS), row)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return find_upload(office, token, by=by)


def find_upload(office: Office, token: str, *, by: str) -> Upload:
    """Return an upload of one's own; raise NotFound for anybody else's."""
    with office.reading() as connection:
        mine = _uploads().where(_UPLOADS.token == token, PEOPLE.c.code == by)
        row = connection.execute(mine).first()
    if row is None:
        raise NotFound(
            Wording("没有这次上传", "there is no such upload of yours"),
            remedy=Wording(
                "上传只保留 7 天。请重新上传。", "Uploads are kept for 7 days. Hand it in again."
            ),
            where="upload",
        )
    return _upload(row)


def find_any(office: Office, token: str) -> Upload:
    """Return an upload for whoever runs it."""
    with office.reading() as connection:
        return _upload(connection.execute(_uploads().where(_UPLOADS.token == token)).one())


def list_uploads(office: Office, *, by: str) -> Sequence[Upload]:
    """Return one's own latest uploads, the newest first."""
    mine = _uploads().where(PEOPLE.c.code == by).order_by(_UPLOADS.id.desc()).limit(MOST_LISTED)
    with office.reading() as connection:
        return [_upload(row) for row in connection.execute(mine)]


def ask_again(
    office: Office, upload: Upload, *, dry_run: bool, partial: bool, at: datetime
) -> Upload:
    """Let an upload wait for its next run; raise Conflict when it landed or is under way."""
    free = _UPLOADS.state.in_([UploadState.ENDED, UploadState.FAILED])
    with office.writing() as connection:
        asked = (
            update(LEDGER_UPLOADS)
            .where(_UPLOADS.token == upload.token, _UPLOADS.landed.is_(False), free)
            .values(
                dry_run=dry_run, partial=partial, state=UploadState.WAITING, asked_at=at,
                answer=None, trouble=None,
            )
        )  # fmt: skip
        if connection.execute(asked).rowcount != 1:
            raise Conflict(
                Wording("这份台账已导入，或正在处理", "this ledger has landed, or is under way"),
                remedy=Wording("请刷新页面查看。", "Reload the page to see."),
                where="upload",
            )
    return find_upload(office, upload.token, by=upload.by)


def set_free(office: Office, upload: Upload) -> None:
    """Mark a run as failed whose process is gone, so that it may be asked for again."""
    with office.writing() as connection:
        going = _UPLOADS.state.in_([UploadState.WAITING, UploadState.RUNNING])
        row = update(LEDGER_UPLOADS).where(_UPLOADS.token == upload.token, going)
        connection.execute(row.values(state=UploadState.FAILED, trouble=_INTERRUPTED))


def earlier_imports(office: Office, sha256: str) -> Sequence[Earlier]:
    """Return the imports of the very same file that landed, the newest first."""
    columns = (LEDGER_IMPORTS.c.at, LEDGER_IMPORTS.c.cases, LEDGER_IMPORTS.c.duplicates)
    same = select(*columns).where(LEDGER_IMPORTS.c.sha256 == sha256)
    with office.reading() as connection:
        rows = connection.execute(same.order_by(LEDGER_IMPORTS.c.id.desc()).limit(3))
        return [Earlier(*row) for row in rows]


def folder_of(office: Office, token: str) -> Path:
    """Return where an upload's files lie: beside the evidence."""
    return office.evidence.root.parent / "uploads" / token


def ledger_of(office: Office, token: str) -> Path:
    return folder_of(office, token) / "ledger"


def errors_of(office: Office, token: str) -> Path:
    """Return where the workbook of refused rows lies, if there is one."""
    return folder_of(office, token) / "errors.xlsx"


def _plain_name(name: str) -> str:
    """Return the last part of a path, however its system writes it."""
    readable = name.encode(errors="replace").decode()
    return readable.replace("\\", "/").rpartition("/")[2][-LONGEST_NAME:]


def _store(content: IO[bytes], folder: Path) -> str:
    digest, size = hashlib.sha256(), 0
    with draft_in(folder) as draft:
        while chunk := content.read(_CHUNK):
            size += len(chunk)
            if size > DEFAULT.text_bytes:
                raise _unfit(
                    f"文件超过 {DEFAULT.text_bytes // _MIB} MB",
                    f"the file is larger than {DEFAULT.text_bytes // _MIB} MB",
                )
            digest.update(chunk)
            draft.file.write(chunk)
        if not size:
            raise _unfit("文件是空的", "the file is empty")
        draft.put(folder / "ledger")
    return digest.hexdigest()


def _unfit(zh: str, en: str) -> Invalid:
    return Invalid(
        Wording(zh, en),
        remedy=Wording(
            "请重新选择台账，或分成几份上传。", "Choose it again, or hand it in in parts."
        ),
        where="file",
    )


def _forget_old(office: Office, at: datetime) -> None:
    old = _UPLOADS.uploaded_at < at - KEPT_FOR
    with office.writing() as connection:
        tokens = connection.execute(select(_UPLOADS.token).where(old)).scalars().all()
        connection.execute(delete(LEDGER_UPLOADS).where(_UPLOADS.token.in_(tokens)))
    for token in tokens:
        shutil.rmtree(folder_of(office, token), ignore_errors=True)


def _uploads() -> Any:  # noqa: ANN401 — a select
    return select(LEDGER_UPLOADS, PEOPLE.c.code).join(PEOPLE, PEOPLE.c.id == _UPLOADS.by_id)


def _upload(row: Any) -> Upload:  # noqa: ANN401 — a row
    return Upload(
        row.token, row.code, row.name, row.sha256, row.uploaded_at,
        Wish(row.unit, row.year, row.partial), row.dry_run, UploadState(row.state), row.asked_at,
        row.landed, row.answer, row.trouble,
    )  # fmt: skip


_INTERRUPTED = {
    "problem": {"zh": "处理中断，什么也没有写入", "en": "it was interrupted; nothing was written"},
    "remedy": {"zh": "请再试一次。", "en": "Try again."},
}
