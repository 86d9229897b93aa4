"""Keys that make a repeated request harmless: it changes nothing and answers the same.

A key belongs to the first request that used it; the same key on another request is refused.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from casework.errors import Conflict, Refused
from models.tables import IDEMPOTENCY_KEYS
from rules.proof import canonical
from rules.wording import Wording

_FIND = select(IDEMPOTENCY_KEYS.c.request, IDEMPOTENCY_KEYS.c.answer).where(
    IDEMPOTENCY_KEYS.c.key == bindparam("key")
)
_KEEP = insert(IDEMPOTENCY_KEYS)


def request_digest(request: Mapping[str, Any]) -> str:
    """Return what two requests must share to be the same one."""
    return sha256(canonical(request).encode()).hexdigest()


def recall(connection: Connection, key: str, request: str) -> dict[str, Any] | None:
    """Return the answer already given under ``key``; raise Refused if it was another request."""
    row = connection.execute(_FIND, {"key": key}).first()
    if row is None:
        return None
    if row.request != request:
        raise Refused(
            Wording("该幂等键已用于另一请求", "this idempotency key belongs to another request"),
            remedy=Wording("请换一个新的键。", "Use a new key."),
            where="key",
        )
    answer: dict[str, Any] = json.loads(row.answer)
    return answer


def keep(
    connection: Connection, key: str, request: str, answer: Mapping[str, Any], at: datetime
) -> None:
    """Keep the answer under ``key``; raise Conflict when the same request is running elsewhere."""
    row = {"key": key, "request": request, "answer": json.dumps(answer), "at": at}
    try:
        connection.execute(_KEEP, row)
    except IntegrityError as fault:
        raise Conflict(
            Wording("同一请求正在办理", "the same request is being carried out"),
            remedy=Wording("请稍候用同一个键重试。", "Try again shortly with the same key."),
            where="key",
        ) from fault
