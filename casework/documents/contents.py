"""What stands in a document: plain text in its parts, fixed when it is issued, for any format."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Self

from rules.proof import canonical
from rules.workdays import china_day


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """The parts in the order of GB/T 9704-2012, chapter 7. A text may be '', a list empty.

    ``table`` is its rows, of five texts each, the first the heading; ``signers`` are the lines to
    be signed on; ``issued_on`` is an ISO day; ``address`` is where the document is verified.
    """

    kind: str
    number: str
    issuer: str
    title: str
    addressee: str
    opening: str
    sections: tuple[Section, ...]
    table: tuple[tuple[str, ...], ...]
    signers: tuple[str, ...]
    issued_on: str
    copies: str
    receipt: str
    address: str

    @property
    def day(self) -> str:
        return chinese_day(date.fromisoformat(self.issued_on))

    @property
    def foot(self) -> str:
        """Return what the document is proven by, as one line of text."""
        return f"回执 {self.receipt}"

    def written(self) -> str:
        """Return the canonical JSON that is kept and hashed."""
        return canonical(asdict(self))

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what ``written`` gave."""
        told = json.loads(text)
        sections = tuple(
            Section(each["heading"], tuple(each["lines"])) for each in told["sections"]
        )
        table = tuple(tuple(row) for row in told["table"])
        return cls(
            **told | {"sections": sections, "table": table, "signers": tuple(told["signers"])}
        )


def digest_of(text: str) -> str:
    """Return the SHA-256 of a written content."""
    return sha256(text.encode()).hexdigest()


def chinese_day(day: date | datetime) -> str:
    """Return a day as documents write it: 2026年3月2日, without zeros (GB/T 9704-2012, 7.3.5.4)."""
    shown = china_day(day) if isinstance(day, datetime) else day
    return f"{shown.year}年{shown.month}月{shown.day}日"


def numbered(lines: list[str]) -> tuple[str, ...]:
    """Return lines counted 1. 2. 3.; a single one needs no number."""
    if len(lines) < 2:
        return tuple(lines)
    return tuple(f"{n}. {line}" for n, line in enumerate(lines, start=1))


def headed(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Return sections with their headings counted 一、二、三、 (GB/T 9704-2012, 7.3.3)."""
    return tuple(
        Section(f"{count}、{section.heading}", section.lines)
        for count, section in zip(_COUNTS, sections, strict=False)
    )


_COUNTS = "一二三四五六七八九"
