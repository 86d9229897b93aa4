"""What is kept beside the chains may be erased, but not altered: its digests are in the chains."""

import json

from sqlalchemy import Connection, and_, select

from casework.events import private_digest
from casework.proving.findings import Verified
from models.tables import CASES, EVENTS, PRIVATE_VALUES, RECORD_EVENTS, RECORD_PRIVATES
from rules.wording import Wording

_KEPT = PRIVATE_VALUES.c
_OF_CASES = (
    select(
        _KEPT.seq, _KEPT.field, _KEPT.salt, _KEPT.value, EVENTS.c.body,
        CASES.c.number.label("name"),
    )
    .outerjoin(EVENTS, and_(EVENTS.c.case_id == _KEPT.case_id, EVENTS.c.seq == _KEPT.seq))
    .outerjoin(CASES, CASES.c.id == _KEPT.case_id)
    .execution_options(yield_per=1_000)
)  # fmt: skip
_KEPT_OF_RECORDS = RECORD_PRIVATES.c
_OF_RECORDS = (
    select(
        _KEPT_OF_RECORDS.seq, _KEPT_OF_RECORDS.field, _KEPT_OF_RECORDS.salt,
        _KEPT_OF_RECORDS.value, RECORD_EVENTS.c.body, RECORD_EVENTS.c.name,
    )
    .outerjoin(
        RECORD_EVENTS,
        and_(
            RECORD_EVENTS.c.subject == _KEPT_OF_RECORDS.subject,
            RECORD_EVENTS.c.subject_id == _KEPT_OF_RECORDS.subject_id,
            RECORD_EVENTS.c.seq == _KEPT_OF_RECORDS.seq,
        ),
    )
    .execution_options(yield_per=1_000)
)  # fmt: skip


def check_private(connection: Connection, found: Verified) -> None:
    """Blame values that are not what their digests say; one that is gone is no fault."""
    for statement in (_OF_CASES, _OF_RECORDS):
        for row in connection.execute(statement):
            if not is_digested(row.body or "", row.field, row.salt, row.value):
                name = row.name or "?"
                what = Wording(
                    f"{name} 第 {row.seq} 条经过的 {row.field} 与封存的摘要不符",
                    f"{row.field} of event {row.seq} of {name} is not what its digest says",
                )
                found.blame(what, name=name, seq=row.seq, column=row.field)


def is_digested(body: str, field: str, salt: str, value: str) -> bool:
    try:
        digest = json.loads(body)[field]["digest"]
    except (KeyError, TypeError, ValueError):
        return False
    return bool(digest == private_digest(salt, value))
