"""What was typed on the command line, read into values; what cannot be read is a usage error."""

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from cli.troubles import Usage
from rules.wording import Wording
from rules.workdays import CHINA, close_of

Word = TypeVar("Word", bound=StrEnum)


def choice(words: type[Word], option: str) -> Callable[[str], Word]:
    """Return a reader of a word by its value or by either of its labels."""

    def read(text: str) -> Word:
        wanted = unicodedata.normalize("NFKC", text).strip()
        for word in words:
            if wanted in _names(word) or wanted.replace("-", "_") == word.value:
                return word
        raise _not_a_choice(text, words, option)

    return read


def day(option: str) -> Callable[[str | date], date]:
    """Return a reader of ``2026-03-05``, also with / or . between; a default stays as it is."""

    def read(text: str | date) -> date:
        if isinstance(text, date):
            return text
        plain = unicodedata.normalize("NFKC", text).replace("/", "-").replace(".", "-")
        try:
            year, month, number = (int(part) for part in plain.split("-"))
            return date(year, month, number)
        except ValueError as fault:
            raise Usage(
                Wording(f"“{text}”不是日期", f"{text!r} is not a date"),
                remedy=Wording("请按 2026-03-05 填写。", "Write it as 2026-03-05."),
                where=option,
            ) from fault

    return read


def moment(option: str) -> Callable[[str], datetime]:
    """Return a reader of an ISO 8601 moment; without a zone it is by China's clock."""

    def read(text: str) -> datetime:
        try:
            found = datetime.fromisoformat(text.strip())
            # Near the ends of the calendar other zones have no such moment.
            return (found if found.tzinfo else found.replace(tzinfo=CHINA)).astimezone(CHINA)
        except (ValueError, OverflowError) as fault:
            raise Usage(
                Wording(f"“{text}”不是时刻", f"{text!r} is not a moment"),
                remedy=Wording(
                    "请按 2026-03-05T09:00 填写。", "Write it as 2026-03-05T09:00 or +08:00."
                ),
                where=option,
            ) from fault

    return read


def moment_or_day(option: str) -> Callable[[str], datetime]:
    """Return a reader of a moment; a day alone is read as its last instant in China."""
    read_day, read_moment = day(option), moment(option)

    def read(text: str) -> datetime:
        plain = unicodedata.normalize("NFKC", text).strip()
        if len(plain) > len("2026-03-05") or not plain[:4].isdigit():
            return read_moment(plain)
        return close_of(read_day(plain)) - datetime.resolution

    return read


def alone(others: bool, option: str, remedy: Wording) -> None:  # noqa: FBT001 — it is asked
    """Raise Usage when ``others`` were given together with ``option``."""
    if others:
        raise Usage(
            Wording("不能与其他条件同时使用", "it stands alone"), remedy=remedy, where=option
        )


def opening(value: date) -> datetime:
    """Return the first moment of a day in China."""
    return datetime.combine(value, time(), CHINA)


def pairs(typed: Sequence[str], option: str) -> dict[str, str]:
    """Return ``field=value`` words as a dictionary; each field once."""
    found: dict[str, str] = {}
    for each in typed:
        name, equals, value = each.partition("=")
        name = name.strip().replace("-", "_")
        if not equals or not name or name in found:
            raise Usage(
                Wording(f"“{each}”应为 字段=值，每个字段一次", f"{each!r} is not one field=value"),
                remedy=Wording(
                    "例如 --set reason=重复上报。", "For example --set reason='reported twice'."
                ),
                where=option,
            )
        found[name] = value
    return found


def existing(path: Path, option: str) -> Path:
    """Return the path of a file that is there; raise NotFound."""
    if path.is_file():
        return path
    from casework.errors import NotFound  # noqa: PLC0415 — only on the way out

    raise NotFound(
        Wording(f"没有文件 {path}", f"there is no file {path}"),
        remedy=Wording("请检查路径。", "Check the path."),
        where=option,
    )


def choices(words: type[StrEnum]) -> str:
    """Return a metavar that lists the values."""
    return "|".join(word.value for word in words)


def _names(word: StrEnum) -> set[str]:
    label: Wording | None = getattr(word, "label", None)
    return {word.value, label.zh, label.en} if label else {word.value}


def _not_a_choice(text: str, words: type[StrEnum], option: str) -> Usage:
    labels = [getattr(word, "label", Wording(word.value, word.value)) for word in words]
    return Usage(
        Wording(f"“{text}”不在可选范围", f"{text!r} is not a choice"),
        remedy=Wording(
            "可填："
            + "、".join(f"{w.value}({x.zh})" for w, x in zip(words, labels, strict=True))
            + "。",
            "Choose from: " + ", ".join(word.value for word in words) + ".",
        ),
        where=option,
    )
