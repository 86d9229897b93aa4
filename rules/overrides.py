"""What the committee enters by hand: single days (late announcements) and the school's terms."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from rules.wording import Trouble, Wording


@dataclass(frozen=True, slots=True)
class DayOverride:
    """A day off or worked, whatever the notices say; named after its holiday or its reason."""

    day: date
    off: bool
    name: str = ""


class TermKind(StrEnum):
    TERM = "term"
    WINTER_BREAK = "winter_break"
    SUMMER_BREAK = "summer_break"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    TermKind.TERM: Wording("学期", "term"),
    TermKind.WINTER_BREAK: Wording("寒假", "winter break"),
    TermKind.SUMMER_BREAK: Wording("暑假", "summer break"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A stretch of the school year, first and last day included.

    Raises Trouble when it ends before it starts.
    """

    kind: TermKind
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            zh, en = self.kind.label.zh, self.kind.label.en
            raise Trouble(
                Wording(
                    f"{zh}的结束日 {self.end} 早于开始日 {self.start}。",
                    f"The {en} ends on {self.end}, before it starts on {self.start}.",
                ),
                remedy=Wording("请改正起止日期。", "Correct the two dates."),
                where="end",
            )

    def holds(self, day: date) -> bool:
        return self.start <= day <= self.end


def in_term(terms: Sequence[Term], day: date) -> bool:
    """Whether school is kept on ``day``, as far as the terms tell; the last one holding it decides.

    A day between two terms that none holds is a break. Before the first term and after the last
    nothing is known and the answer is yes, so that dates nobody entered silence no daily check.
    """
    holding = [term for term in terms if term.holds(day)]
    if holding:
        return holding[-1].kind is TermKind.TERM
    known = [term for term in terms if term.kind is TermKind.TERM]
    return not (any(term.end < day for term in known) and any(day < term.start for term in known))


def fingerprint(base: str, days: Sequence[DayOverride], terms: Sequence[Term]) -> str:
    """Eight hex digits that change when what was entered over the version ``base`` changes.

    The order of days does not matter, only which entry for a day came last.
    """
    entered = {each.day.isoformat(): [each.off, each.name] for each in days}
    stretches = [[term.kind.value, term.start.isoformat(), term.end.isoformat()] for term in terms]
    content = json.dumps([base, entered, stretches], sort_keys=True)
    return sha256(content.encode()).hexdigest()[:8]
