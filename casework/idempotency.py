"""Keys that make a repeated request harmless: it changes nothing and answers the same.

A key belongs to the first request that used it; the same key on another request is refused.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, update

from casework.errors import Refused
from casework.forms import clean
from models.tables import IDEMPOTENCY_KEYS
from rules.proof import canonical
from rules.wording import Wording

LONGEST_KEY = 80

_TAKE = text(
    "INSERT INTO idempotency_key (key, request, answer, at) VALUES (:key, :request, '', :at) "
    "ON CONFLICT (key) DO NOTHING"
).bindparams(bindparam("at", type_=IDEMPOTENCY_KEYS.c.at.type))
_FIND = select(IDEMPOTENCY_KEYS.c.request, IDEMPOTENCY_KEYS.c.answer).where(
    IDEMPOTENCY_KEYS.c.key == bindparam("of")
)
_KEEP = (
    update(IDEMPOTENCY_KEYS)
    .where(IDEMPOTENCY_KEYS.c.key == bindparam("of"))
    .values(answer=bindparam("said"))
)


def request_digest(request: Mapping[str, Any]) -> str:
    """Return what two requests must share to be the same one."""
    return sha256(canonical(request).encode()).hexdigest()


def recall(connection: Connection, key: str, request: str, at: datetime) -> dict[str, Any] | None:
    """Return the answer already given under ``key``; None when it is now this request's own.

    The key is held until the transaction ends: the same request elsewhere waits for it, and then
    answers the same. Raise Refused if it was another request, Invalid for what is no key.
    """
    key = clean(key, where="key", longest=LONGEST_KEY)
    if connection.execute(_TAKE, {"key": key, "request": request, "at": at}).rowcount == 1:
        return None
    row = connection.execute(_FIND, {"of": key}).one()
    if row.request != request:
        raise Refused(
            Wording("该幂等键已用于另一请求", "this idempotency key belongs to another request"),
            remedy=Wording("请换一个新的键。", "Use a new key."),
            where="key",
        )
    answer: dict[str, Any] = json.loads(row.answer)
    return answer


def keep(connection: Connection, key: str, answer: Mapping[str, Any]) -> None:
    """Keep the answer under ``key``, which ``recall`` has taken."""
    connection.execute(_KEEP, {"of": key.strip(), "said": json.dumps(answer)})
