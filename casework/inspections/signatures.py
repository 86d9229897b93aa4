"""Signatures under a version of a record, written once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select

from models.prepared import Prepared
from models.tables import INSPECTION_SIGNATURES, PEOPLE
from rules.inspections.acts import Part, Word

_SIGNATURES = INSPECTION_SIGNATURES.c
_ADD = Prepared(insert(INSPECTION_SIGNATURES))
_OF_VERSION = (
    select(INSPECTION_SIGNATURES, PEOPLE.c.code, PEOPLE.c.name)
    .join(PEOPLE, PEOPLE.c.id == _SIGNATURES.person_id)
    .where(_SIGNATURES.task_id == bindparam("task"), _SIGNATURES.version == bindparam("version_no"))
    .order_by(_SIGNATURES.position)
)


def signatures_of(connection: Connection, task: int, version: int) -> Sequence[Row[Any]]:
    """Return who signed a version, in order, with code and name."""
    return connection.execute(_OF_VERSION, {"task": task, "version_no": version}).all()


def inspectors_among(signatures: Sequence[Row[Any]]) -> list[int]:
    return [each.person_id for each in signatures if each.part is Part.INSPECTOR]


def add_signature(
    connection: Connection,
    of: tuple[int, int],
    person: int,
    at: datetime,
    *,
    part: Part = Part.INSPECTOR,
    word: Word = Word.SIGNED,
    reason: str = "",
) -> None:
    """Write one more signature under (inspection, version); the caller holds the inspection."""
    task, version = of
    position = len(signatures_of(connection, task, version)) + 1
    _ADD.run(connection, {
        "task_id": task, "version": version, "position": position, "part": part, "word": word,
        "person_id": person, "reason": reason, "at": at,
    })  # fmt: skip
