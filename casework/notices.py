"""Notices written with their cause: promised in the transaction, sent afterwards."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert

from models import NoticeState
from models.prepared import Prepared
from models.tables import NOTICES

_COLUMNS = (
    "key", "case_id", "unit_id", "clock_no", "person_id", "kind", "body", "urgent", "receipt",
    "owed_at", "state", "next_at", "tries", "lease_owner", "reason",
)  # fmt: skip
_ADD = Prepared(insert(NOTICES), *_COLUMNS)


class Owed(NamedTuple):
    """Something to tell one or more people about a case, or about ``unit_id`` when it is no case's:
    then ``body`` holds a ``title`` in both languages and a ``link``, and ``clock_no`` is 0.

    ``key`` names the occasion: with the person it is unique, so that nobody is told twice of it.
    ``body`` is what the sentence needs, or that said already, when many notices share it.
    """

    key: str
    case_id: int | None
    clock_no: int
    people: Sequence[int]
    kind: str
    body: Mapping[str, Any] | str
    urgent: bool
    receipt: str
    unit_id: int | None = None


def owe(connection: Connection, owed: Iterable[Owed], at: datetime) -> int:
    """Write a notice for every person; return how many. The database refuses a second one."""
    rows = [
        {
            "key": f"{each.key}:{person}", "case_id": each.case_id, "unit_id": each.unit_id,
            "clock_no": each.clock_no, "person_id": person, "kind": each.kind, "body": body,
            "urgent": each.urgent, "receipt": each.receipt, "owed_at": at,
            "state": NoticeState.WAITING, "next_at": at, "tries": 0, "lease_owner": "",
            "reason": "",
        }
        for each in owed
        for body in (each.body if isinstance(each.body, str) else say(each.body),)
        for person in each.people
    ]  # fmt: skip
    _ADD.run_all(connection, rows)
    return len(rows)


def say(body: Mapping[str, Any]) -> str:
    """Return what a sentence needs as it is stored."""
    return json.dumps(body, ensure_ascii=False)
