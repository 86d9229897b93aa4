"""The one line that reads the clock; everything below the doors takes time as an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 — this is the line
