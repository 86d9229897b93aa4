"""Files of documents, kept for ever beside the evidence, each under the hash of its bytes."""

from hashlib import sha256

from casework.errors import Invalid, NotFound, Unavailable
from casework.evidence_store import EvidenceStore
from casework.files import settle, write_whole
from rules.wording import Wording

_SHELF = "documents"


def keep_file(store: EvidenceStore, data: bytes) -> str:
    """Keep a file durably and return its SHA-256; again changes nothing. Raise Unavailable."""
    digest = sha256(data).hexdigest()
    folder = store.root / _SHELF
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(folder / digest, data)
        settle(folder)
    except OSError as fault:
        raise Unavailable(_NOT_WRITTEN, remedy=_LOOK_AT_DISK) from fault
    return digest


def read_file(store: EvidenceStore, digest: str) -> bytes:
    """Return a kept file; raise Invalid when it is not what was kept, NotFound when gone."""
    path = store.root / _SHELF / digest
    if not path.is_file():
        raise NotFound(_MISSING, remedy=_RESTORE, where=digest)
    data = path.read_bytes()
    if sha256(data).hexdigest() != digest:
        raise Invalid(_ALTERED, remedy=_RESTORE, where=digest)
    return data


_MISSING = Wording("公文文件不见了", "the document's file is gone")
_ALTERED = Wording("公文文件与签发时不同", "the document's file is not what was issued")
_RESTORE = Wording("请从备份恢复，并查明原因。", "Restore it from a backup and find out why.")
_NOT_WRITTEN = Wording("公文没有写入磁盘", "the document could not be written to disk")
_LOOK_AT_DISK = Wording("请检查磁盘空间和权限。", "Check the disk's space and permissions.")
