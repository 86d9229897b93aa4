"""Evidence as it may be shown: the redrawn copy of a photo, to whoever may see its case."""

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import bindparam, select

from casework.errors import NotFound
from casework.evidence_store import serving
from casework.images import JPEG
from casework.office import Office
from casework.people import find_actor
from models.tables import CASES, EVIDENCE, ORGANISATIONS
from rules.access import Verb
from rules.wording import Wording

_FIND = (
    select(
        EVIDENCE.c.sha256, EVIDENCE.c.view_sha256, EVIDENCE.c.media_type, EVIDENCE.c.name,
        ORGANISATIONS.c.path,
    )
    .join(CASES, CASES.c.id == EVIDENCE.c.case_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .where(CASES.c.number == bindparam("number"), EVIDENCE.c.id == bindparam("evidence"))
)  # fmt: skip


class Shown(NamedTuple):
    """A file that may leave, and the headers it leaves under."""

    path: Path
    headers: dict[str, str]


def show_evidence(office: Office, number: str, evidence: int, *, by: str) -> Shown:
    """Return a photo's copy without EXIF, or a document to be saved; raise NotFound.

    The copy of a photo keeps its name but is a JPEG, whatever the original was.
    """
    with office.reading() as connection:
        values = {"number": number, "evidence": evidence}
        row = connection.execute(_FIND, values).first()
        if row is None or not find_actor(connection, by).may(Verb.VIEW, row.path):
            raise NotFound(
                Wording("没有这份佐证", "there is no such evidence"),
                remedy=Wording("请回到案件页查看。", "Go back to the case."),
                where=number,
            )
    if row.view_sha256:
        return Shown(office.evidence.view(row.view_sha256), serving(JPEG, name=row.name))
    headers = serving(row.media_type, name=row.name, download=True)
    return Shown(office.evidence.original(row.sha256), headers)
