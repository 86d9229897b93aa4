"""Export a look-back as a ZIP that anybody can check, without a database and without us.

The history stands in it exactly as it is hashed: private values are digests. No note, no name and
no photo is in it. The same look-back at the same event gives the same bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import Connection, Row

from casework.answers import receipt
from casework.files import draft_in, require_free
from casework.lookback.bundle_contents import small_parts
from casework.lookback.bundle_readme import README
from casework.lookback.frame_store import frame_lines
from casework.lookback.looks import find_look
from casework.lookback.office_roles import require_office
from casework.lookback.parts import Name
from casework.office import Office
from rules.access import Verb

# A ZIP holds a moment for each part; ours is the format's first, so that equal parts are equal
# bytes.
_ALWAYS = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16
_UNIX = 3
_CHUNK = 1 << 20
_LINES = 4_096  # written at once


@dataclass(frozen=True, slots=True)
class Bundled:
    """Where the bundle is, how large, and its own SHA-256."""

    number: str
    file: Path
    size: int
    sha256: str
    with_roster: bool
    receipt: str


def export_bundle(
    office: Office, number: str, file: Path, *, by: str, with_roster: bool = False
) -> Bundled:
    """Write a look-back's bundle to ``file``; memory does not grow with its frame.

    What is published, anybody who has an account may export; else only who sees look-backs; and
    ``with_roster``, which names inspectors, only who holds them. Raise Refused also when ``file``
    is there, NotFound, Invalid when the frozen frame was altered.
    """
    require_free(file)
    with office.reading() as connection:
        row = find_look(connection, number)
        _require_may(connection, row, by, with_roster=with_roster)
        with draft_in(file.absolute().parent) as draft:
            with ZipFile(draft.file, "w") as archive:
                for name, chunks in _parts(office, connection, row, with_roster=with_roster):
                    _add(archive, name, chunks)
            draft.put(file)
    said = receipt(row.number, row.seq, row.head)
    return Bundled(row.number, file, file.stat().st_size, _hash_of(file), with_roster, said)


def _require_may(
    connection: Connection, row: Row[tuple[object, ...]], by: str, *, with_roster: bool
) -> None:
    if with_roster:
        require_office(connection, by, Verb.LOOK_BACK)
    elif row.published_at is None:
        require_office(connection, by, Verb.SEE_LOOKBACKS)


def _parts(
    office: Office, connection: Connection, row: Row[tuple[object, ...]], *, with_roster: bool
) -> Iterator[tuple[Name, Iterable[bytes]]]:
    """Yield every part with its bytes, in the order of ``Name``."""
    small = small_parts(connection, row, with_roster=with_roster)
    for name in Name:
        if name is Name.README:
            yield name, [README.encode()]
        elif name is Name.FRAME and row.frame_digest:
            yield name, frame_lines(office.evidence, row.frame_digest)
        elif name in small:
            yield name, small[name]


def _add(archive: ZipFile, name: Name, chunks: Iterable[bytes]) -> None:
    info = ZipInfo(name.value, _ALWAYS)
    info.create_system, info.external_attr, info.compress_type = _UNIX, _READABLE, ZIP_DEFLATED
    with archive.open(info, "w", force_zip64=name is Name.FRAME) as part:
        reading = iter(chunks)
        while several := b"".join(islice(reading, _LINES)):
            part.write(several)


def _hash_of(file: Path) -> str:
    hashed = sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()
