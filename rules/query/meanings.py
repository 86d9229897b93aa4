"""What a query means, as frozen values that print back as the text they were read from."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from rules.wording import Wording


class Sort(StrEnum):
    """How what is found is sorted; by due date only open cases have one."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"
    CLOSED = "closed"
    FOUND = "found"

    @property
    def label(self) -> Wording:
        return _SORT_LABELS[self]


_SORT_LABELS = {
    Sort.NEWEST: Wording("最新", "newest first"),
    Sort.OLDEST: Wording("最早", "oldest first"),
    Sort.DUE: Wording("时限", "what is due first"),
    Sort.CLOSED: Wording("销号", "last closed first"),
    Sort.FOUND: Wording("发现", "last found first"),
}


class Listed(StrEnum):
    """挂牌: now, at any time, never, or now of one kind."""

    NOW = "now"
    EVER = "ever"
    NEVER = "never"
    SUPERVISION = "supervision"
    GUIDANCE = "guidance"

    @property
    def label(self) -> Wording:
        return _LISTED_LABELS[self]


_LISTED_LABELS = {
    Listed.NOW: Wording("现在", "now"),
    Listed.EVER: Wording("曾经", "ever"),
    Listed.NEVER: Wording("从未", "never"),
    Listed.SUPERVISION: Wording("挂牌督办", "listed supervision"),
    Listed.GUIDANCE: Wording("挂牌督导", "listed guidance"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included; None is unbounded."""

    first: date | None
    last: date | None

    def __str__(self) -> str:
        if self.first is None or self.last is None:
            return f"{self.first or ''}..{self.last or ''}"
        if self.first == self.last:
            return str(self.first)
        for months, named in _WHOLE:
            if self == whole(self.first, months):
                return named(self.first)
        return f"{self.first}..{self.last}"


@dataclass(frozen=True, slots=True)
class Span:
    """Whole numbers from ``low`` to ``high``, both included; None is unbounded."""

    low: int | None
    high: int | None
    unit: str = ""

    def __str__(self) -> str:
        if self.low is not None and self.low == self.high:
            return f"{self.low}{self.unit}"
        if self.high is None:
            return f">={self.low}{self.unit}"
        if self.low is None:
            return f"<={self.high}{self.unit}"
        return f"{self.low}..{self.high}{self.unit}"


Meant = str | StrEnum | Period | Span | bool


@dataclass(frozen=True, slots=True)
class Value:
    """What one value means, and the column (from 1) at which it was written."""

    meant: Meant
    column: int = field(default=0, compare=False)

    def __str__(self) -> str:
        match self.meant:
            case bool():
                return "yes" if self.meant else "no"
            case StrEnum():
                return self.meant.value
            case str():
                return _quoted(self.meant) if _NEEDS_QUOTES.search(self.meant) else self.meant
            case _:
                return str(self.meant)


@dataclass(frozen=True, slots=True)
class Clause:
    """A field that must have one of these values, or, negated, none of them."""

    name: str
    values: tuple[Value, ...]
    negated: bool = False
    column: int = field(default=0, compare=False)

    def __str__(self) -> str:
        sign = "-" if self.negated else ""
        return f"{sign}{self.name}:{','.join(map(str, self.values))}"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Text that must stand somewhere in what is told of a case, or, negated, nowhere."""

    text: str
    negated: bool = False
    column: int = field(default=0, compare=False)

    def __str__(self) -> str:
        plain = not _LITERAL.search(self.text)
        return ("-" if self.negated else "") + (self.text if plain else _quoted(self.text))


@dataclass(frozen=True, slots=True)
class Query:
    """Everything must hold at once. ``sort`` None leaves the order to the door."""

    clauses: tuple[Clause, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    sort: Sort | None = None

    def __str__(self) -> str:
        parts = [*map(str, self.clauses), *map(str, self.phrases)]
        return " ".join([*parts, *([f"sort:{self.sort.value}"] if self.sort else [])])


def whole(first: date, months: int) -> Period | None:
    """Return the period of whole months that begins with ``first``, None if it cannot."""
    if first.day != 1 or (first.month - 1) % months:
        return None
    count = first.year * 12 + first.month - 1 + months
    return Period(first, date(count // 12, count % 12 + 1, 1) - timedelta(days=1))


_WHOLE: tuple[tuple[int, Callable[[date], str]], ...] = (
    (1, lambda first: f"{first:%Y-%m}"),
    (3, lambda first: f"{first.year}Q{first.month // 3 + 1}"),
    (12, lambda first: f"{first.year}"),
)
# What would end a value or a word, or be read as something else.
_NEEDS_QUOTES = re.compile(r'[\s,"]')
_LITERAL = re.compile(r'[\s":]|^-')


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
