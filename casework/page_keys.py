"""Keys of pages: what the last row of a page was sorted by, as one word for an address."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from casework.errors import Invalid
from rules.wording import Wording


def write_key(parts: Sequence[Any]) -> str:
    """Return texts and numbers as a key."""
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def read_key(after: str, length: int) -> list[Any]:
    """Return so many parts of a key; raise Invalid for what is none."""
    try:
        parts = json.loads(urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (ValueError, RecursionError) as fault:
        raise bad_key() from fault
    if not isinstance(parts, list) or len(parts) != length:
        raise bad_key()
    return parts


def read_day_key(after: str) -> tuple[date, int]:
    """Return the day and the id of a key written "2026-03-05/17"; raise Invalid."""
    day, _, number = after.partition("/")
    try:
        if number.isascii() and number.isdigit() and int(number) < 2**63:
            return date.fromisoformat(day), int(number)
    except ValueError as fault:
        raise bad_key() from fault
    raise bad_key()


def read_id_key(after: str) -> int:
    """Return the id of a key that is nothing more; raise Invalid."""
    if after.isascii() and after.isdigit() and int(after) < 2**63:
        return int(after)
    raise bad_key()


def is_id(value: object) -> bool:
    """Whether a column of 64 bits may be compared with it; true is no number here."""
    return type(value) is int and 0 <= value < 2**63


def read_time(text: Any, *, is_day: bool) -> date:  # noqa: ANN401 — it came from outside
    """Return a part as a day, or as a moment in UTC; raise Invalid."""
    try:
        if is_day:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        in_utc = moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as fault:
        raise bad_key() from fault
    if moment.utcoffset() is None:
        raise bad_key()
    return in_utc


def bad_key() -> Invalid:
    """Return the fault of a page key that no page of ours gave."""
    return Invalid(
        Wording("翻页标记无效", "this page key is not one of ours"),
        remedy=Wording("请从第一页开始。", "Start from the first page."),
        where="after",
    )
