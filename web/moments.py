"""Moments in an address, as a date-time picker sends them: China's clock, to the minute."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from casework.errors import Invalid
from rules.wording import Wording
from rules.workdays import CHINA, close_of, open_of


def moment_in(query: Mapping[str, str], name: str) -> datetime | None:
    """Return a moment, or the last instant of a day; None without one. Raise Invalid."""
    return _read(query, name, lambda day: close_of(day) - datetime.resolution)


def opening_in(query: Mapping[str, str], name: str) -> datetime | None:
    """Return a moment, or the first instant of a day; None without one. Raise Invalid."""
    return _read(query, name, open_of)


def picked(at: datetime | None) -> str:
    """Return what a date-time picker shows."""
    return f"{at.astimezone(CHINA):%Y-%m-%dT%H:%M}" if at else ""


def _read(
    query: Mapping[str, str], name: str, of_day: Callable[[date], datetime]
) -> datetime | None:
    text = unicodedata.normalize("NFKC", query.get(name, "")).strip()
    if not text:
        return None
    try:
        read = of_day(date.fromisoformat(text)) if _is_day(text) else _moment(text)
        return read.astimezone(UTC)  # which has no year 0
    except (ValueError, OverflowError):
        raise _no_moment(name) from None


def _is_day(text: str) -> bool:
    return "T" not in text and ":" not in text


def _moment(text: str) -> datetime:
    # A plus sign that was not escaped in an address arrives as a blank.
    read = datetime.fromisoformat(re.sub(r" (?=\d\d:\d\d$)", "+", text) if "T" in text else text)
    return read if read.utcoffset() is not None else read.replace(tzinfo=CHINA)


def _no_moment(name: str) -> Invalid:
    return Invalid(
        Wording("时刻无法识别", "it is not a moment"),
        remedy=Wording(
            "请按 2026-03-05 或 2026-03-05T18:00 填写。", "Write 2026-03-05 or 2026-03-05T18:00."
        ),
        where=name,
    )
